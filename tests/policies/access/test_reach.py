"""What statements may be about leaves out nothing that a decision allows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from policies.access.reach import Reach, may_be_granted
from policies.access.text import undetermined
from tests.support.access import Json, allow, bucket, identity
from tests.support.random_access import ACTIONS, QUESTIONS, Question, asked

READ, WRITE = "s3:GetObject", "s3:PutObject"
OBJECTS = "arn:aws:s3:::b/*"


@given(QUESTIONS)
@settings(max_examples=60, deadline=None)
def test_what_is_allowed_may_be_granted(question: Question) -> None:
    decisions, caller, thing = asked(question)
    actions = ACTIONS[question.kind]
    allows = (each for policy in caller.principal.identity for each in policy.statements if each.allows)
    own = Reach(allows, actions)
    if decisions.answer(caller, thing, actions):
        assert may_be_granted(caller.principal, thing, own, {each.lower() for each in actions})


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow(READ, OBJECTS), True),
        (allow("s3:Get*", "arn:aws:s3:::b/a"), True),
        (allow(READ, "arn:aws:s3:::c/*"), False),
        (allow(WRITE, OBJECTS), False),
        (allow(READ, "arn:aws:s3:::${aws:username}/*"), True),
        (allow(READ, f"arn:aws:s3:::{undetermined('var.bucket')}/*"), True),
        (allow(undetermined("var.action"), OBJECTS), True),
        ({"Effect": "Allow", "NotAction": READ, "Resource": OBJECTS}, False),
        ({"Effect": "Allow", "NotAction": WRITE, "Resource": OBJECTS}, True),
        ({"Effect": "Allow", "NotAction": undetermined("var.action"), "Resource": OBJECTS}, True),
        ({"Effect": "Allow", "Action": READ, "NotResource": OBJECTS}, True),
    ],
)
def test_what_a_statement_may_be_about(statement: Json, expected: bool) -> None:
    reach = Reach(identity(statement).statements, [READ, WRITE])
    assert reach.is_about(bucket(), {READ.lower()}) is expected


def test_no_statement_is_about_nothing() -> None:
    assert not Reach(identity(allow("sqs:*")).statements, [READ])
    assert Reach(identity(allow("s3:*")).statements, [READ])
