"""Questions to records: what was applied last and since when, what is frozen, what is overridden."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from cli.core.base.target import Target
from cli.core.records import Record
from cli.core.records.model import FreezeRecord, LogRecord, ReleaseData, StackRecord
from cli.core.records.queries import (
    applied_commit,
    applied_release,
    applied_since,
    done_since,
    freezes_in_force,
    last_promotions,
    lost_state,
    missing_evidence,
    overrides_in_force,
)
from tests.support.records import (
    APPLY,
    AT,
    FREEZE,
    PROMOTION,
    RECOVER,
    THAW,
    applied,
    chained,
    log_data,
    log_record,
    stack_record,
)


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


def test_the_commit_is_that_of_the_last_apply_where_one_has_it() -> None:
    assert applied_commit(records("1", "2!"), "dev") == APPLY["made_from"]["commit"]
    assert applied_commit(records("1", "-1"), "dev") == applied_commit([], "dev") == ""
    dirty = applied(1, made_from={**APPLY["made_from"], "dirty": True})
    assert applied_commit([dirty], "dev") == ""


@pytest.mark.parametrize(
    ("done", "has"),
    [(["1", "-1"], None), (["1", "-1!"], None), (["1", "-1", "2!"], None), (["1", "-1", "2"], "2"), (["1", "2!"], "1")],
)
def test_a_destroy_ends_what_was_applied_before_it(done: list[str], has: str | None) -> None:
    found = applied_release(records(*done), "dev")
    assert (found.id if found else None) == has
    assert (applied_since(records(*done), "dev") is None) == (has is None)


def test_a_freeze_holds_until_it_ends_or_is_ended() -> None:
    freeze = log_data(FREEZE)
    assert isinstance(freeze, FreezeRecord)
    found = chained(freeze)
    assert freezes_in_force(found, "prod", AT) == (freeze,)
    assert freezes_in_force(found, "dev", AT) == ()
    assert freezes_in_force(found, "prod", freeze.until) == ()
    assert freezes_in_force(chained(freeze, log_data(THAW)), "prod", AT) == ()
    assert freezes_in_force(chained(freeze, log_data(THAW, environment="dev")), "prod", AT) == (freeze,)


def test_a_freeze_is_ended_by_nothing_that_has_not_seen_it() -> None:
    seen, unseen = log_record(1, log_data(FREEZE, reason="seen")), log_record(2, log_data(FREEZE, reason="unseen"))
    thaw = log_record(3, log_data(THAW), seen)
    assert [each.reason for each in freezes_in_force([seen, unseen, thaw], "prod", AT)] == ["unseen"]
    after = log_record(4, log_data(FREEZE, reason="after both"), unseen, thaw)
    assert [each.reason for each in freezes_in_force([seen, unseen, thaw, after], "prod", AT)] == ["after both"]


def test_promotions_that_did_not_know_of_each_other_are_two() -> None:
    def promoted(name: str, **changes: Any) -> LogRecord:
        return log_data(PROMOTION, release=release(name), **changes)

    first = log_record(1, promoted("1"))
    one, other = log_record(2, promoted("2"), first), log_record(3, promoted("3"), first)
    elsewhere = log_record(4, promoted("4", environment="staging"), one)
    rehearsed = log_record(5, promoted("5", target="sandbox"), one, other)
    assert last_promotions([first, one, elsewhere], "prod", Target.AWS) == (one,)
    assert last_promotions([first, one, other, elsewhere, rehearsed], "prod", Target.AWS) == (one, other)
    decided = log_record(6, promoted("3"), rehearsed, elsewhere)
    every = [first, one, other, elsewhere, rehearsed, decided]
    assert last_promotions(every, "prod", Target.AWS) == (decided,)
    assert last_promotions(every, "staging", Target.AWS) == (elsewhere,)
    assert last_promotions(every, "dev", Target.AWS) == ()


def test_the_same_release_on_two_branches_is_one() -> None:
    one, other = (log_record(number, log_data(PROMOTION)) for number in (1, 2))
    assert last_promotions([one, other], "prod", Target.AWS) == (other,)


def test_evidence_of_a_promotion_that_is_gone_is_named() -> None:
    evidence = {"records": "records/staging", "sequence": 1, "digest": "digest-1", "finished": AT}
    log = chained(log_data(PROMOTION, evidence=evidence))
    assert missing_evidence(log, "staging", [applied(1)]) == ""
    assert missing_evidence(log, "dev", []) == ""
    assert missing_evidence(log, "staging", [applied(2)]) == (
        "record 1-digest-1 of staging, on which the promotion of record 1-000000000001 rests, is missing"
    )
    assert missing_evidence(chained(log_data(PROMOTION, evidence=evidence, target="sandbox")), "staging", []) == ""


def test_overrides_show_until_they_expire() -> None:
    later = AT + datetime.timedelta(days=3)
    found = chained(log_data(PROMOTION, overrides=[{"check": "soak", "reason": "hotfix", "expires": later}]))
    assert [each.reason for each in overrides_in_force(found, "prod", AT)] == ["hotfix"]
    assert overrides_in_force(found, "prod", later) == ()
    assert overrides_in_force(found, "dev", AT) == ()


@pytest.mark.parametrize(
    ("lineage", "serial", "problem"),
    [
        ("l1", 2, ""),
        ("l1", 7, ""),
        ("", 0, "there is no state, and record 1-digest-1 left it at serial 2"),
        ("l1", 1, "the state is at serial 1, and record 1-digest-1 left it at serial 2"),
        ("l2", 9, "the state is another one (lineage l2), and record 1-digest-1 left it at serial 2 of lineage l1"),
    ],
)
def test_a_state_falls_behind_the_records(lineage: str, serial: int, problem: str) -> None:
    assert lost_state(records("1"), "dev", lineage, serial) == problem
    assert lost_state(records("1"), "dev-bootstrap", lineage, serial) == ""


def test_there_is_nothing_to_lose_before_an_apply_or_after_a_destroy() -> None:
    unreadable = applied(1, state={"lineage": "", "serial_before": 0, "serial_after": None, "unreadable": "gone"})
    recovered = stack_record(2, RECOVER, lineage="", serial=0)
    for done in ([], records("1", "-1"), [unreadable], [*records("1"), recovered]):
        assert lost_state(done, "dev", "", 0) == ""
    assert lost_state(records("1", "-1!"), "dev", "", 0) != "", "a part may be there"
