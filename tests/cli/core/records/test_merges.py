"""Branches that add records, merged by git itself: nothing conflicts, and nothing is forgotten."""

from __future__ import annotations

import datetime
import itertools
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.core.base.target import Target
from cli.core.operations.admission import objections
from cli.core.records.anchors import altered
from cli.core.records.model import LogRecord, ReleaseData
from cli.core.records.queries import freezes_in_force, last_promotions
from cli.core.releases.log import FileEdit, Log
from tests.support.programs import git
from tests.support.records import AT, FREEZE, PROMOTION, THAW, log_data

NOW = AT + datetime.timedelta(hours=1)
FILE = "release:\n  ami: one\n\n  # of the application\n\n  application_version: one\n"
BRANCHES = ("here", "there")
Change = Callable[[Path], None]
MINUTES = itertools.count(1)


def release(name: str) -> dict[str, Any]:
    """A release."""
    return {"id": name, "values": {"application_version": name}, "made_with": {}}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with two environments; release r0 was promoted to each."""
    git(tmp_path, "init", "-q", "-b", "main")
    for key, value in (("user.name", "Ann"), ("user.email", "ann@meals.example"), ("commit.gpgSign", "false")):
        git(tmp_path, "config", key, value)
    (tmp_path / "envs").mkdir()
    for name in ("staging", "prod"):
        (tmp_path / "envs" / f"{name}.yaml").write_text(FILE)
        promote(name, "r0")(tmp_path)
    commit(tmp_path)
    return tmp_path


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "-qm", "Change")


def added(root: Path, data: LogRecord) -> None:
    with Log(root).held():
        Log(root).append(data)


def promote(environment: str, release_id: str, key: str = "application_version") -> Change:
    """A promotion that writes a value of the release."""

    def done(root: Path) -> None:
        path = root / "envs" / f"{environment}.yaml"
        data = log_data(PROMOTION, environment=environment, release=release(release_id), at=later())
        after = re.sub(rf"{key}: .*", f"{key}: {release_id}", path.read_text()).encode()
        with Log(root).held():
            Log(root).replace(FileEdit(path, path.read_bytes(), after), data)

    return done


def freeze(root: Path) -> None:
    added(root, log_data(FREEZE, at=later()))


def thaw(root: Path) -> None:
    added(root, log_data(THAW, at=later()))


def later() -> datetime.datetime:
    """A time after those of all records before."""
    return AT + datetime.timedelta(seconds=next(MINUTES))


def merged(root: Path, *changes: Change) -> Iterator[Log]:
    """The log after git has merged two branches, in both orders."""
    for name, change in zip(BRANCHES, changes, strict=True):
        git(root, "switch", "-q", "-C", name, "main")
        change(root)
        commit(root)
    for into, other in (BRANCHES, reversed(BRANCHES)):
        git(root, "switch", "-q", "-C", "merged", into)
        git(root, "merge", "-q", "--no-edit", other)
        assert altered(root, "promotions") == ""
        yield Log(root)


def against(log: Log, release_id: str, environment: str = "prod") -> list[str]:
    """What stands against an apply of a release."""
    current = ReleaseData.model_validate(release(release_id))
    return [each.condition for each in objections(environment, current, log.records(), applied=[], now=NOW)]


def test_two_promotions_of_different_environments_both_hold(root: Path) -> None:
    for log in merged(root, promote("staging", "r1"), promote("prod", "r2")):
        assert against(log, "r1", "staging") == []
        assert against(log, "r2", "prod") == []
        assert against(log, "r0", "prod") == ["promotion"]


def test_a_freeze_holds_against_a_promotion_of_another_branch(root: Path) -> None:
    for log in merged(root, freeze, promote("prod", "r1")):
        assert against(log, "r1") == ["freeze"]
        assert against(log, "r0", "staging") == []
        thaw(log.root)
        assert against(log, "r1") == []
        git(root, "clean", "-qfd")


def test_a_freeze_holds_against_a_thaw_that_has_not_seen_it(root: Path) -> None:
    freeze(root)
    commit(root)
    for log in merged(root, freeze, thaw):
        assert len(freezes_in_force(log.records(), "prod", NOW)) == 1
        assert against(log, "r0") == ["freeze"]
        thaw(log.root)
        assert freezes_in_force(log.records(), "prod", NOW) == ()
        git(root, "clean", "-qfd")


def test_of_two_promotions_of_one_environment_one_has_to_lose(root: Path) -> None:
    """git merges the file, since the two have changed other lines: what comes out was never promoted."""
    for log in merged(root, promote("prod", "r1", "ami"), promote("prod", "r2")):
        found = {record.data.release.id for record in last_promotions(log.records(), "prod", Target.AWS)}
        assert found == {"r1", "r2"}
        for each in ("r0", "r1", "r2", "r3"):
            assert against(log, each) == ["promotion"]
        promote("prod", "r2")(log.root)
        assert against(log, "r2") == []
        assert against(log, "r1") == ["promotion"]
        git(root, "restore", ".")
        git(root, "clean", "-qfd")


def test_two_promotions_of_the_same_values_conflict_in_git(root: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        list(merged(root, promote("prod", "r1"), promote("prod", "r2")))
    assert git(root, "diff", "--name-only", "--diff-filter=U") == "envs/prod.yaml\n", "the file, and no record"


def test_a_promotion_that_is_rebased_keeps_its_record(root: Path) -> None:
    git(root, "switch", "-q", "-c", "here")
    promote("prod", "r1")(root)
    commit(root)
    git(root, "switch", "-q", "main")
    freeze(root)
    commit(root)
    git(root, "switch", "-q", "here")
    git(root, "rebase", "-q", "main")
    assert against(Log(root), "r1") == ["freeze"]
    assert altered(root, "promotions") == ""


def test_a_freeze_that_was_fetched_and_not_merged_is_missed(root: Path) -> None:
    """An apply on AWS and a promotion refuse a log that lacks a record of main."""
    git(root, "switch", "-q", "-c", "here")
    git(root, "switch", "-q", "main")
    freeze(root)
    commit(root)
    git(root, "update-ref", "refs/remotes/origin/main", "main")
    git(root, "switch", "-q", "here")
    assert "which origin/main has, is missing; git merge origin/main brings it back" in altered(root, "promotions")
    git(root, "merge", "-q", "origin/main")
    assert altered(root, "promotions") == ""
    assert against(Log(root), "r0") == ["freeze"]
