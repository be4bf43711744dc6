"""What git knows of records: whoever deletes the newest ones, or chains them anew, leaves a chain that verifies.

Records are never changed and never deleted. So a record that a commit or the branch of records has, and the checkout
has otherwise or not at all, was changed or deleted; and so was one that any commit has changed or deleted, or that
somebody signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cli.core.base import git
from cli.core.base.project import RECORDS
from cli.core.records import heads
from cli.core.records.model import ApplyRecord, StackRecord
from cli.core.records.queries import CLOCK_TOLERANCE
from cli.core.records.store import Record

PROTECTED = "origin/main"
"""The branch that takes reviewed commits only, as `git fetch` left it."""

REVISIONS = {
    "HEAD": f"git restore {RECORDS}",
    PROTECTED: f"git merge {PROTECTED}",
    "origin/records": "infra records checkout",
}
"""Where records are, those that are in git, and what brings back one that is missing."""


def too_early(root: Path, records: Iterable[Record[StackRecord]]) -> str:
    """Which apply began before the commit that it was made from was there, in words; empty if none did.

    A commit that is not here says nothing.
    """
    for record in records:
        data = record.data
        if not isinstance(data, ApplyRecord) or not data.made_from.commit:
            continue
        made = git.ask(root, "show", "--no-patch", "--format=%ct", data.made_from.commit)
        if made and data.started.timestamp() < int(made) - CLOCK_TOLERANCE.total_seconds():
            return f"record {record.name} begins before its commit {data.made_from.commit[:12]} was made"
    return ""


def altered(root: Path, directory: str) -> str:
    """Which record of a directory below `records` was changed or deleted, in words; empty if none was.

    Raises `BrokenChain`.
    """
    folder = f"{RECORDS}/{directory}"
    if git.ask(root, "rev-parse", "--is-shallow-repository") != "false":
        return "git has no history here, or only a part of it, so it cannot say whether a record was deleted"
    for revision, remedy in REVISIONS.items():
        for line in git.ask(root, "ls-tree", "-r", "--full-tree", revision, f"{folder}/").splitlines():
            name, _, path = line.partition("\t")
            if not (root / path).is_file():
                return f"{path}, which {revision} has, is missing; {remedy} brings it back"
            if git.ask(root, "hash-object", "--no-filters", "--", str(root / path)) != name.split()[2]:
                return f"{path} is another one than in {revision}"
        changed = git.ask(
            root,
            *("log", "-1", "-m", "--full-history", "--no-renames", "--diff-filter=a", "--format=%h"),
            *("--name-only", revision, "--", folder),
        ).splitlines()
        if changed:
            return f"{changed[-1]} was changed or deleted by commit {changed[0]}"
    return heads.missing(root, directory)
