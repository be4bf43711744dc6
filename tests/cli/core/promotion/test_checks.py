"""Each gate, against the evidence that opens it and that shuts it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from cli.core.promotion import checks as gates
from cli.core.promotion.approvals import Approval
from cli.core.promotion.log import Freeze
from cli.core.records import Record

NOW = datetime.datetime(2027, 3, 1, 12, tzinfo=datetime.UTC)
VALUES = {"application_version": "1.0.0"}


def record(sequence: int = 1, **changes: Any) -> Record:
    """A successful apply of dev two hours ago."""
    data = {
        "deed": "apply",
        "stack": "dev",
        "result": "succeeded",
        "finished": (NOW - datetime.timedelta(hours=2)).isoformat(),
        "release": {"id": "r1", "values": VALUES},
        "made_from": {"synthesis": "s1"},
        **changes,
    }
    return Record(sequence, "", "", data)


def ago(hours: float) -> str:
    """A time before now, as records write it."""
    return (NOW - datetime.timedelta(hours=hours)).isoformat()


def test_apply_is_open_for_the_last_apply_of_just_this() -> None:
    assert gates.apply("dev", [record()], "dev", "s1", VALUES, is_unfinished=False).is_open


def test_apply_is_shut_while_one_is_under_way() -> None:
    gate = gates.apply("dev", [record()], "dev", "s1", VALUES, is_unfinished=True)
    assert not gate.is_open
    assert gate.text == "an apply of dev is under way, or was killed: infra plan dev finds out"


@pytest.mark.parametrize(
    ("records", "synthesis", "values", "why"),
    [
        ([], "s1", VALUES, "dev has no record of an apply: run infra plan and infra apply dev"),
        ([record(stack="dev-bootstrap")], "s1", VALUES, "dev has no record of an apply"),
        ([record(), record(2, result="failed")], "s1", VALUES, "apply of record 2, with the result failed"),
        ([record(), record(2, result="unknown")], "s1", VALUES, "with the result unknown"),
        ([record(), record(2, deed="destroy")], "s1", VALUES, "destroy of record 2"),
        ([record()], "s2", VALUES, "made from other Terraform than the checkout makes"),
        ([record()], "s1", {"application_version": "1.1.0"}, "had another release than envs/dev.yaml"),
    ],
)
def test_apply_is_shut(records: list[Record], synthesis: str, values: dict[str, str], why: str) -> None:
    gate = gates.apply("dev", records, "dev", synthesis, values, is_unfinished=False)
    assert not gate.is_open
    assert why in gate.text


@pytest.mark.parametrize(("hours", "is_open"), [(0, True), (2, True), (3, False), (24, False)])
def test_soak_counts_from_the_apply(hours: int, is_open: bool) -> None:
    assert gates.soak([record()], "dev", hours, NOW).is_open is is_open


def test_soak_counts_from_the_first_apply_of_the_release() -> None:
    first, again = record(1, finished=ago(30)), record(2, finished=ago(1))
    assert gates.soak([first, again], "dev", 24, NOW).is_open


def test_soak_starts_anew_after_another_release() -> None:
    other = record(2, finished=ago(10), release={"id": "r2", "values": {}})
    assert not gates.soak([record(1, finished=ago(30)), other, record(3, finished=ago(1))], "dev", 24, NOW).is_open


def test_soak_starts_anew_after_an_apply_that_failed() -> None:
    failed = record(2, finished=ago(10), result="failed")
    assert not gates.soak([record(1, finished=ago(30)), failed, record(3, finished=ago(1))], "dev", 24, NOW).is_open


def test_an_apply_in_the_future_opens_nothing() -> None:
    gate = gates.soak([record(finished=ago(-1))], "dev", 0, NOW)
    assert not gate.is_open
    assert "a clock is wrong" in gate.text


def test_without_an_apply_there_is_no_soak() -> None:
    assert not gates.soak([], "dev", 1, NOW).is_open
    assert gates.soak([], "dev", 0, NOW).is_open


def given(*who: str) -> list[Approval]:
    """Approvals; those of names that end in `!` are not signed."""
    return [Approval(each.rstrip("!"), "tag", "object", not each.endswith("!")) for each in who]


@pytest.mark.parametrize(
    ("needed", "approvers", "is_signed", "is_open", "text"),
    [
        (0, [], False, True, "0 of 0"),
        (1, [], False, False, "0 of 1"),
        (1, ["a"], False, False, "0 of 1; a wrote it, which does not count"),
        (1, ["b"], False, True, "1 of 1: b"),
        (2, ["b", "a"], False, False, "1 of 2: b; a wrote it, which does not count"),
        (2, ["b", "c", "b"], False, True, "2 of 2: b, c"),
        (1, ["b!"], False, True, "1 of 1: b"),
        (1, ["b!"], True, False, "0 of 1; not signed by b, which does not count"),
        (1, ["a", "b!", "c"], True, True, "1 of 1: c; a wrote it, which does not count; not signed by b, which"),
    ],
)
def test_who_approves_did_not_write_it_and_signs(
    needed: int, approvers: list[str], is_signed: bool, is_open: bool, text: str
) -> None:
    gate = gates.approvals(needed, given(*approvers), ["a"], is_signed=is_signed)
    assert gate.is_open is is_open
    assert gate.text.startswith(text)


def test_a_freeze_lets_one_named_release_through() -> None:
    frozen = Freeze(NOW, "holidays", "Alice", "r1")
    assert gates.freeze("prod", None, "r2").is_open
    assert gates.freeze("prod", frozen, "r1").is_open
    shut = gates.freeze("prod", frozen, "r2")
    assert not shut.is_open
    assert "by Alice: holidays" in shut.text
    assert not gates.freeze("prod", Freeze(NOW, "holidays", "Alice", ""), "").is_open
