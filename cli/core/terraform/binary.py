"""Which program plans and applies: terraform or tofu."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from cli.core.base.errors import ExitCode, InfraError

OLDEST: Mapping[str, tuple[int, int]] = {"terraform": (1, 11), "tofu": (1, 10)}
"""First versions whose S3 backend locks by itself (`use_lockfile`), from their change logs; in order of preference."""

VARIABLE = "INFRA_TERRAFORM"
"""Environment variable that names the program where both are there, or where it is not on PATH."""

ENCRYPTION = "TF_ENCRYPTION"
"""OpenTofu's variable for the encryption of states and plans ("State and Plan Encryption"). Terraform ignores it."""

INSTALL = "install Terraform 1.11 or later, or OpenTofu 1.10 or later, and put it on PATH"


class TerraformMissing(InfraError, exit_code=ExitCode.MISSING):
    """terraform is not installed, or cannot be used."""


class TerraformUnusable(TerraformMissing):
    """terraform does not run, or is too old."""


class StateUnencrypted(TerraformMissing):
    """terraform would write in plain text what is to be encrypted."""


@dataclass(frozen=True, slots=True)
class Program:
    """A terraform or tofu that runs."""

    path: str
    name: str
    """`terraform` or `tofu`."""
    version: str
    """Such as `1.11.4`."""

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def find(variables: Mapping[str, str]) -> Program:
    """The program that ``INFRA_TERRAFORM`` names, else terraform, else tofu. Raises `TerraformMissing`, in one line."""
    named = variables.get(VARIABLE)
    for candidate in [named] if named else OLDEST:
        path = shutil.which(candidate, path=variables.get("PATH"))
        if path is not None:
            program = _program(path)
            if program.name != "tofu" and variables.get(ENCRYPTION):
                raise StateUnencrypted(
                    f"{ENCRYPTION} is set, and {program} would write states and plans unencrypted: unset it, or name "
                    f"tofu in {VARIABLE}"
                )
            return program
    if named:
        raise TerraformMissing(f"{VARIABLE} names {named}, and there is no such program; unset it or name another")
    raise TerraformMissing(f"neither terraform nor tofu is on PATH: {INSTALL}")


def _program(path: str) -> Program:
    """The program at a path, by the version that it prints."""
    try:
        done = subprocess.run([path, "version"], capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        raise TerraformUnusable(f"{path} does not run: {INSTALL}") from None
    match = re.match(r"(Terraform|OpenTofu) v((\d+)\.(\d+)\.\S+)", done.stdout)
    if done.returncode or match is None:
        raise TerraformUnusable(f"{path} does not run: {INSTALL}")
    name = {"Terraform": "terraform", "OpenTofu": "tofu"}[match[1]]
    if (int(match[3]), int(match[4])) < OLDEST[name]:
        raise TerraformUnusable(f"{path} is {match[2]}, too old to lock the state: {INSTALL}")
    return Program(path, name, match[2])
