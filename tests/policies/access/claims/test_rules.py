"""The claims about access: what they say of Terraform that is not of this toolkit, not known, or of the other stack."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from policies.access.claims import examples
from policies.access.claims.models import AccessClaimsError, claims, parse
from policies.library.rule import Finding, UnknownFinding
from tests.support.helpers import resource
from tests.support.mutation import Part
from tests.support.reading import load_files
from tests.support.rules import RULES, read

ACCESS = {rule.id: rule for rule in RULES.values() if rule.id.startswith("CKV2_MEALS_4")}


PLAN = Part("aws_iam_role_policy", "delivery/plan-state")


def _allow(action: str, resource: str) -> dict[str, Any]:
    return {"Sid": "Sabotage", "Effect": "Allow", "Action": action, "Resource": resource}


def _found(rule: str, main: str, directory: Path) -> Mapping[str, tuple[Finding, ...]]:
    """What a rule finds, by address."""
    configuration = load_files(directory, {"main.tf": main})
    return {resource.address: findings for resource, findings in ACCESS[rule].judge(configuration) if findings}


def test_every_claim_has_a_rule() -> None:
    assert {*claims().claims, "CKV2_MEALS_410"} == set(ACCESS)


@pytest.mark.parametrize("rule", ACCESS)
def test_terraform_of_others_is_not_judged(rule: str, tmp_path: Path) -> None:
    main = examples.TABLE.replace("event-store_table_2469BF2C", "mine") + examples.allowing("core", "*", "*").replace(
        examples.ROLES["core"], "mine"
    )
    role = 'resource "aws_iam_role" "mine" {\n  name = "mine"\n  assume_role_policy = "{}"\n}\n'
    assert _found(rule, main + role, tmp_path) == {}


def test_a_policy_that_is_not_known_is_no_pass(tmp_path: Path) -> None:
    role = examples.ROLES["core"]
    policy = f'resource "aws_iam_role_policy" "p" {{\n  role = aws_iam_role.{role}.name\n  policy = var.p\n}}\n'
    main = examples.TABLE + examples.role("core") + 'variable "p" {}\n' + policy
    (findings,) = _found("CKV2_MEALS_402", main, tmp_path).values()
    assert all(isinstance(each, UnknownFinding) for each in findings)


def test_a_role_is_kept_from_what_the_other_stack_declares(tmp_path: Path) -> None:
    store = examples.role("core").replace(examples.ROLES["core"], "event-store_server_instance-profile_role_0821AAA6")
    main = store.replace("meals-core", "meals-prod-event-store") + examples.role("core")
    open_policy = examples.allowing("core", "s3:GetObject", "arn:aws:s3:::meals-prod-state-*")
    assert list(_found("CKV2_MEALS_404", main + open_policy, tmp_path)) == ["aws_iam_role_policy.core"]


def test_a_role_may_read_what_has_another_name(tmp_path: Path) -> None:
    store = examples.role("core").replace(examples.ROLES["core"], "event-store_server_instance-profile_role_0821AAA6")
    main = store.replace("meals-core", "meals-prod-event-store") + examples.role("core")
    narrow = examples.allowing("core", "s3:GetObject", "arn:aws:s3:::meals-prod-images-*")
    assert _found("CKV2_MEALS_404", main + narrow, tmp_path) == {}


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_the_claims_hold_in_the_bootstrap_stack(
    environment: str, synthesized_bootstrap: Mapping[str, Any], tmp_path: Path
) -> None:
    configuration = read(synthesized_bootstrap[environment], tmp_path)
    found = [(rule.id, *each) for rule in ACCESS.values() for each in rule.judge(configuration) if each[1]]
    assert found == []


@pytest.mark.parametrize(
    ("rule", "action", "resource"),
    [
        ("CKV2_MEALS_401", "dynamodb:ExportTableToPointInTime", "*"),
        ("CKV2_MEALS_402", "dynamodb:UpdateTimeToLive", "*"),
        ("CKV2_MEALS_403", "secretsmanager:GetSecretValue", "*"),
        ("CKV2_MEALS_406", "iam:PutRolePolicy", "*"),
        ("CKV2_MEALS_407", "kms:PutKeyPolicy", "*"),
        ("CKV2_MEALS_408", "backup:DeleteRecoveryPoint", "*"),
    ],
)
def test_what_the_pipeline_may_not_do_is_found(
    rule: str, action: str, resource: str, synthesized_bootstrap: Mapping[str, Any], tmp_path: Path
) -> None:
    document = copy.deepcopy(synthesized_bootstrap["prod"])
    PLAN.policy(lambda statements: statements.append(_allow(action, resource))).apply(document)
    found = [each.construct_path for each, findings in ACCESS[rule].judge(read(document, tmp_path)) if findings]
    assert found == ["prod-bootstrap/delivery/plan-state"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("claims: {CKV2_MEALS_401: {over: [{from: nobody, to: everything, can: read}]}}", "unknown names: nobody"),
        ("claims: {CKV2_MEALS_401: {over: [{from: everybody, to: everything}]}}", "can: Field required"),
        ("claims: {CKV2_MEALS_401: {rows: []}}", "rows: Extra inputs"),
        ("claims: [", "while parsing"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(text: str, said: str) -> None:
    rest = "names: []\ncallers: {}\nothers: {}\nthings: {}\ngroups: {}\n"
    with pytest.raises(AccessClaimsError, match=said):
        parse(f"{rest}{text}\n".encode(), file="access.yaml")


def test_a_topic_that_the_settings_add_is_one_of_the_topics(tmp_path: Path) -> None:
    added = examples.TOPIC.replace("meal-ready_D7A83994", "meal-late_199788B5").replace("meal-ready", "meal-late")
    first = "${aws_sns_topic.notifications_meal-ready_D7A83994.arn}"
    main = examples.TOPIC + added + examples.role("pipes") + examples.allowing("pipes", "sns:Publish", first)
    ((finding,),) = _found("CKV2_MEALS_409", main, tmp_path).values()
    assert "may not do sns:Publish to aws_sns_topic.notifications_meal-late_199788B5" in finding.found


@pytest.mark.parametrize("topic", ["meal-ready", "meal-out-of-stock", "payment-failed"])
def test_a_topic_that_is_gone_is_missed(topic: str, synthesized: Mapping[str, Any], tmp_path: Path) -> None:
    document = copy.deepcopy(synthesized["dev"])
    kind, topics = "aws_sns_topic", document["resource"]["aws_sns_topic"]
    del topics[resource(document, kind, f"notifications/{topic}").name]
    found = [
        each.found for _, findings in ACCESS["CKV2_MEALS_410"].judge(read(document, tmp_path)) for each in findings
    ]
    assert found == [f"there is no {topic.replace('-', '_')}: no {kind} at notifications/{topic}"]


def test_what_must_be_allowed_and_only_may_be_is_unknown(tmp_path: Path) -> None:
    allowing = examples.allowing("pipes", "sns:Publish", "${var.topic}")
    main = examples.TOPIC + examples.role("pipes") + allowing + 'variable "topic" {}\n'
    (findings,) = _found("CKV2_MEALS_409", main, tmp_path).values()
    assert [type(each) for each in findings] == [UnknownFinding]
    assert "may not do sns:Publish" in findings[0].found
