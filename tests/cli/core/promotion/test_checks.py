"""Each check, against the evidence that opens it and that closes it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from cli.core.base.target import Target
from cli.core.promotion import checks
from cli.core.promotion.approvals import Approval
from cli.core.records import Record
from cli.core.records.model import ApplyRecord, FreezeRecord, PromotionRecord, ReleaseData
from envs.settings.servers import SERVER_NAMES
from tests.support.records import APPLY, AT, FREEZE, PROMOTION, RELEASE, applied, log_data

NOW = AT + datetime.timedelta(hours=2)
"""Two hours after the apply."""
HERE = checks.Source("dev", ReleaseData.model_validate(RELEASE), "s1", "111111111111", Target.SANDBOX)
"""What the checkout makes of dev."""


def ago(hours: float) -> datetime.datetime:
    """A time before now."""
    return NOW - datetime.timedelta(hours=hours)


def test_apply_is_open_for_the_last_apply_of_this_release() -> None:
    assert checks.apply(HERE, [applied()], is_unfinished=False).is_open


def test_apply_is_closed_while_one_is_running() -> None:
    check = checks.apply(HERE, [applied()], is_unfinished=True)
    assert not check.is_open
    assert check.text == "an apply of dev is running or was killed; infra plan dev finds out"


def made_from(**fields: Any) -> dict[str, Any]:
    """What an apply was made from, but for some of it."""
    return {**APPLY["made_from"], **fields}


@pytest.mark.parametrize(
    ("records", "why"),
    [
        ([], "dev has no record of an apply; run infra plan dev and infra apply dev"),
        ([applied(stack="dev-bootstrap")], "dev has no record of an apply"),
        ([applied(), applied(2, result="failed")], "apply of record 2, with the result failed"),
        ([applied(), applied(2, result="unknown")], "with the result unknown"),
        ([applied(), applied(2, kind="destroy")], "destroy of record 2"),
        ([applied(made_from=made_from(synthesis="s2"))], "used other Terraform than the checkout makes"),
        (
            [applied(release={**RELEASE, "id": "r2", "values": {"application_version": "1.1.0"}})],
            "had another release: application_version",
        ),
        ([applied(release={**RELEASE, "id": "r2", "made_with": {"code": "c2"}})], "had another release: code"),
        ([applied(target="aws")], "was to aws, not to sandbox"),
        ([applied(made_from=made_from(account_id="222222222222"))], "was to account 222222222222"),
        ([applied(plan={**APPLY["plan"], "arguments": ["-target=a.b"]})], "terraform plan got -target=a.b"),
        ([applied(started=AT + datetime.timedelta(hours=1))], "ended before it began"),
    ],
)
def test_apply_is_closed(records: list[Record[ApplyRecord]], why: str) -> None:
    check = checks.apply(HERE, records, is_unfinished=False)
    assert not check.is_open
    assert why in check.text


@pytest.mark.parametrize("origin", [{"dirty": True}, {"commit": ""}])
def test_on_aws_what_no_commit_has_is_no_evidence(origin: dict[str, Any]) -> None:
    check = checks.apply(
        replace(HERE, target=Target.AWS), [applied(target="aws", made_from=made_from(**origin))], is_unfinished=False
    )
    assert "was made from changes that no commit has" in check.text
    assert checks.apply(HERE, [applied(made_from=made_from(**origin))], is_unfinished=False).is_open


def follows(sequence: int, hours: float, before: int, after: int, **changes: Any) -> Record[ApplyRecord]:
    """An apply some hours ago that took the state from one serial to another."""
    state = {**APPLY["state"], "serial_before": before, "serial_after": after}
    return applied(sequence, started=ago(hours), finished=ago(hours), state=state, **changes)


def test_records_are_whole_when_every_write_of_the_state_has_one() -> None:
    whole = [follows(1, 3, 0, 4), follows(2, 2, 4, 5), follows(3, 1, 5, 9)]
    assert checks.records("dev", whole, ("l1", 9), "") == checks.Check(
        "records", True, "3 records, the last of the state as it is"
    )
    assert checks.records("dev", [], ("", 0), "").is_open


@pytest.mark.parametrize(
    ("records", "serial", "altered", "why"),
    [
        (
            [follows(1, 3, 0, 4), follows(2, 1, 6, 7)],
            7,
            "",
            "2-digest-2 the state went from serial 4 to 6",
        ),
        ([follows(1, 3, 0, 4)], 6, "", "the state is at serial 6, and the last record, 1, left it at 4"),
        ([follows(1, 3, 0, 4), follows(2, 5, 4, 5)], 5, "", "record 2-digest-2 begins before record 1-digest-1 ends"),
        ([follows(1, 3, 0, 4), follows(2, 2, 4, 5)], 5, "x was deleted", "x was deleted"),
    ],
)
def test_records_are_not_whole(records: list[Record[ApplyRecord]], serial: int, altered: str, why: str) -> None:
    check = checks.records("dev", records, ("l1", serial), altered)
    assert not check.is_open
    assert why in check.text


def test_clocks_of_two_machines_may_differ_a_little() -> None:
    assert checks.records("dev", [follows(1, 1, 0, 4), follows(2, 1.05, 4, 5)], ("l1", 5), "").is_open


def test_artifacts_are_open_for_a_digest_of_every_server() -> None:
    digests = dict.fromkeys(SERVER_NAMES, "0" * 64)
    assert checks.artifacts("dev", digests, SERVER_NAMES) == checks.Check("artifacts", True, "4 archives by digest")
    del digests["event-store"]
    closed = checks.artifacts("dev", digests, SERVER_NAMES)
    assert not closed.is_open
    assert closed.text == "no digest of event-store; run infra release resolve dev, then plan and apply it"


@pytest.mark.parametrize(("hours", "is_open"), [(0, True), (2, True), (3, False), (24, False)])
def test_soak_counts_from_the_apply(hours: int, is_open: bool) -> None:
    assert checks.soak([applied()], "dev", hours, NOW).is_open is is_open


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (3, "needs 3 h, applied 10:00 UTC, opens 13:00 UTC"),
        (24, "needs 24 h, applied 2027-03-01 10:00 UTC, opens 2027-03-02 10:00 UTC"),
        (1, "needs 1 h, applied 2027-03-01 10:00 UTC"),
    ],
)
def test_soak_says_when_it_opens(hours: int, text: str) -> None:
    assert checks.soak([applied()], "dev", hours, NOW).text == text


def test_soak_counts_from_the_first_apply_of_the_release() -> None:
    first, again = applied(1, finished=ago(30)), applied(2, finished=ago(1))
    assert checks.soak([first, again], "dev", 24, NOW).is_open


def test_soak_starts_anew_after_another_release() -> None:
    other = applied(2, finished=ago(10), release={"id": "r2", "values": {}, "made_with": {}})
    assert not checks.soak([applied(1, finished=ago(30)), other, applied(3, finished=ago(1))], "dev", 24, NOW).is_open


def test_soak_starts_anew_after_an_apply_that_failed() -> None:
    failed = applied(2, finished=ago(10), result="failed")
    assert not checks.soak([applied(1, finished=ago(30)), failed, applied(3, finished=ago(1))], "dev", 24, NOW).is_open


def test_an_apply_in_the_future_opens_nothing() -> None:
    check = checks.soak([applied(finished=ago(-1))], "dev", 0, NOW)
    assert not check.is_open
    assert "a clock is wrong" in check.text


def test_without_an_apply_there_is_no_soak() -> None:
    assert not checks.soak([], "dev", 1, NOW).is_open
    assert checks.soak([], "dev", 0, NOW).is_open


def given(*who: str, hours: float = 1, record: str = "d1") -> list[Approval]:
    """Approvals some hours ago; those of names that end in `!` are not signed."""
    return [
        Approval(each.rstrip("!"), ago(hours), record, tag="tag", object="object", is_signed=not each.endswith("!"))
        for each in who
    ]


RULES = checks.ApprovalRules(
    needed=1, is_signed=False, authors=["a"], applies={"d1": ago(2), "old": ago(24 * 20)}, destroyed=None, now=NOW
)
"""One approval is needed, of an apply two hours ago or one twenty days ago."""


@pytest.mark.parametrize(
    ("needed", "approvers", "is_signed", "is_open", "text"),
    [
        (0, [], False, True, "0 of 0"),
        (1, [], False, False, "0 of 1"),
        (1, ["a"], False, False, "0 of 1; not counted, as author: a"),
        (1, ["b"], False, True, "1 of 1: b"),
        (2, ["b", "a"], False, False, "1 of 2: b; not counted, as author: a"),
        (2, ["b", "c", "b"], False, True, "2 of 2: b, c"),
        (1, ["b!"], False, True, "1 of 1: b"),
        (1, ["b!"], True, False, "0 of 1; not counted, without a valid signature: b"),
        (
            1,
            ["a", "b!", "c"],
            True,
            True,
            "1 of 1: c; not counted, as author: a; not counted, without a valid signature: b",
        ),
    ],
)
def test_who_approves_did_not_write_it_and_signs(
    needed: int, approvers: list[str], is_signed: bool, is_open: bool, text: str
) -> None:
    check = checks.approvals(given(*approvers), replace(RULES, needed=needed, is_signed=is_signed))
    assert check.is_open is is_open
    assert check.text == text


@pytest.mark.parametrize(
    ("approved", "why"),
    [
        (given("b", record=""), "for no apply of this release that still stands"),
        (given("b", record="d9"), "for no apply of this release that still stands"),
        (given("b", hours=3), "dated before the apply or in the future"),
        (given("b", hours=-1), "dated before the apply or in the future"),
        (given("b", hours=24 * 14 + 1, record="old"), "older than 14 days"),
    ],
)
def test_an_approval_is_of_an_apply_and_expires(approved: list[Approval], why: str) -> None:
    check = checks.approvals(approved, RULES)
    assert (check.is_open, check.text) == (False, f"0 of 1; not counted, {why}: b")
    again = checks.approvals([*approved, *given("b")], RULES)
    assert (again.is_open, again.text) == (True, "1 of 1: b")


def test_an_approval_counts_for_fourteen_days() -> None:
    assert checks.approvals(given("b", hours=24 * 14, record="old"), RULES).is_open


def test_an_approval_does_not_survive_a_destroy_of_the_target() -> None:
    assert checks.approvals(given("b"), replace(RULES, destroyed=ago(1.5))).is_open
    gone = checks.approvals(given("b"), replace(RULES, destroyed=ago(0.5)))
    assert (gone.is_open, gone.text) == (False, "0 of 1; not counted, before the destroy of the target: b")


def test_where_nobody_knows_the_authors_nobody_counts() -> None:
    check = checks.approvals(given("b"), replace(RULES, authors=None))
    assert (check.is_open, check.text) == (False, "0 of 1: git does not know who wrote the release; fetch all history")
    assert checks.approvals([], replace(RULES, authors=None, needed=0)).is_open


def promotion(**changes: Any) -> Record[PromotionRecord]:
    """A promotion that Bob and Carol had approved; Carol's approval did not count."""
    bob = {"who": "b", "tag": "t", "object": "o", "signed": True, "counted": True}
    data = log_data(PROMOTION, approvals=[bob, {**bob, "who": "c", "counted": False}], **changes)
    assert isinstance(data, PromotionRecord)
    return Record(7, "d7", (), data)


def test_what_comes_back_was_approved_when_it_was_promoted() -> None:
    check = checks.earlier_approvals(1, promotion(), None)
    assert (check.is_open, check.text) == (True, "1 of 1, when it was promoted (record 7): b")
    assert not checks.earlier_approvals(2, promotion(), None).is_open
    assert not checks.earlier_approvals(1, promotion(), NOW).is_open, "the environment was destroyed since"
    assert not checks.earlier_approvals(1, None, None).is_open
    assert checks.earlier_approvals(0, None, None).is_open


@pytest.mark.parametrize("is_open", [False, True])
def test_approvals_without_a_note_count_where_they_were_enough(is_open: bool) -> None:
    old = {"who": "b", "tag": "t", "object": "o", "signed": True}
    data = log_data(PROMOTION, approvals=[old], checks={"approvals": {"is_open": is_open, "text": ""}})
    assert isinstance(data, PromotionRecord)
    assert checks.earlier_approvals(1, Record(7, "d7", (), data), None).is_open is is_open


def test_a_freeze_lets_one_named_release_through() -> None:
    frozen, closed_to_all = log_data(FREEZE, allowed_release="r1"), log_data(FREEZE)
    assert isinstance(frozen, FreezeRecord)
    assert isinstance(closed_to_all, FreezeRecord)
    assert checks.freeze("prod", (), "r2").is_open
    assert checks.freeze("prod", (frozen,), "r1").is_open
    closed = checks.freeze("prod", (frozen,), "r2")
    assert not closed.is_open
    assert "by Alice: holidays" in closed.text
    assert not checks.freeze("prod", (closed_to_all,), "").is_open
    assert not checks.freeze("prod", (frozen, closed_to_all), "r1").is_open, "every freeze has to allow it"
