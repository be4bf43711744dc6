"""terraform's dependency lock file: which version of each provider, with its hashes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from cli.core.base.errors import Refusal
from cli.core.base.project import ROOT
from cli.core.terraform.binary import VARIABLE, Program

LOCK_FILE = ".terraform.lock.hcl"
"""Its name, in the directory where terraform runs."""

COMMITTED = ROOT / LOCK_FILE
"""The one that `infra lock` writes, for every platform, and that is kept in the repository."""

_REGISTRIES: Mapping[str, str] = {"terraform": "registry.terraform.io", "tofu": "registry.opentofu.org"}
"""Where each program takes a provider from whose source names no host, as ours: `hashicorp/aws`."""

_PROVIDER = re.compile(r'^provider "[^"/]+/([^"]+)" \{\n +version += "([^"]+)"', re.MULTILINE)


class LockOfOtherProgram(Refusal, kind="lock-of-other-program"):
    """The lock file has the providers of another registry than that of the program."""


def require_own(directory: Path, program: Program) -> None:
    """Raise `LockOfOtherProgram` where the lock file of a directory locks nothing for a program.

    Without a word OpenTofu takes the versions that Terraform locked, and none of the hashes (OpenTofu,
    `Locks.UpgradeFromPredecessorProject`), so that it would run any package of that version. Terraform takes nothing.
    """
    text = (directory / LOCK_FILE).read_text(encoding="utf-8")
    hosts = set(re.findall(r'^provider "([^"/]+)/', text, re.MULTILINE))
    own = _REGISTRIES[program.name]
    others = sorted(hosts.intersection(_REGISTRIES.values()) - {own})
    if others and own not in hosts:
        raise LockOfOtherProgram(
            f"{LOCK_FILE} locks the provider of {others[0]}, and {program} takes its own from {own}, so nothing that "
            f"is locked holds for it: run infra lock with {program.name} and commit the file, or name the other "
            f"program in {VARIABLE}"
        )


def providers(directory: Path) -> Mapping[str, str]:
    """The version of each provider in a directory's lock file, by name such as `hashicorp/aws`."""
    try:
        text = (directory / LOCK_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:  # nothing but built-in providers
        return {}
    return dict(sorted(_PROVIDER.findall(text)))
