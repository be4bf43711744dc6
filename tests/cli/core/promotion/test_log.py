"""The log of promotions: together with the file or not at all, one at a time, and every change of it shows."""

from __future__ import annotations

import json
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.core.base.files import write_whole
from cli.core.promotion import log as module
from cli.core.promotion.log import Log
from cli.core.promotion.refusals import Running
from cli.core.records import BrokenChain
from cli.core.records.model import LogRecord
from cli.core.releases.refusals import FileMoved
from tests.support.records import PROMOTION, THAW, log_data

DATA = log_data(PROMOTION)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """An empty log."""
    return Log(tmp_path / "records" / "promotions")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An environment's file."""
    path = tmp_path / "prod.yaml"
    path.write_bytes(b"before")
    return path


def promote(log: Log, file: Path, data: LogRecord = DATA) -> None:
    """One promotion."""
    with log.held():
        log.replace(file, b"before", b"after", data)


def test_file_and_record_are_there(log: Log, file: Path) -> None:
    promote(log, file)
    assert file.read_bytes() == b"after"
    assert [each.data for each in log.records("prod")] == [DATA]
    assert log.records("dev") == ()
    assert not list(log.directory.glob("pending*"))


def test_a_file_that_was_changed_meanwhile_is_left_alone(log: Log, file: Path) -> None:
    file.write_bytes(b"by hand")
    with pytest.raises(FileMoved, match=r"prod\.yaml was changed while the promotion was worked out"):
        promote(log, file)
    assert file.read_bytes() == b"by hand"
    assert log.records() == ()


@pytest.mark.parametrize("dies_at", ["pending", "file", "record", "end"])
def test_a_run_that_is_killed_leaves_all_or_nothing(
    log: Log, file: Path, dies_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """What nobody catches."""

    write = write_whole
    steps = iter(["pending", "file"])

    def dying(path: Path, content: bytes) -> None:
        step = next(steps)
        if step == dies_at:
            raise Killed
        write(path, content)

    monkeypatch.setattr(module, "write_whole", dying)
    if dies_at == "record":
        monkeypatch.setattr(Log, "append", lambda *_: (_ for _ in ()).throw(Killed))
    if dies_at == "end":
        monkeypatch.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        promote(log, file)
    monkeypatch.undo()
    with log.held():
        pass
    is_done = dies_at in ("record", "end")
    assert file.read_bytes() == (b"after" if is_done else b"before")
    assert [each.data for each in log.records()] == ([DATA] if is_done else [])
    assert not list(log.directory.glob("pending*"))


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


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=5), min_size=2, max_size=5), st.data())
def test_every_change_of_a_record_names_it(reasons: list[str], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as directory:
        log = Log(Path(directory))
        for reason in reasons:
            log.append(log_data(THAW, reason=reason))
        files = sorted(Path(directory).glob("0*.json"))
        victim = data.draw(st.sampled_from(files))
        match data.draw(st.sampled_from(["edit", "remove", "swap"])):
            case "edit":
                document = json.loads(victim.read_bytes())
                document["data"]["forged"] = True
                victim.write_text(json.dumps(document))
                named = victim.name
            case "remove":
                if victim == files[-1]:  # git shows that; the chain cannot
                    return
                victim.unlink()
                named = files[files.index(victim) + 1].name
            case _:
                other = files[0] if victim != files[0] else files[1]
                one, two = victim.read_bytes(), other.read_bytes()
                victim.write_bytes(two)
                other.write_bytes(one)
                named = min(victim.name, other.name)
        with pytest.raises(BrokenChain, match=named):
            log.records()
