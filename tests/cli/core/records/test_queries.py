"""Questions to records: what was applied last and since when, what is frozen, what is overridden."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from cli.core.records import Record
from cli.core.records.model import FreezeRecord, LogRecord, ReleaseData, StackRecord
from cli.core.records.queries import applied_release, done_since, freeze_in_force, overrides_in_force
from tests.support.records import AT, FREEZE, PROMOTION, THAW, applied, log_data


def release(name: str) -> dict[str, Any]:
    """`1` and `1a` have the same values, made with other code."""
    return {"id": name, "values": {"number": name[0]}, "made_with": {}}


def records(*done: str) -> list[Record[StackRecord]]:
    """Applies of dev of some releases; what ends in `!` failed, what begins with `-` is a destroy."""
    return [
        applied(
            sequence,
            kind="destroy" if each.startswith("-") else "apply",
            result="failed" if each.endswith("!") else "succeeded",
            release=release(each.strip("-!")),
        )
        for sequence, each in enumerate(done, start=1)
    ]


@pytest.mark.parametrize(
    ("done", "had", "expected"),
    [
        (["1"], "", [1]),
        (["1!", "1", "2"], "", [1, 2, 3]),
        (["1", "2"], "1", [2]),
        (["1", "2!", "2", "3"], "1", [2, 3, 4]),
        (["1", "2", "1", "3"], "1", [4]),
        (["1", "2"], "2", []),
        (["1!", "2"], "1", [2]),
        (["1", "-1", "2"], "1", [2, 3]),
        (["1", "2a", "3", "4"], "2b", [3, 4]),
        (["1a", "1", "3"], "1a", [2, 3]),
        (["1", "2", "3"], "9", [3]),
        ([], "9", []),
    ],
)
def test_what_was_done_since(done: list[str], had: str, expected: list[int]) -> None:
    found = done_since(records(*done), "dev", ReleaseData(**release(had)) if had else None)
    assert [each.sequence for each in found] == expected


def test_another_stack_does_not_count() -> None:
    assert done_since(records("1", "2"), "dev-bootstrap", None) == ()
    assert applied_release(records("1"), "dev-bootstrap") is None


def test_the_release_is_that_of_the_last_apply_that_succeeded() -> None:
    assert applied_release(records("1", "2", "3!"), "dev") == ReleaseData(**release("2"))
    assert applied_release(records("1!"), "dev") is None


def log(*data: LogRecord) -> list[Record[LogRecord]]:
    """Records of the log."""
    return [Record(sequence, "", each) for sequence, each in enumerate(data, start=1)]


def test_a_freeze_holds_until_it_ends_or_is_ended() -> None:
    freeze = log_data(FREEZE)
    assert isinstance(freeze, FreezeRecord)
    found = log(freeze)
    assert freeze_in_force(found, "prod", AT) == freeze
    assert freeze_in_force(found, "dev", AT) is None
    assert freeze_in_force(found, "prod", freeze.until) is None
    assert freeze_in_force(log(freeze, log_data(THAW)), "prod", AT) is None
    assert freeze_in_force(log(freeze, log_data(THAW, environment="dev")), "prod", AT) == freeze


def test_overrides_show_until_they_expire() -> None:
    later = AT + datetime.timedelta(days=3)
    found = log(log_data(PROMOTION, overrides=[{"check": "soak", "reason": "hotfix", "expires": later}]))
    assert [each.reason for each in overrides_in_force(found, "prod", AT)] == ["hotfix"]
    assert overrides_in_force(found, "prod", later) == ()
    assert overrides_in_force(found, "dev", AT) == ()
