"""Running git."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from cli.core.base.errors import InfraError
from cli.core.base.trace import traced_program

REGULAR_FILE = "100644"
"""git's mode of a file that is neither executable nor a symbolic link."""


_AS_RECORDED = {"GIT_NO_REPLACE_OBJECTS": "1"}
"""Objects as they are, and not what `git replace` in this checkout shows in their place."""


class GitFailed(InfraError):
    """git refuses; the text is its reason."""


class GitMissing(GitFailed):
    """git is not installed."""


def run(
    root: Path, *arguments: str, variables: Mapping[str, str] = MappingProxyType({}), content: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run git in a checkout, with ``variables`` added to the environment, and ``content`` to read.

    Raises `GitFailed`.
    """
    try:
        command = ["git", "-C", str(root), *arguments]
        with traced_program(command):
            done = subprocess.run(
                command,
                capture_output=True,
                input=content,
                env={**os.environ, **_AS_RECORDED, **variables},
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


def commit_of(root: Path, parent: str, contents: Mapping[str, bytes], message: str) -> str:
    """A commit that adds files to the tree of ``parent``, or replaces them; its id.

    ``contents`` are by path from the root. Neither index nor checkout change, and no branch. The commit is signed where
    git is configured to (`commit.gpgSign`). Raises `GitFailed`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        run(root, "read-tree", parent, variables=index)
        for path, content in contents.items():
            name = run(root, "hash-object", "-w", "--stdin", content=content).stdout.decode().strip()
            run(root, "update-index", "--add", "--cacheinfo", f"{REGULAR_FILE},{name},{path}", variables=index)
        tree = run(root, "write-tree", variables=index).stdout.decode().strip()
    sign = ["-S"] if ask(root, "config", "--type=bool", "commit.gpgSign") == "true" else []
    return run(root, "commit-tree", tree, "-p", parent, *sign, "-m", message).stdout.decode().strip()
