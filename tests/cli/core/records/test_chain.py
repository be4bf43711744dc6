"""The chain of records: whatever happens to it afterwards shows."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.core.base.digests import json_digest
from cli.core.records import BrokenChain
from cli.core.records.chain import Chain

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
DATA = st.dictionaries(st.text(max_size=3), VALUES, max_size=3)


@pytest.fixture(scope="module", autouse=True)
def _without_disk() -> Iterator[None]:
    """What the system keeps in memory is enough here, and a disk takes its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


@settings(max_examples=30, deadline=None)
@given(records=st.lists(DATA, min_size=1, max_size=5))
def test_what_was_appended_is_read_again(records: list[Mapping[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        chain = Chain(Path(directory) / "records")
        appended = tuple(chain.append(data) for data in records)
        assert chain.read() == appended
        assert [each.data for each in appended] == records
        assert [each.sequence for each in appended] == list(range(1, len(records) + 1))
        assert [each.parents for each in appended] == [(), *((each.digest,) for each in appended[:-1])]
        assert [each.name for each in appended] == [f"{each.sequence:06}-{each.digest[:12]}.json" for each in appended]


@settings(max_examples=100, deadline=None)
@given(records=st.lists(st.fixed_dictionaries({"number": st.integers(0, 2)}), min_size=2, max_size=5), data=st.data())
def test_any_change_shows(records: list[Mapping[str, Any]], data: st.DataObject) -> None:
    """Another value in any field, a record taken out, two exchanged, one put in again."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        chain = Chain(directory)
        for each in records:
            chain.append(each)
        files = sorted(directory.iterdir())
        at = data.draw(st.integers(0, len(files) - 1))
        match data.draw(st.sampled_from(["data", "parents", "sequence", "digest", "remove", "exchange", "extra"])):
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
                shutil.copy(files[at], directory / f"{len(files) + 1:06}-{'0' * 12}.json")
            case field:
                document = json.loads(files[at].read_bytes())
                new = {"data": {"other": document["data"]}, "sequence": document["sequence"] + 1, "parents": ["0" * 64]}
                files[at].write_text(json.dumps(document | {field: new.get(field, "0" * 64)}))
        with pytest.raises(BrokenChain):
            chain.read()
        with pytest.raises(BrokenChain):
            chain.append({})


def test_the_error_names_the_record(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    links = [chain.append({"number": number}) for number in range(3)]
    path = tmp_path / links[1].name
    before = path.read_text()
    path.write_text(before.replace('"number": 1', '"number": 9'))
    with pytest.raises(BrokenChain, match=rf"{path.name}: was changed after it was written"):
        chain.read()
    path.write_text("{")
    with pytest.raises(BrokenChain, match=rf"{path.name}: cannot be read as a record"):
        chain.read()
    path.unlink()
    with pytest.raises(
        BrokenChain, match=rf"{links[2].name}: record 2 \({links[1].digest[:12]}\), which it follows, is "
    ):
        chain.read()
    (tmp_path / "000009-000000000000.json").write_text(before)
    with pytest.raises(
        BrokenChain, match=rf"is record 2 \({links[1].digest[:12]}\): the file was renamed, or replaced"
    ):
        chain.read()


def test_a_record_that_is_written_anew_is_not_the_one_that_others_follow(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    links = [chain.append({"at": number}) for number in range(3)]
    (tmp_path / links[1].name).unlink()
    (tmp_path / links[2].name).rename(tmp_path / "aside")
    forged = chain.append({"at": 9})
    (tmp_path / "aside").rename(tmp_path / links[2].name)
    assert forged.sequence == 2
    with pytest.raises(BrokenChain, match=rf"record 2 \({links[1].digest[:12]}\), which it follows, is missing"):
        chain.read()


def merged(*chains: Chain, into: Path) -> Chain:
    """What git makes of records that were added on several branches."""
    for chain in chains:
        shutil.copytree(chain.directory, into, dirs_exist_ok=True)
    return Chain(into)


def test_two_branches_that_add_records_are_merged_and_go_on(tmp_path: Path) -> None:
    base = Chain(tmp_path / "base")
    base.append({"number": 1})
    one, other = merged(base, into=tmp_path / "one"), merged(base, into=tmp_path / "other")
    here = [one.append({"here": number}) for number in range(2)]
    there = other.append({"there": 1})
    both = merged(one, other, into=tmp_path / "both")
    assert both.read() == merged(other, one, into=tmp_path / "again").read()
    assert {link.sequence for link in both.read()} == {1, 2, 3}
    last = both.append({"number": 2})
    assert (last.sequence, sorted(last.parents)) == (4, sorted((here[-1].digest, there.digest)))
    (both.directory / there.name).unlink()
    with pytest.raises(
        BrokenChain, match=rf"{last.name}: a record \({there.digest[:12]}\), which it follows, is missing"
    ):
        both.read()


def test_two_branches_that_begin_are_merged(tmp_path: Path) -> None:
    one, other = Chain(tmp_path / "one"), Chain(tmp_path / "other")
    one.append({"number": 1})
    other.append({"number": 2})
    assert [link.sequence for link in merged(one, other, into=tmp_path / "both").read()] == [1, 1]


def older(directory: Path, *records: Mapping[str, Any]) -> list[str]:
    """Write records in the form in which each has one before it; their digests."""
    directory.mkdir(parents=True, exist_ok=True)
    digests = [""]
    for sequence, data in enumerate(records, start=1):
        document = {"sequence": sequence, "previous": digests[-1], "data": data}
        digests.append(json_digest(document))
        (directory / f"{sequence:06}.json").write_text(json.dumps(document | {"digest": digests[-1]}))
    return digests[1:]


def test_an_older_chain_is_read_verified_and_gone_on_with(tmp_path: Path) -> None:
    digests = older(tmp_path, {"number": 1}, {"number": 2})
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    chain = Chain(tmp_path)
    assert [(link.name, link.digest) for link in chain.read()] == list(zip(sorted(before), digests, strict=True))
    added = chain.append({"number": 3})
    assert (added.sequence, added.parents) == (3, (digests[-1],))
    assert {name: (tmp_path / name).read_bytes() for name in before} == before, "no file is rewritten"
    (tmp_path / "000001.json").write_bytes(before["000001.json"].replace(b'"number": 1', b'"number": 7'))
    with pytest.raises(BrokenChain, match=r"000001\.json: was changed after it was written"):
        chain.read()
    (tmp_path / "000001.json").unlink()
    with pytest.raises(
        BrokenChain, match=rf"000002\.json: record 1 \({digests[0][:12]}\), which it follows, is missing"
    ):
        chain.read()


def test_a_file_of_the_older_form_is_not_put_beside_another_one(tmp_path: Path) -> None:
    older(tmp_path, {"number": 1})
    older(tmp_path / "other", {"number": 9}, {"number": 9})
    shutil.copy(tmp_path / "other" / "000002.json", tmp_path)
    with pytest.raises(BrokenChain, match=r"000002\.json: record 1 \(\w{12}\), which it follows, is missing"):
        Chain(tmp_path).read()


def test_there_need_be_nothing(tmp_path: Path) -> None:
    assert Chain(tmp_path / "nowhere").read() == ()
    assert not (tmp_path / "nowhere").exists()


def test_several_at_once_each_get_a_place(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(chain.append, [{"number": number % 2} for number in range(12)]))
    assert sorted(each.data["number"] for each in chain.read()) == [0] * 6 + [1] * 6


def test_a_record_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    chain = Chain(tmp_path)
    chain.append({"number": 1})
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            chain.append({"number": 2})
    assert [path.name[:6] for path in tmp_path.iterdir()] == ["000001"]
    (tmp_path / ".000002-000000000000.json.abc.new").write_text("what a run that died left")
    assert chain.append({"number": 2}).sequence == 2
