"""Suppressions: what is honoured, what is not, and that both kinds of rules heed them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from cli.core.base.errors import ExitCode
from policies.library.suppressions import RULE_ID, SuppressionResult, judge
from tests.support.gates import TODAY, checks, found, gate, kinds, rule, terraform

COMPLETE = {"reason": "Because", "owner": "platform", "expires": "2026-11-22"}


def judged(entries: object, *failed: str, run: tuple[str, ...] = ("CKV_AWS_1", "CKV_AWS_2")) -> SuppressionResult[str]:
    """What comes of the suppressions of one resource on which some rules failed."""
    return judge({"a": entries}, {("a", each) for each in failed}, is_judged=lambda each: each in run, today=TODAY)


def test_a_complete_one_is_honoured_to_the_end_of_its_last_day() -> None:
    result = judged({"CKV_AWS_1": COMPLETE}, "CKV_AWS_1", "CKV_AWS_2")
    assert list(result.honoured) == [("a", "CKV_AWS_1")]
    assert str(result.honoured["a", "CKV_AWS_1"]) == "Because (platform, until 2026-11-22)"
    assert result.wrong == {}


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({**COMPLETE, "expires": "2026-11-21"}, "CKV_AWS_1: expired on 2026-11-21"),
        ({**COMPLETE, "expires": "soon"}, "CKV_AWS_1: expires is 'soon'; allowed: a date such as 2027-12-31"),
        ({**COMPLETE, "reason": " "}, "CKV_AWS_1: has no reason"),
        ({"owner": "platform", "expires": "2027-12-31"}, "CKV_AWS_1: has no reason"),
        ({**COMPLETE, "owner": ""}, "CKV_AWS_1: has no owner"),
        ({"reason": "Because", "owner": "platform"}, "CKV_AWS_1: has no expires"),
        ("Because", "CKV_AWS_1: received 'Because'; allowed: a mapping of reason, owner and expires"),
    ],
)
def test_another_one_is_not_honoured_and_wrong(entry: object, says: str) -> None:
    result = judged({"CKV_AWS_1": entry}, "CKV_AWS_1")
    assert (result.honoured, result.wrong) == ({}, {"a": (says,)})


def test_one_that_is_not_needed_is_wrong_unless_its_rule_was_not_run() -> None:
    assert judged({"CKV_AWS_1": COMPLETE}).wrong == {"a": ("CKV_AWS_1: is not needed, the rule finds nothing here",)}
    assert judged({"CKV_AWS_1": COMPLETE}, run=("CKV_AWS_2",)).wrong == {}


def test_the_rule_about_suppressions_cannot_be_suppressed() -> None:
    result = judged({RULE_ID: COMPLETE}, RULE_ID, run=(RULE_ID,))
    assert (result.honoured, result.wrong) == ({}, {"a": (f"{RULE_ID}: this rule cannot be suppressed",)})


def test_what_is_no_mapping_at_all() -> None:
    assert judged(["CKV_AWS_1"]).wrong == {
        "a": ("suppressions: received ['CKV_AWS_1']; allowed: a mapping of rule ids",)
    }


def test_checkovs_line_numbers_are_no_rules() -> None:
    assert judged({"__startline__": 1, "CKV_AWS_1": {**COMPLETE, "__endline__": 2}}, "CKV_AWS_1").wrong == {}


def topic(**suppressions: Any) -> dict[str, Any]:
    """A topic that breaks a built-in rule (no encryption) and one of ours (its name)."""
    comment = {"metadata": {"path": "dev/notifications/topic"}, "suppressions": suppressions}
    return {"resource": {"aws_sns_topic": {"t": {"name": "other", "//": comment}}}}


ALL = ("CKV_AWS_26", "CKV2_MEALS_901")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A directory with one rule of ours."""
    return checks(tmp_path, {"meals_topic.py": rule()})


def test_they_are_honoured_for_built_in_rules_and_ours_alike_and_listed(tmp_path: Path, rules: Path) -> None:
    path = terraform(tmp_path, topic(CKV_AWS_26=COMPLETE, CKV2_MEALS_901=COMPLETE))
    outcome = gate(path, rules=rules, only=ALL)
    assert (outcome.exit_code, kinds(outcome)) == (ExitCode.OK, [])
    assert [
        (each.rule.id, each.at.construct_path, each.at.address, each.reason, each.owner, each.expires)
        for each in outcome.results[0].suppressed
    ] == [
        (rule, "dev/notifications/topic", "aws_sns_topic.t", "Because", "platform", datetime.date(2026, 11, 22))
        for rule in sorted(ALL)
    ]


def test_the_day_after_they_fail_and_say_why(tmp_path: Path, rules: Path) -> None:
    path = terraform(tmp_path, topic(CKV_AWS_26=COMPLETE, CKV2_MEALS_901=COMPLETE))
    outcome = gate(path, rules=rules, only=ALL, today=TODAY + datetime.timedelta(days=1))
    assert outcome.exit_code == ExitCode.FINDINGS
    assert found(outcome) == {(each, "aws_sns_topic.t") for each in (*ALL, RULE_ID)}
    (wrong,) = [each for each in outcome.findings if each.rule.id == RULE_ID]
    assert [detail.found for detail in wrong.details] == [
        "CKV2_MEALS_901: expired on 2026-11-22",
        "CKV_AWS_26: expired on 2026-11-22",
    ]


def test_they_count_for_their_own_resource_only(tmp_path: Path, rules: Path) -> None:
    document = topic(CKV2_MEALS_901=COMPLETE)
    document["resource"]["aws_sns_topic"]["u"] = {"name": "other"}
    outcome = gate(terraform(tmp_path, document), rules=rules, only=("CKV2_MEALS_901",))
    assert found(outcome) == {("CKV2_MEALS_901", "aws_sns_topic.u")}


def test_in_a_file_without_line_breaks_they_count_for_no_namesake(tmp_path: Path, rules: Path) -> None:
    import json

    document = topic(CKV_AWS_26=COMPLETE, CKV2_MEALS_901=COMPLETE)
    document["resource"]["aws_sqs_queue"] = {"t": {"name": "other"}}
    outcome = gate(terraform(tmp_path, json.dumps(document)), rules=rules, only=(*ALL, "CKV_AWS_27"))
    assert kinds(outcome) == []
    assert ("CKV_AWS_27", "aws_sqs_queue.t") in found(outcome)
    assert ("CKV2_MEALS_901", "aws_sns_topic.t") not in found(outcome)


def test_one_that_is_not_needed_is_a_finding(tmp_path: Path, rules: Path) -> None:
    outcome = gate(terraform(tmp_path, topic(CKV_AWS_145=COMPLETE, CKV_AWS_27=COMPLETE)), rules=rules)
    (wrong,) = [each for each in outcome.findings if each.rule.id == RULE_ID]
    assert [detail.found.partition(":")[0] for detail in wrong.details] == ["CKV_AWS_145", "CKV_AWS_27"]


def test_comments_in_hcl_are_listed_with_their_reason(tmp_path: Path, rules: Path) -> None:
    text = 'resource "aws_sns_topic" "t" {\n  #checkov:skip=CKV_AWS_26:Because\n  name = "meals"\n}\n'
    outcome = gate(terraform(tmp_path, text, "main.tf"), rules=rules, only=ALL)
    assert outcome.exit_code == ExitCode.OK
    (suppressed,) = outcome.results[0].suppressed
    assert (suppressed.rule.id, suppressed.reason, suppressed.owner) == ("CKV_AWS_26", "Because", None)


def test_a_comment_in_hcl_without_a_reason_suppresses_nothing(tmp_path: Path, rules: Path) -> None:
    text = 'resource "aws_sns_topic" "t" {\n  #checkov:skip=CKV_AWS_26\n  name = "meals"\n}\n'
    outcome = gate(terraform(tmp_path, text, "main.tf"), rules=rules, only=ALL)
    assert found(outcome) == {("CKV_AWS_26", "aws_sns_topic.t")}
    assert "has no reason" in outcome.findings[0].details[-1].found
