"""Running git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from cli.core.base.errors import InfraError


class GitFailed(InfraError):
    """git refuses; the text is its reason."""


class GitMissing(GitFailed):
    """git is not installed."""


def run(
    root: Path, *arguments: str, variables: Mapping[str, str] = MappingProxyType({})
) -> subprocess.CompletedProcess[bytes]:
    """Run git in a checkout, with ``variables`` added to the environment. Raises `GitFailed`."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **variables},
            check=False,
        )
    except FileNotFoundError:
        raise GitMissing("git is not installed") from None
    if done.returncode:
        reason = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise GitFailed(f"git {arguments[0]} failed: {reason or f'exit code {done.returncode}'}")
    return done


def ask(root: Path, *arguments: str) -> str:
    """What git prints, without the last line break; empty where git is not installed or refuses."""
    try:
        return run(root, *arguments).stdout.decode(errors="replace").rstrip("\n")
    except GitFailed:
        return ""
