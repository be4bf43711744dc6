"""What a plan is made from, as digests that can be compared later."""

from __future__ import annotations

import getpass
import hashlib
import re
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.core.base.project import ROOT
from cli.core.gate.model import Checked, Outcome
from cli.core.plans.model import digest
from cli.core.terraform.cli import LOCK_FILE
from cli.core.workspace.workspace import RECORDS
from envs.settings import Settings

POLICIES = ROOT / "policies"


@dataclass(frozen=True, slots=True)
class Commit:
    """Where the checkout stands."""

    id: str
    """Empty outside of a git repository."""
    dirty: bool
    """Whether there are changes that are not committed; those to the records do not count."""

    def __str__(self) -> str:
        return f"{self.id[:12] or 'no commit'}{' with changes' if self.dirty else ''}"


def commit(root: Path = ROOT) -> Commit:
    """Where the checkout stands."""
    head = _git(root, "rev-parse", "HEAD")
    if head is None:
        return Commit("", False)
    status = _git(root, "status", "--porcelain", "--", ".", f":(exclude){RECORDS}")
    return Commit(head.strip(), bool(status and status.strip()))


def who(root: Path = ROOT) -> Mapping[str, str]:
    """Who runs this: user and machine, and git's idea of him."""
    name, email = (_git(root, "config", f"user.{key}") for key in ("name", "email"))
    git = " ".join(text for text in ((name or "").strip(), f"<{email.strip()}>" if email else "") if text)
    return {"user": _user(), "host": socket.gethostname(), "git": git}


def settings_digest(settings: Settings) -> str:
    """Of everything that an environment's file says, defaults included."""
    return digest(settings.model_dump(mode="json"))


def policies_digest(outcome: Outcome, checked: Checked) -> str:
    """Of the rules, of checkov's version, and of the suppressions that were honoured."""
    files = {
        path.relative_to(POLICIES).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(POLICIES.rglob("*"))
        if path.is_file() and path.suffix in (".py", ".yaml", ".json")
    }
    suppressed = sorted(
        [each.rule.id, each.at.address, each.reason, str(each.owner), str(each.expires)] for each in checked.suppressed
    )
    return digest({"checkov": outcome.checkov, "rules": files, "suppressed": suppressed})


def providers(directory: Path) -> Mapping[str, str]:
    """Version of each provider that terraform chose, by name; from its dependency lock file."""
    try:
        text = (directory / LOCK_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:  # nothing but built-in providers
        return {}
    found = re.findall(r'^provider "[^"/]+/([^"]+)" \{\n +version += "([^"]+)"', text, re.MULTILINE)
    return dict(sorted(found))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"


def _git(root: Path, *arguments: str) -> str | None:
    """What git prints; None when there is no git, no repository, or nothing to say."""
    path = shutil.which("git")
    if path is None:
        return None
    done = subprocess.run(
        [path, "-C", str(root), *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    return done.stdout if done.returncode == 0 else None
