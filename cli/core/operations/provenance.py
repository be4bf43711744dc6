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
from cli.core.base.sources import FILES, FOLDERS
from cli.core.base.target import Target
from cli.core.gate.model import Outcome, TargetResult
from cli.core.records import queries
from cli.core.records.model import Operator
from cli.core.terraform.lockfile import LOCK_FILE
from cli.core.workspace.workspace import records_of
from envs.environment_files import environment_files
from envs.settings import Settings

POLICIES = ROOT / "policies"


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit that the checkout is at."""

    id: str
    """Empty outside of a git repository."""
    dirty: bool
    """Whether there are uncommitted changes, in code that git is told to overlook too; records of environments do not
    count, those of promotions do."""

    def __str__(self) -> str:
        return f"{self.id[:12] or 'no commit'}{' with changes' if self.dirty else ''}"


def current_commit(root: Path = ROOT) -> Commit:
    """The commit that the checkout is at."""
    head = git.ask(root, "rev-parse", "HEAD")
    records = (f":(exclude){RECORDS}/{path.stem}" for path in environment_files(root / "envs"))
    status = git.ask(root, "status", "--porcelain", "--untracked-files=all", "--", ".", *records) if head else ""
    return Commit(head, bool(status) or (bool(head) and _is_overlooked(root)))


def _is_overlooked(root: Path) -> bool:
    """Whether code differs from the commit without `git status` showing it: a file that is ignored, be it for this user
    alone, or one that is marked as unchanged (`git update-index --assume-unchanged`, `--skip-worktree`)."""
    places = (*FILES, LOCK_FILE, *(f"{folder}/" for folder in (*FOLDERS, "cli", "policies")))
    listed = git.ask(root, "ls-tree", "-r", "-z", "--full-tree", "HEAD", *places).split("\0")
    committed = {path: entry.split()[2] for entry, _, path in (line.partition("\t") for line in listed if line)}
    suffixes = {suffix for path in committed if (suffix := Path(path).suffix)}
    found = (path for place in places for path in (root / place, *(root / place).rglob("*")))
    files = sorted(
        name
        for path in found
        if path.is_file() and "__pycache__" not in path.parts
        if (name := path.relative_to(root).as_posix()) in committed or path.suffix in suffixes
    )
    if set(files) != set(committed):
        return True
    names = git.run(root, "hash-object", "--no-filters", "--stdin-paths", content="\n".join(files).encode())
    return names.stdout.decode().split() != [committed[path] for path in files]


def applied_commit(environment: str) -> str:
    """The commit of the last apply of an environment to AWS; empty where there is none, or git does not have it."""
    return known_commit(queries.applied_commit(records_of(environment, Target.AWS).read(), environment))


def known_commit(commit: str) -> str:
    """A commit, if git has it here; else empty."""
    return commit if commit and git.ask(ROOT, "cat-file", "-t", commit) == "commit" else ""


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
