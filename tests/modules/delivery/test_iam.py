"""IAM's evaluation as the tests of policies have it, against the rules in the IAM user guide."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.iam import Context, Request, grants, parse

QUEUE = "arn:aws:sqs:us-east-1:111111111111:orders"


def policy(**elements: Any) -> str:
    """A policy of one statement that allows everything, with some elements replaced; None leaves one out."""
    statement = {"Sid": "One", "Effect": "Allow", "Action": "*", "Resource": "*", **elements}
    return json.dumps({"Statement": [{key: value for key, value in statement.items() if value is not None}]})


def allows(
    *policies: str, action: str = "sqs:SendMessage", resource: str = QUEUE, context: Context | None = None
) -> bool:
    """Whether policies allow a request."""
    return bool(grants(policies, Request(action, resource, context or {})))


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({}, True),
        ({"Action": "sqs:SendMessage"}, True),
        ({"Action": ["sqs:ReceiveMessage", "sqs:Send*"]}, True),
        ({"Action": "SQS:sendmessage"}, True),
        ({"Action": "sqs:Send"}, False),
        ({"Action": "sqs:SendMessag?"}, True),
        ({"Action": "sqs:[S]endMessage"}, False),
        ({"Action": None, "NotAction": "sqs:Delete*"}, True),
        ({"Action": None, "NotAction": ["sqs:Delete*", "sqs:Send*"]}, False),
        ({"Resource": "arn:aws:sqs:*:111111111111:ord*"}, True),
        ({"Resource": "arn:aws:sqs:*:111111111111:ORDERS"}, False),
        ({"Resource": None, "NotResource": QUEUE}, False),
        ({"Resource": None, "NotResource": f"{QUEUE}-2"}, True),
    ],
)
def test_action_and_resource(elements: dict[str, Any], expected: bool) -> None:
    assert allows(policy(**elements)) is expected


def test_nothing_is_allowed_by_itself() -> None:
    assert not allows()


def test_a_refusal_stands_above_every_grant() -> None:
    refusal = policy(Effect="Deny", Action="sqs:*")
    assert not allows(policy(), refusal)
    assert allows(policy(), refusal, action="sns:Publish")


@pytest.mark.parametrize(
    ("operator", "values", "found", "expected"),
    [
        ("StringEquals", "eu", "eu", True),
        ("StringEquals", ["us", "eu"], "eu", True),
        ("StringEquals", "eu", "EU", False),
        ("StringEquals", "eu", None, False),
        ("StringEqualsIfExists", "eu", None, True),
        ("StringEqualsIfExists", "eu", "us", False),
        ("StringNotEquals", ["us", "eu"], "eu", False),
        ("StringNotEquals", "eu", None, True),
        ("StringLike", "e?", "eu", True),
        ("StringNotLike", "e*", "eu", False),
        ("Bool", "true", "TRUE", True),
        ("Bool", "true", "false", False),
        ("Bool", "true", None, False),
        ("ArnLike", "arn:aws:sqs:*:1*:orders", QUEUE, True),
        ("ArnLike", "arn:aws:*:orders", QUEUE, False),
        ("ArnEquals", "arn:aws:sqs:*:*:ord*", QUEUE, True),
        ("ArnNotEquals", QUEUE, QUEUE, False),
        ("ArnNotLike", "arn:aws:sns:*:*:*", QUEUE, True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a"], ["a", "b"], False),
        ("ForAllValues:StringEquals", ["a"], None, True),
        ("ForAnyValue:StringEquals", ["a"], ["a", "b"], True),
        ("ForAnyValue:StringEquals", ["a"], None, False),
    ],
)
def test_conditions(operator: str, values: Any, found: Any, expected: bool) -> None:
    context = {} if found is None else {"key": found}
    assert allows(policy(Condition={operator: {"key": values}}), context=context) is expected


def test_all_conditions_must_hold() -> None:
    conditions = {"StringEquals": {"one": "1", "two": "2"}, "Bool": {"three": "true"}}
    every = {"one": "1", "two": "2", "three": "true"}
    assert allows(policy(Condition=conditions), context=every)
    for key in every:
        assert not allows(policy(Condition=conditions), context={**every, key: "0"})


@pytest.mark.parametrize(
    "elements",
    [
        {"Condition": {"NumericLessThan": {"key": "1"}}},
        {"Condition": {"ForSomeValues:StringEquals": {"key": "1"}}},
        {"Principal": "*"},
        {"Effect": "Maybe"},
    ],
)
def test_what_is_not_evaluated_is_an_error(elements: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"One|IAM"):
        parse(policy(**elements))
