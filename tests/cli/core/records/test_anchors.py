"""Records that were changed or deleted, so that the chain verifies all the same: git knows."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.core.records.anchors import altered, too_early
from cli.core.records.chain import Chain
from tests.support.programs import git
from tests.support.records import APPLY, applied


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with two records of dev in a commit."""
    git(tmp_path, "init", "-q")
    for key, value in (("user.name", "Ann"), ("user.email", "ann@meals.example")):
        git(tmp_path, "config", key, value)
    for text in ("first", "second"):
        record(tmp_path, text)
    commit(tmp_path)
    return tmp_path


def record(root: Path, text: str) -> str:
    """Add a record to those of dev; its path."""
    return f"records/dev/{Chain(root / 'records' / 'dev').append({'text': text}).name}"


def last(root: Path) -> str:
    """The path of the second record."""
    return f"records/dev/{Chain(root / 'records' / 'dev').read()[1].name}"


def commit(root: Path) -> str:
    git(root, "add", "--all")
    git(root, "commit", "-qm", "Records")
    return git(root, "rev-parse", "--short", "HEAD").strip()


def rechain(root: Path) -> None:
    """Put other records in the place of the present ones."""
    for path in (root / "records" / "dev").iterdir():
        path.unlink()
    for text in ("first", "forged"):
        record(root, text)


def delete(root: Path) -> None:
    (root / last(root)).unlink()


def test_no_apply_begins_before_its_commit(root: Path) -> None:
    commit_id = git(root, "rev-parse", "HEAD").strip()
    made = datetime.datetime.fromtimestamp(int(git(root, "show", "-s", "--format=%ct")), datetime.UTC)
    earlier = made - datetime.timedelta(minutes=6)
    made_from = {**APPLY["made_from"], "commit": commit_id}
    assert too_early(root, [applied(1, made_from=made_from, started=made), applied(2, started=earlier)]) == ""
    assert too_early(root, [applied(3, made_from=made_from, started=earlier)]) == (
        f"record 3-digest-3 begins before its commit {commit_id[:12]} was made"
    )


def test_records_that_are_added_are_not_altered(root: Path) -> None:
    record(root, "third")
    assert altered(root, "dev") == ""
    commit(root)
    assert altered(root, "dev") == ""
    assert altered(root, "prod") == ""


@pytest.mark.parametrize("attack", [delete, rechain])
def test_the_newest_records_are_not_taken_away(root: Path, attack: Callable[[Path], None]) -> None:
    path = last(root)
    attack(root)
    Chain(root / "records" / "dev").read()  # it verifies
    assert altered(root, "dev") == f"{path}, which HEAD has, is missing; git restore records brings it back"
    commit_id = commit(root)
    assert altered(root, "dev") == f"{path} was changed or deleted by commit {commit_id}"


def test_a_record_that_is_renamed_or_replaced_by_a_link_is_found(root: Path) -> None:
    path = last(root)
    git(root, "mv", path, "records/dev/old.json")
    renamed = commit(root)
    assert altered(root, "dev") == f"{path} was changed or deleted by commit {renamed}"
    git(root, "revert", "--no-edit", "-n", "HEAD")
    commit(root)
    (root / path).unlink()
    (root / path).symlink_to("other.json")
    commit(root)
    assert altered(root, "dev") == f"{path}, which HEAD has, is missing; git restore records brings it back"
    (root / path).unlink()
    (root / path).write_text("{}")
    forged = commit(root)
    assert altered(root, "dev") == f"{path} was changed or deleted by commit {forged}"


def test_a_checkout_older_than_main_lacks_records(root: Path) -> None:
    path = record(root, "third")
    commit(root)
    git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(root, "switch", "-q", "--detach", "HEAD~1")
    assert altered(root, "dev") == f"{path}, which origin/main has, is missing; git merge origin/main brings it back"


def test_the_branch_of_records_counts_too(root: Path) -> None:
    first = f"records/dev/{Chain(root / 'records' / 'dev').read()[0].name}"
    git(root, "update-ref", "refs/remotes/origin/records", "HEAD")
    git(root, "switch", "-q", "--orphan", "other")
    assert (
        altered(root, "dev") == f"{first}, which origin/records has, is missing; infra records checkout brings it back"
    )


def test_a_deletion_inside_of_a_merge_is_found(root: Path) -> None:
    git(root, "switch", "-q", "-c", "side")
    (root / "other").touch()
    commit(root)
    git(root, "switch", "-q", "-")
    (root / "another").touch()
    commit(root)
    git(root, "merge", "-q", "--no-commit", "side")
    path = last(root)
    delete(root)
    merge = commit(root)
    assert altered(root, "dev") == f"{path} was changed or deleted by commit {merge}"


def test_without_the_history_of_git_nothing_is_known(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    shallow = tmp_path_factory.mktemp("shallow") / "clone"
    git(root, "clone", "-q", "--depth", "1", root.as_uri(), str(shallow))
    assert altered(shallow, "dev").startswith("git has no history here")
    assert altered(shallow.parent, "dev").startswith("git has no history here")
