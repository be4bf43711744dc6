"""The chain of records: whatever happens to it afterwards shows."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.core.records import BrokenChain
from cli.core.records.chain import Chain

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
DATA = st.dictionaries(st.text(), VALUES, max_size=4)


@settings(max_examples=60, deadline=None)
@given(records=st.lists(DATA, min_size=1, max_size=5))
def test_what_was_appended_is_read_again(records: list[Mapping[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        chain = Chain(Path(directory) / "records")
        appended = tuple(chain.append(data) for data in records)
        assert chain.read() == appended
        assert [each.data for each in appended] == records
        assert [each.sequence for each in appended] == list(range(1, len(records) + 1))
        assert [each.previous for each in appended] == ["", *(each.digest for each in appended[:-1])]


@settings(max_examples=100, deadline=None)
@given(records=st.lists(DATA, min_size=2, max_size=5), data=st.data())
def test_any_change_shows(records: list[Mapping[str, Any]], data: st.DataObject) -> None:
    """Another value in any field, a record taken out, two exchanged, one put in again."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        chain = Chain(directory)
        for each in records:
            chain.append(each)
        files = sorted(directory.iterdir())
        at = data.draw(st.integers(0, len(files) - 1))
        match data.draw(st.sampled_from(["data", "previous", "sequence", "digest", "remove", "exchange", "extra"])):
            case "remove":
                if at == len(files) - 1:
                    return  # what the chain cannot show, see its documentation
                files[at].unlink()
            case "exchange":
                other = files[at - 1]
                one, two = files[at].read_bytes(), other.read_bytes()
                if one == two:
                    return
                files[at].write_bytes(two)
                other.write_bytes(one)
            case "extra":
                shutil.copy(files[at], directory / f"{len(files) + 1:06}.json")
            case field:
                document = json.loads(files[at].read_bytes())
                new = {"data": {"other": document["data"]}, "sequence": document["sequence"] + 1}.get(field, "0" * 64)
                files[at].write_text(json.dumps(document | {field: new}))
        with pytest.raises(BrokenChain):
            chain.read()
        with pytest.raises(BrokenChain):
            chain.append({})


def test_the_error_names_the_record(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    for number in range(3):
        chain.append({"number": number})
    path = tmp_path / "000002.json"
    path.write_text(path.read_text().replace('"number": 1', '"number": 9'))
    with pytest.raises(BrokenChain, match=r"000002\.json: was changed after it was written"):
        chain.read()
    path.write_text("{")
    with pytest.raises(BrokenChain, match=r"000002\.json: cannot be read as a record"):
        chain.read()
    path.unlink()
    with pytest.raises(BrokenChain, match="record 2 is missing"):
        chain.read()


def test_there_need_be_nothing(tmp_path: Path) -> None:
    assert Chain(tmp_path / "nowhere").read() == ()
    assert not (tmp_path / "nowhere").exists()


def test_several_at_once_each_get_a_place(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        pool.starmap(_append, [(tmp_path, number) for number in range(12)])
    assert sorted(each.data["number"] for each in Chain(tmp_path).read()) == list(range(12))


def _append(directory: Path, number: int) -> None:
    Chain(directory).append({"number": number})


def test_a_record_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    chain = Chain(tmp_path)
    chain.append({"number": 1})
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            chain.append({"number": 2})
    assert [path.name for path in tmp_path.iterdir()] == ["000001.json"]
    (tmp_path / ".000002.json.abc.new").write_text("what a run that died left")
    assert chain.append({"number": 2}).sequence == 2
