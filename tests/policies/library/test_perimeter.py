"""Which statements keep calls from outside a VPC endpoint away, and which only seem to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.library.documents import document
from policies.library.model import Configuration
from policies.library.perimeter import binds_to_endpoint, holds_events, is_bound, open_actions
from policies.library.values import Unknown, UnknownValue
from tests.support.reading import Load

ENDPOINT = {"StringNotEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}}
NOTHING = Configuration({})


def policy(**statement: Any) -> str:
    """A policy with one refusal."""
    return json.dumps(
        {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"} | statement}
    )


@pytest.mark.parametrize(
    ("condition", "binds"),
    [
        (ENDPOINT, True),
        ({"StringNotEquals": {"aws:SourceVpc": "vpc-0123456789abcdef0"}}, True),
        (ENDPOINT | {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}, True),
        (ENDPOINT | {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/backup-*"}}, True),
        (ENDPOINT | {"ForAllValues:StringNotEquals": {"aws:CalledVia": "dynamodb.amazonaws.com"}}, True),
        ({}, False),
        ({"StringNotEqualsIfExists": {"aws:SourceVpce": "vpce-0123456789abcdef0"}}, False),
        ({"StringEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}}, False),
        ({"ForAnyValue:StringNotEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}}, False),
        ({"StringNotLike": {"aws:SourceVpce": ["vpce-0123456789abcdef0", "*"]}}, False),
        (ENDPOINT | {"Bool": {"aws:PrincipalIsAWSService": "false"}}, False),  # anonymous calls lack the key
        (ENDPOINT | {"BoolIfExists": {"aws:ViaAWSService": "false"}}, False),
        (ENDPOINT | {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*"}}, False),
        (ENDPOINT | {"ArnNotLike": {"aws:PrincipalArn": "*"}}, False),
        (ENDPOINT | {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}, False),
    ],
)
def test_what_binds(condition: dict[str, Any], binds: bool) -> None:
    (statement,) = document(policy(Condition=condition), NOTHING).refusals
    assert binds_to_endpoint(statement) is binds


def test_an_endpoint_that_is_not_known_is_not_taken_for_one(load: Load) -> None:
    configuration = load(
        'variable "endpoint" {}\n'
        'resource "aws_s3_bucket_policy" "p" {\n'
        '  policy = jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "*",\n'
        '    Condition = { StringNotEquals = { "aws:SourceVpce" = var.endpoint } } }] })\n'
        "}\n"
    )
    found = document(configuration.resources["aws_s3_bucket_policy.p"].get("policy"), configuration)
    with pytest.raises(UnknownValue):
        open_actions([found], ["s3:GetObject"], lambda _: True)


@pytest.mark.parametrize(
    ("statement", "left_open"),
    [
        ({}, ()),
        ({"Action": ["s3:Get*", "s3:PutObject"]}, ("s3:DeleteObject",)),
        ({"NotAction": "s3:PutObject", "Action": None}, ("s3:PutObject",)),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")),
        ({"Effect": "Allow"}, ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")),
    ],
)
def test_which_actions_are_left_open(statement: dict[str, Any], left_open: tuple[str, ...]) -> None:
    decoded = json.loads(policy(Condition=ENDPOINT, **statement))
    decoded["Statement"] = {name: value for name, value in decoded["Statement"].items() if value is not None}
    found = document(json.dumps(decoded), NOTHING)
    assert open_actions([found], ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"), lambda _: True) == left_open


@pytest.mark.parametrize(
    ("name", "tags", "holds"),
    [
        ("meals-prod-event-store", "{}", True),
        ("EventStore", "{}", True),
        ("orders", '{ Purpose = "event sourcing" }', True),
        ("sessions", "{}", False),
        ("event-log", "{}", False),
    ],
)
def test_which_tables_hold_events(name: str, tags: str, holds: bool, load: Load) -> None:
    configuration = load(f'resource "aws_dynamodb_table" "t" {{\n  name = "{name}"\n  tags = {tags}\n}}\n')
    assert holds_events(configuration.resources["aws_dynamodb_table.t"]) is holds


def test_other_peoples_tables_are_not_bound(load: Load) -> None:
    orders = 'resource "aws_dynamodb_table" "orders" {\n  name = "orders"\n}\n'
    store = 'resource "aws_dynamodb_table" "events" {\n  name = "event-store"\n}\n'
    meant = policy(Condition=ENDPOINT)
    alone = load(orders)
    assert not is_bound(alone.resources["aws_dynamodb_table.orders"], [meant, Unknown("var.policy")], alone)
    beside = load(orders + store)
    table = beside.resources["aws_dynamodb_table.orders"]
    assert is_bound(table, [meant], beside)
    assert not is_bound(table, [policy()], beside)
    with pytest.raises(UnknownValue):
        is_bound(table, [Unknown("var.policy")], beside)


def test_each_of_several_policies_must_bind() -> None:
    binding, other = document(policy(Condition=ENDPOINT), NOTHING), document(policy(), NOTHING)
    assert open_actions([binding], ["s3:GetObject"], lambda _: True) == ()
    assert open_actions([binding, other], ["s3:GetObject"], lambda _: True) == ("s3:GetObject",)
    assert open_actions([], ["s3:GetObject"], lambda _: True) == ("s3:GetObject",)
