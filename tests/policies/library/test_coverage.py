"""What of a statement others do not cover."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.library.cidrs import networks
from policies.library.coverage import beyond, includes, is_within, text_of
from policies.library.documents import Statement, document
from policies.library.model import Configuration


def statement(**given: Any) -> Statement:
    text = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **given}
    body = {name: value for name, value in text.items() if value is not None}
    return document(json.dumps({"Statement": body}), Configuration({})).statements[0]


@pytest.mark.parametrize(
    ("pattern", "text", "is_included"),
    [
        ("*", "a", True),
        ("a*", "ab*", True),
        ("a*", "*", False),
        ("a?", "ab", True),
        ("a?", "a*", False),
        ("a", "a", True),
        ("${aws_s3_bucket.b.arn}/*", "${aws_s3_bucket.b.arn}/in/*", True),
        ("arn:*", "${aws_s3_bucket.b.arn}", False),
    ],
)
def test_a_pattern_includes_what_it_matches(pattern: str, text: str, is_included: bool) -> None:
    assert includes(pattern, text) is is_included


def test_only_the_rest_is_left() -> None:
    wide = statement(Action=["s3:GetObject", "s3:PutObject"], Resource=["a", "b"])
    rest = beyond(wide, [statement(Resource=["a", "b"])])
    assert rest is not None
    assert list(map(text_of, rest.actions)) == ["s3:PutObject"]
    assert beyond(wide, [statement(Resource=["a", "b"]), statement(Action="s3:Put*")]) is None
    assert beyond(wide, []) is not None


@pytest.mark.parametrize(
    ("one", "other", "is_covered"),
    [
        ({"NotAction": "iam:*", "Action": None}, {"Action": "*"}, True),
        ({"Action": "*"}, {"NotAction": "iam:*", "Action": None}, False),
        ({"NotAction": ["iam:*", "s3:*"], "Action": None}, {"NotAction": "iam:*", "Action": None}, True),
        ({"NotAction": "iam:*", "Action": None}, {"NotAction": ["iam:*", "s3:*"], "Action": None}, False),
        ({"Action": "iam:PassRole"}, {"NotAction": "iam:*", "Action": None}, False),
        ({"Action": "ec2:*"}, {"NotAction": "iam:PassRole", "Action": None}, True),
        ({"Action": "ec2:*"}, {"NotAction": "iam:*", "Action": None}, False),  # of two patterns nothing is decided
        ({"Effect": "Deny"}, {}, False),
        ({"Principal": {"AWS": "1"}}, {}, False),
        ({"Principal": {"Service": "a"}}, {"Principal": "*"}, False),
        ({"Action": "S3:getobject"}, {}, True),
    ],
)
def test_forms_that_invert(one: dict[str, Any], other: dict[str, Any], is_covered: bool) -> None:
    assert (beyond(statement(**one), [statement(**other)]) is None) is is_covered


def test_networks_lie_in_networks() -> None:
    assert is_within(networks(["10.1.0.0/16"]), networks(["10.0.0.0/8"]))
    assert not is_within(networks(["10.0.0.0/8"]), networks(["10.1.0.0/16"]))
    assert not is_within(networks(["::/0"]), networks(["0.0.0.0/0"]))
