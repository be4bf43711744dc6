"""The log of promotions: together with the file or not at all, one at a time, and every change of it shows."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.core.base.digests import bytes_digest, short_id
from cli.core.records import BrokenChain
from cli.core.records.model import LogRecord
from cli.core.releases.log import FileEdit, Log
from cli.core.releases.refusals import BranchRefused, FileMoved, Running
from tests.support.helpers import ROOT
from tests.support.programs import git
from tests.support.records import PROMOTION, THAW, log_data

DATA = log_data(PROMOTION)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """An empty log."""
    return Log(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An environment's file."""
    path = tmp_path / "envs" / "prod.yaml"
    path.parent.mkdir()
    path.write_bytes(b"before")
    return path


def promote(log: Log, file: Path, data: LogRecord = DATA) -> None:
    """One promotion."""
    with log.held():
        log.replace(FileEdit(file, b"before", b"after"), data)


def test_file_and_record_are_there(log: Log, file: Path) -> None:
    promote(log, file)
    assert file.read_bytes() == b"after"
    assert [each.data for each in log.records("prod")] == [DATA]
    assert log.records("dev") == ()
    assert not list(log.directory.glob("pending*"))


def test_a_file_that_was_changed_meanwhile_is_left_alone(log: Log, file: Path) -> None:
    file.write_bytes(b"by hand")
    with pytest.raises(FileMoved, match=r"prod\.yaml was changed meanwhile"):
        promote(log, file)
    assert file.read_bytes() == b"by hand"
    assert log.records() == ()


class Killed(BaseException):
    """What nobody catches."""


class Mortal:
    """Lets some file operations through; from the next one on the process is dead, cleaning up included."""

    OPERATIONS = ("replace", "link", "unlink", "fsync", "mkdir", "open")

    def __init__(self, patch: pytest.MonkeyPatch, left: int) -> None:
        self.left = left
        for name in self.OPERATIONS:
            patch.setattr(os, name, self.mortal(getattr(os, name)))

    def mortal(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        """The operation, while there is life."""

        def done(*arguments: Any, **options: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise Killed
            return operation(*arguments, **options)

        return done


def read(log: Log) -> None:
    """What infra plan, apply, status and promotions do with the log, and promote before it says "already there"."""
    log.records()


def hold(log: Log) -> None:
    """What the next promotion, rollback, freeze or thaw does first."""
    with log.held():
        pass


@pytest.mark.parametrize("following", [read, hold])
def test_a_run_killed_at_any_write_is_finished_or_undone_by_the_next(
    tmp_path: Path, following: Callable[[Log], None]
) -> None:
    outcomes = set()
    for left in range(100):
        root = tmp_path / str(left)
        log, path = Log(root), root / "envs" / "prod.yaml"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"before")
        with pytest.MonkeyPatch.context() as patch:
            Mortal(patch, left)
            try:
                promote(log, path)
            except Killed:
                is_over = False
            else:
                is_over = True
        was_done = path.read_bytes() == b"after"
        following(log)
        assert path.read_bytes() == (b"after" if was_done else b"before"), "the next one does not touch the file"
        assert [each.data for each in log.records()] == ([DATA] if was_done else [])
        assert not (log.directory / "pending.json").exists()
        outcomes.add(was_done)
        if is_over:
            break
    assert is_over
    assert outcomes == {False, True}
    assert left > 12, "every operation was one at which it was killed"


def test_the_one_that_finishes_may_be_killed_too(log: Log, file: Path) -> None:
    pending = {"file": str(file), "before": bytes_digest(b"before"), "after": bytes_digest(b"after")}
    for left in range(100):
        shutil.rmtree(log.directory, ignore_errors=True)
        log.directory.mkdir(parents=True)
        (log.directory / "pending.json").write_text(json.dumps({**pending, "data": DATA.model_dump(mode="json")}))
        file.write_bytes(b"after")
        with pytest.MonkeyPatch.context() as patch, contextlib.suppress(Killed):
            Mortal(patch, left)
            hold(log)
            break
        assert [each.data for each in log.records()] == [DATA]
    assert left > 6
    assert [each.data for each in log.records()] == [DATA]


def test_while_a_promotion_runs_the_log_is_read_and_left_alone(log: Log) -> None:
    with log.held():
        pending = log.directory / "pending.json"
        pending.write_text("{}")
        assert log.records() == ()
        assert pending.exists()


@pytest.fixture
def checkout(log: Log, file: Path) -> Path:
    """A repository with one environment."""
    root = log.root
    git(root, "init", "-q", "-b", "main")
    for key, value in (("user.name", "Alice"), ("user.email", "alice@meals.example"), ("commit.gpgSign", "false")):
        git(root, "config", key, value)
    shutil.copy(ROOT / ".gitignore", root)
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    assert file.read_bytes() == b"before"
    return root


def commit(log: Log) -> None:
    """One promotion, on a branch."""
    with log.held():
        edit = FileEdit(log.root / "envs" / "prod.yaml", b"before", b"after")
        log.commit("release", edit, DATA, message="Promote to prod\n\nthe report")


def test_file_and_record_are_committed_and_nothing_else(log: Log, checkout: Path) -> None:
    commit(log)
    assert git(checkout, "branch", "--show-current") == "release\n"
    (record,) = log.records()
    assert git(checkout, "show", "--name-only", "--format=%an%n%s%n%b") == (
        "Alice\nPromote to prod\nthe report\n\n\nenvs/prod.yaml\n"
        f"records/promotions/000001-{short_id(record.digest)}.json\n"
    )
    assert git(checkout, "status", "--porcelain") == ""
    assert (record.data, (checkout / "envs" / "prod.yaml").read_bytes()) == (DATA, b"after")


@pytest.mark.parametrize("step", ["commit-tree", "branch", "switch"])
def test_a_branch_has_all_or_is_not_there(log: Log, checkout: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from cli.core.base import git as module

    run = module.run

    def dying(root: Path, *arguments: str, **options: Any) -> Any:
        if arguments[0] == step:
            raise Killed
        return run(root, *arguments, **options)

    monkeypatch.setattr(module, "run", dying)
    with pytest.raises(Killed):
        commit(log)
    monkeypatch.undo()
    is_there = step == "switch"
    assert git(checkout, "branch", "--format=%(refname:short)") == ("main\nrelease\n" if is_there else "main\n")
    assert git(checkout, "status", "--porcelain") == ""
    assert log.records() == ()
    if is_there:
        git(checkout, "switch", "-q", "release")
    else:
        commit(log)
    assert [each.data for each in log.records()] == [DATA]


def by_hand(checkout: Path) -> None:
    (checkout / "envs" / "prod.yaml").write_text("by hand")


def same_branch(checkout: Path) -> None:
    git(checkout, "branch", "release")


@pytest.mark.parametrize(
    ("obstacle", "why"),
    [
        (by_hand, "needs a checkout without uncommitted changes"),
        (same_branch, "a branch named 'release' already exists"),
    ],
)
def test_a_branch_that_git_refuses(log: Log, checkout: Path, obstacle: Callable[[Path], None], why: str) -> None:
    obstacle(checkout)
    before = (checkout / "envs" / "prod.yaml").read_bytes()
    with pytest.raises(BranchRefused, match=why):
        commit(log)
    assert git(checkout, "branch", "--show-current") == "main\n"
    assert (checkout / "envs" / "prod.yaml").read_bytes() == before
    assert log.records() == ()


def test_of_two_at_once_one_says_that_the_other_runs(log: Log) -> None:
    inside, done = threading.Event(), threading.Event()

    def hold() -> None:
        with log.held():
            inside.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(10)
    try:
        with pytest.raises(Running, match="another promotion is under way"), log.held():
            pass
    finally:
        done.set()
        thread.join()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=5), min_size=2, max_size=5), st.data())
def test_every_change_of_a_record_names_it(reasons: list[str], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as directory:
        log = Log(Path(directory))
        for reason in reasons:
            log.append(log_data(THAW, reason=reason))
        files = sorted(log.directory.glob("0*.json"))
        victim = data.draw(st.sampled_from(files))
        named = victim.stem.replace("-", r" \(").lstrip("0")  # as in "record 2 (3f2a9c41d07b)"
        match data.draw(st.sampled_from(["edit", "remove", "swap"])):
            case "edit":
                document = json.loads(victim.read_bytes())
                document["data"]["forged"] = True
                victim.write_text(json.dumps(document))
                named = victim.name
            case "remove":
                if victim == files[-1]:  # git shows that, and a signed head; the chain cannot
                    return
                victim.unlink()
            case _:
                other = files[0] if victim != files[0] else files[1]
                one, two = victim.read_bytes(), other.read_bytes()
                victim.write_bytes(two)
                other.write_bytes(one)
                named = f"{min(victim.name, other.name)}: is record"
        with pytest.raises(BrokenChain, match=named):
            log.records()
