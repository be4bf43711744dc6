"""What a plan is made from and by whom: commit, operator, and digests of settings and policies."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.core.base import git
from cli.core.base.digests import file_digest, json_digest
from cli.core.base.project import RECORDS, ROOT
from cli.core.gate.model import Outcome, TargetResult
from cli.core.records.model import Operator
from envs.settings import Settings

POLICIES = ROOT / "policies"


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit that the checkout is at."""

    id: str
    """Empty outside of a git repository."""
    dirty: bool
    """Whether there are uncommitted changes; the records of environments do not count, those of promotions do."""

    def __str__(self) -> str:
        return f"{self.id[:12] or 'no commit'}{' with changes' if self.dirty else ''}"


def current_commit(root: Path = ROOT) -> Commit:
    """The commit that the checkout is at."""
    head = git.ask(root, "rev-parse", "HEAD")
    records = (f":(exclude){RECORDS}/{path.stem}" for path in (root / "envs").glob("*.yaml"))
    status = git.ask(root, "status", "--porcelain", "--untracked-files=all", "--", ".", *records) if head else ""
    return Commit(head, bool(status))


def operator(root: Path = ROOT, variables: Mapping[str, str] = os.environ) -> Operator:
    """Who runs the command; in GitHub Actions who started the run, and the run instead of a machine.

    Source: GitHub documentation, "Default environment variables".
    """
    if variables.get("GITHUB_ACTIONS") == "true":
        run = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}/attempts/{GITHUB_RUN_ATTEMPT}"
        return Operator(user=variables["GITHUB_TRIGGERING_ACTOR"], host=run.format_map(variables), git="")
    name, email = (git.ask(root, "config", f"user.{key}") for key in ("name", "email"))
    identity = f"{name} <{email}>" if email else name
    return Operator(user=_user(), host=socket.gethostname(), git=identity.strip())


def settings_digest(settings: Settings) -> str:
    """The digest of an environment's settings, defaults included."""
    return json_digest(settings.model_dump(mode="json"))


def policies_digest(outcome: Outcome, result: TargetResult) -> str:
    """The digest of the rules, checkov's version, and the suppressions that are in force."""
    files = {
        path.relative_to(POLICIES).as_posix(): file_digest(path)
        for path in sorted(POLICIES.rglob("*"))
        if path.is_file() and path.suffix in (".py", ".yaml", ".json")
    }
    suppressed = sorted(
        [each.rule.id, each.at.address, each.reason, str(each.owner), str(each.expires)] for each in result.suppressed
    )
    return json_digest({"checkov": outcome.checkov, "rules": files, "suppressed": suppressed})


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"
