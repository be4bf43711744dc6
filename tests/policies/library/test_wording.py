"""Statements of policies in words, and what ARNs mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.library.documents import document
from policies.library.model import Configuration
from policies.library.values import interpolated
from policies.library.wording import arn_name, sentence


def name(value: Any) -> str:
    return arn_name(str(getattr(value, "expression", value)), {"111111111111"}, {"us-east-1"})


def words(**statement: Any) -> str:
    body = {"Effect": "Allow", "Action": "s3:GetObject", **statement}
    text = json.dumps({"Statement": [{key: value for key, value in body.items() if value is not None}]})
    (one,) = document(interpolated(text), Configuration({})).statements
    return sentence(one, name, holder="role server", target="role server" if one.principals else "")


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ({"Resource": "arn:aws:s3:::b/*"}, "Allow role server to read objects of bucket b"),
        ({"Resource": "arn:aws:s3:::b/in/*"}, "Allow role server to read objects of in/* in bucket b"),
        ({"Resource": "*", "Action": "*"}, "Allow role server to do everything with everything"),
        (
            {"Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]},
            "Allow role server to read objects and list (s3:ListBucket) on bucket b",
        ),
        (
            {"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "arn:aws:kms:us-east-1:111111111111:key/k"},
            "Allow role server to decrypt and make data keys with key k",
        ),
        (
            {"Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:222222222222:q"},
            "Allow role server to send messages to queue q of account 222222222222 in eu-west-1",
        ),
        (
            {"Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
            "Allow ec2.amazonaws.com to assume role server",
        ),
        (
            {"Principal": {"AWS": "arn:aws:iam::222222222222:root"}, "Resource": "*"},
            "Allow account 222222222222 to read objects of role server",
        ),
        ({"Principal": "*", "Resource": "*"}, "Allow everyone to read objects of role server"),
        (
            {"NotPrincipal": {"AWS": "222222222222"}, "Effect": "Deny", "Action": "s3:*", "Resource": "*"},
            "Deny everyone but account 222222222222 to do everything with role server",
        ),
        (
            {"Action": None, "NotAction": "iam:*", "Resource": "*"},
            "Allow role server to do everything but iam:* on everything",
        ),
        ({"Resource": "${aws_s3_bucket.b.arn}"}, "Allow role server to read objects of aws_s3_bucket.b.arn"),
    ],
)
def test_a_statement_in_words(statement: dict[str, Any], text: str) -> None:
    assert words(**statement) == text


@pytest.mark.parametrize(
    ("effect", "condition", "text"),
    [
        ("Allow", {"StringEquals": {"aws:SourceVpce": "vpce-1"}}, "only through vpce-1"),
        ("Allow", {"StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}}, "only through vpce-1 or vpce-2"),
        ("Allow", {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, "not through vpce-1"),
        ("Deny", {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, "but not through vpce-1"),
        ("Deny", {"StringEquals": {"aws:SourceVpce": "vpce-1"}}, "through vpce-1"),
        ("Deny", {"Bool": {"aws:SecureTransport": "false"}}, "without TLS"),
        ("Allow", {"Bool": {"aws:SecureTransport": "true"}}, "only over TLS"),
        (
            "Allow",
            {"StringEqualsIfExists": {"aws:SourceAccount": "2"}},
            "only on behalf of account 2 (or without that key)",
        ),
        (
            "Allow",
            {"ForAnyValue:StringEquals": {"aws:Some": "a"}},
            "if ForAnyValue:StringEquals aws:Some is a",
        ),
        (
            "Allow",
            {"NumericLessThan": {"aws:MultiFactorAuthAge": "60"}},
            "if NumericLessThan aws:MultiFactorAuthAge is 60",
        ),
    ],
)
def test_a_condition_in_words(effect: str, condition: dict[str, Any], text: str) -> None:
    said = words(Effect=effect, Resource="arn:aws:s3:::b/*", Condition=condition)
    assert said.partition(", ")[2] == text


@pytest.mark.parametrize(
    ("arn", "text"),
    [
        ("*", "everything"),
        ("arn:aws:s3:::*", "every bucket"),
        ("arn:aws:logs:us-east-1:111111111111:*", "everything of logs"),
        ("arn:aws:logs:us-east-1:111111111111:log-group:/a/b:*", "log group /a/b"),
        ("arn:aws:secretsmanager:us-east-1:111111111111:secret:db-??????", "secret db"),
        ("arn:aws:dynamodb:us-east-1:111111111111:table/meals-*", "table meals-*"),
        ("arn:aws:kms:us-east-1:111111111111:key/*", "every key"),
        ("arn:aws:iam::222222222222:role/x", "role x of account 222222222222"),
        ("not an arn", "not an arn"),
    ],
)
def test_what_an_arn_means(arn: str, text: str) -> None:
    assert name(arn) == text
