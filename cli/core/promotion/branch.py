"""A promotion on a git branch of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from cli.core.base import git
from cli.core.base.errors import Refusal
from cli.core.base.project import RECORDS, ROOT
from cli.core.operations.provenance import current_commit


@contextlib.contextmanager
def on_branch(name: str | None, environment: str, message: str, *, root: Path = ROOT) -> Iterator[None]:
    """Commit what is written inside on a new branch, which stays checked out; without a name commit nothing.

    When the writing fails the branch is deleted. Raises `Refusal` before anything is written if git refuses.
    """
    if name is None:
        yield
        return
    if current_commit(root).dirty:
        raise Refusal(f"--branch {name} needs a checkout without uncommitted changes; git status shows them")
    _git(root, "switch", "--create", name)
    try:
        yield
    except BaseException:  # nothing was written: leave no branch behind
        _git(root, "switch", "-")
        _git(root, "branch", "--delete", name)
        raise
    _git(root, "add", "--", f"envs/{environment}.yaml", f"{RECORDS}/promotions")
    _git(root, "commit", "--message", f"Promote to {environment}", "--message", message)


def _git(root: Path, *arguments: str) -> None:
    """Run git. Raises `Refusal` with its reason."""
    try:
        git.run(root, *arguments)
    except git.GitFailed as error:
        raise Refusal(str(error)) from None
