"""Whom policies let in by conditions on who asks: strangers of any account, and services."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from policies.access.read.principals import ADMINISTRATORS, OTHERS, ROOT, STRANGERS
from tests.support.access import senders
from tests.support.reading import ReadAccess

OWN, PARTNER = "123456789012", "111122223333"
SERVICE = "any service"
OF_OTHERS = "any service for another account"
PROVIDER = f'provider "aws" {{ allowed_account_ids = ["{OWN}"] }}\n'


def allow(
    condition: Mapping[str, Mapping[str, Any]], effect: str = "Allow", principal: object = "*"
) -> dict[str, object]:
    return {
        "Effect": effect,
        "Principal": principal,
        "Action": "sqs:SendMessage",
        "Resource": "*",
        "Condition": condition,
    }


def queue(*statements: Mapping[str, object], provider: str = PROVIDER) -> str:
    document = json.dumps(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    return f'{provider}resource "aws_sqs_queue" "q" {{\n  name = "q"\n  policy = {document}\n}}\n'


def role(principal: object) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    document = json.dumps(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    return f'{PROVIDER}resource "aws_iam_role" "r" {{\n  name = "r"\n  assume_role_policy = {document}\n}}\n'


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalAccount": PARTNER}},
        {"StringEquals": {"aws:PrincipalAccount": [OWN, PARTNER]}},
        {"StringLike": {"aws:PrincipalAccount": "1*"}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{PARTNER}:role/*"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci-*"}},
        {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/deploy"}},
        {"StringEquals": {"aws:PrincipalType": "User"}},
        {"StringEquals": {"aws:username": "deploy"}},
        {"StringLike": {"aws:userid": "AROAEXAMPLE:*"}},
        {
            "StringEquals": {"aws:PrincipalAccount": PARTNER},
            "ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{PARTNER}:*"},
        },
    ],
)
def test_a_stranger_is_of_any_account_and_has_any_name(
    model: ReadAccess, condition: Mapping[str, Mapping[str, Any]]
) -> None:
    assert senders(model(queue(allow(condition))))[STRANGERS]


NAMED = "o-abcdefghij"


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalOrgID": NAMED}},
        {"StringNotEquals": {"aws:PrincipalOrgID": NAMED}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{NAMED}/*"}},
        {"StringEquals": {"aws:ResourceOrgID": NAMED}},
        {"ForAnyValue:StringLike": {"aws:ResourceOrgPaths": f"{NAMED}/*"}},
    ],
)
def test_whether_anybody_is_in_a_named_organization_is_not_known(
    model: ReadAccess, condition: Mapping[str, Mapping[str, Any]]
) -> None:
    found = senders(model(queue(allow(condition))))
    assert found[OTHERS] is False
    assert found[STRANGERS] is ("StringNotEquals" in condition)  # some are in none
    partner = senders(model(queue(allow(condition, principal={"AWS": PARTNER}))))
    assert partner[f"any principal of account {PARTNER}"] is ("StringNotEquals" in condition)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"aws:SourceOrgID": NAMED}}, False),
        ({"ForAnyValue:StringLike": {"aws:SourceOrgPaths": f"{NAMED}/*"}}, False),
        ({"StringLike": {"aws:PrincipalServiceName": "*"}}, True),
    ],
)
def test_whether_a_service_acts_for_a_named_organization_is_not_known(
    model: ReadAccess, condition: Mapping[str, Mapping[str, Any]], expected: bool
) -> None:
    found = senders(model(queue(allow(condition, principal={"Service": "s3.amazonaws.com"}))))
    assert found["s3.amazonaws.com"] is found["s3.amazonaws.com for another account"] is expected


def test_the_account_is_in_the_organization_that_is_looked_up(model: ReadAccess) -> None:
    organization = 'data "aws_organizations_organization" "o" {}\n'
    asked = queue(allow({"StringEquals": {"aws:PrincipalOrgID": "ORGANIZATION"}}))
    found = senders(model(organization + asked.replace("ORGANIZATION", "${data.aws_organizations_organization.o.id}")))
    assert found[OTHERS] is True
    assert found[STRANGERS] is False


def test_a_deny_for_other_organizations_keeps_nobody_out_for_certain(model: ReadAccess) -> None:
    outside = allow({"StringNotEquals": {"aws:PrincipalOrgID": NAMED}}, effect="Deny")
    found = senders(model(queue(allow({}), outside)))
    assert found[STRANGERS] is found[OTHERS] is False
    assert "anonymous" not in found


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalAccount": OWN}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:*"}},
        {
            "StringEquals": {"aws:PrincipalAccount": PARTNER},
            "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:*"},
        },
        {
            "StringNotEquals": {"aws:PrincipalAccount": PARTNER},
            "ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{PARTNER}:*"},
        },
    ],
)
def test_a_stranger_is_not_of_the_own_account_nor_of_two(
    model: ReadAccess, condition: Mapping[str, Mapping[str, Any]]
) -> None:
    assert STRANGERS not in senders(model(queue(allow(condition))))


def test_a_deny_for_all_but_the_own_account_stops_every_stranger(model: ReadAccess) -> None:
    denied = allow({"StringNotEquals": {"aws:PrincipalAccount": OWN}}, effect="Deny")
    found = senders(model(queue(allow({}), denied)))
    assert STRANGERS not in found
    assert OTHERS in found


def test_an_account_that_is_named_may_be_the_own_one_if_that_is_unknown(model: ReadAccess) -> None:
    condition = {"StringEquals": {"aws:PrincipalAccount": PARTNER}}
    assert senders(model(queue(allow(condition), provider="")))[STRANGERS] is False


def test_an_account_that_is_named_has_principals_of_any_name(model: ReadAccess) -> None:
    partner = f"any principal of account {PARTNER}"
    root = {"AWS": f"arn:aws:iam::{PARTNER}:root"}
    for number, lets_in in ((PARTNER, True), ("444455556666", False)):
        condition = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{number}:role/ci"}}
        assert (partner in senders(model(queue(allow(condition, principal=root))))) is lets_in


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, {SERVICE, OF_OTHERS}),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}, {SERVICE, OF_OTHERS}),
        ({"Null": {"aws:SourceArn": "false"}}, {SERVICE, OF_OTHERS}),
        ({"Bool": {"aws:PrincipalIsAWSService": "true"}}, {SERVICE, OF_OTHERS}),
        ({"StringEquals": {"aws:PrincipalServiceName": "sns.amazonaws.com"}}, {SERVICE, OF_OTHERS}),
        ({"StringEquals": {"aws:SourceAccount": OWN}}, {SERVICE}),
        ({"StringEquals": {"aws:SourceAccount": PARTNER}}, {OF_OTHERS}),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:sns:eu-west-1:{OWN}:t"}}, {SERVICE}),
        ({"Bool": {"aws:PrincipalIsAWSService": "false"}}, set()),
    ],
)
def test_everyone_is_any_service_too(
    model: ReadAccess, condition: Mapping[str, Mapping[str, Any]], expected: set[str]
) -> None:
    assert {SERVICE, OF_OTHERS} & senders(model(queue(allow(condition)))).keys() == expected


def test_there_is_no_service_that_nothing_names(model: ReadAccess) -> None:
    found = model(queue(allow({}, principal={"AWS": f"arn:aws:iam::{OWN}:root"})))
    assert not {SERVICE, OF_OTHERS} & found.principals.keys()


def test_a_role_is_not_passed_to_a_service_in_another_account(model: ReadAccess) -> None:
    for service, others in (("ec2.amazonaws.com", False), ("guardduty.amazonaws.com", True)):
        found = senders(model(role({"Service": service})), "aws_iam_role.r", "sts:AssumeRole")
        assert service in found
        assert (f"{service} for another account" in found) is others


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        (f"arn:aws:iam::{OWN}:role/legacy", {f"arn:aws:iam::{OWN}:role/legacy"}),
        (f"arn:aws:sts::{OWN}:assumed-role/legacy/job", {f"arn:aws:sts::{OWN}:assumed-role/legacy/job"}),
        (f"arn:aws:iam::{OWN}:role/path/declared", {"aws_iam_role.r"}),
        (f"arn:aws:sts::{OWN}:assumed-role/declared/job", {"aws_iam_role.r"}),
        (
            f"arn:aws:iam::{PARTNER}:role/ci",
            {f"arn:aws:iam::{PARTNER}:role/ci"},
        ),
        (
            f"arn:aws:iam::{PARTNER}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
            {f"arn:aws:iam::{PARTNER}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"},
        ),
        (
            "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1",
            {"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"},
        ),
    ],
)
def test_who_is_named_and_not_declared_is_somebody_of_their_own(
    model: ReadAccess, principal: str, expected: set[str]
) -> None:
    declared = role({"Service": "ec2.amazonaws.com"}).replace('name = "r"', 'name = "declared"\n  path = "/path/"')
    named = queue(allow({}, principal={"AWS": principal}), provider="")
    assert senders(model(declared + named)).keys() - {ADMINISTRATORS, ROOT} == expected


def test_a_name_has_what_is_not_known_in_angle_brackets(model: ReadAccess) -> None:
    found = model(NO_PROVIDER + queue(allow({}, principal={"AWS": f"arn:aws:iam::{ITSELF}:role/x"}), provider=""))
    assert "arn:aws:iam::<account>:role/x" in {each.name for each in found.principals.values()}


def test_others_of_the_account_have_any_name_that_nobody_else_has(model: ReadAccess) -> None:
    named = f"arn:aws:iam::{OWN}:role/legacy"
    for pattern, lets_in in (("role/ci-*", True), ("role/legacy", False), ("root", False), ("user/*", True)):
        by_name = allow({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:{pattern}"}})
        found = senders(model(queue(by_name, allow({}, effect="Deny", principal={"AWS": named}))))
        assert (OTHERS in found) is lets_in, pattern


def test_any_other_principal_of_an_account_is_none_that_is_named(model: ReadAccess) -> None:
    names = [f"arn:aws:iam::{PARTNER}:role/{each}" for each in ("a", "b")]
    others = f"any other principal of account {PARTNER}"
    for each, lets_in in (("a", False), ("b", False), ("c", True)):
        by_name = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{PARTNER}:role/{each}"}}
        statements = (allow({}, effect="Deny", principal={"AWS": names}), allow(by_name))
        assert (others in senders(model(queue(*statements)))) is lets_in, each


NO_PROVIDER = 'data "aws_caller_identity" "me" {}\n'
ITSELF = "${data.aws_caller_identity.me.account_id}"


@pytest.mark.parametrize(
    "statements",
    [
        [allow({}, principal={"AWS": f"arn:aws:iam::{ITSELF}:root"})],
        [allow({}, principal={"AWS": ITSELF})],
        [allow({"StringEquals": {"aws:PrincipalAccount": ITSELF}})],
        [allow({"StringEquals": {"aws:SourceOwner": ITSELF}})],
        [allow({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ITSELF}:role/*"}})],
        [allow({}), allow({"StringNotEquals": {"aws:PrincipalAccount": ITSELF}}, effect="Deny")],
        [allow({}), allow({"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ITSELF}:*"}}, effect="Deny")],
    ],
)
def test_the_own_account_is_no_strangers_though_nobody_knows_its_number(
    model: ReadAccess, statements: list[dict[str, object]]
) -> None:
    partner = f'{{ Effect = "Allow", Principal = {{ AWS = "{PARTNER}" }}, Action = "*", Resource = "*" }}'
    named = f"""
    resource "aws_sqs_queue" "other" {{
      name   = "other"
      policy = jsonencode({{ Statement = [{partner}] }})
    }}
    """
    found = senders(model(queue(*statements, provider=NO_PROVIDER + named)))
    assert STRANGERS not in found
    assert not any(key.endswith("for another account") for key in found)
    assert not found.get(f"any principal of account {PARTNER}", False)
    assert ADMINISTRATORS in found


def test_a_stranger_may_be_whom_a_variable_names(model: ReadAccess) -> None:
    variable = 'variable "partner" {}\n'
    found = senders(model(queue(allow({}, principal={"AWS": "${var.partner}"}), provider=NO_PROVIDER + variable)))
    assert found[STRANGERS] is False


def test_a_service_of_a_region_that_is_not_known_may_be_let_in(model: ReadAccess) -> None:
    statement = allow({}, principal={"Service": "logs.REGION.amazonaws.com"})
    main = queue(statement).replace("REGION", "${data.aws_region.here.name}") + 'data "aws_region" "here" {}\n'
    found = {key: surely for key, surely in senders(model(main)).items() if key.startswith("logs.")}
    assert list(found.values()) == [False, False]


@pytest.mark.parametrize("named", ["role/x", "user/x", "role/deploy/x", "assumed-role/x/session"])
def test_somebody_named_of_an_account_that_is_not_known_may_be_of_each(model: ReadAccess, named: str) -> None:
    main = role({"AWS": [f"arn:aws:iam::{PARTNER}:root", f"arn:aws:iam::ACCOUNT:{named}"]})
    unknown = main.replace("ACCOUNT", "${var.partner}") + 'variable "partner" {}\n'
    found = senders(model(unknown), "aws_iam_role.r", "sts:AssumeRole")
    assert found[STRANGERS] is False
    only = unknown.replace(f'\\"arn:aws:iam::{PARTNER}:root\\", ', "")
    assert only != unknown
    assert senders(model(only), "aws_iam_role.r", "sts:AssumeRole")[STRANGERS] is False


@pytest.mark.parametrize(
    ("pattern", "expected"), [("aws_iam_user.u.unique_id", True), ("aws_iam_role.r.unique_id", False)]
)
def test_the_id_of_a_user_is_that_of_nobody_else(model: ReadAccess, pattern: str, expected: bool) -> None:
    statement = allow({"StringEquals": {"aws:userid": "ID"}})
    main = queue(statement).replace("ID", f"${{{pattern}}}") + role({"AWS": OWN}).removeprefix(PROVIDER)
    found = senders(model(main + 'resource "aws_iam_user" "u" { name = "u" }\n'))
    assert found["aws_iam_user.u"] is expected
