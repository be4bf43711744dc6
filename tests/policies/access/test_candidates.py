"""The index of who may be granted what leaves out nobody to whom a decision allows something."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from policies.access.model import Account, Caller, Position, Requester
from policies.access.text import assigned, undetermined
from tests.support.access import OTHER, OWN, World, allow, bucket, identity, resource, role, service, user
from tests.support.random_access import ACTIONS, QUESTIONS, Question, asked

READ = {"b": ("s3:GetObject",)}
UNKNOWN = undetermined("account")


def listed(principal: object, caller: Requester, *, own: str = OWN) -> bool:
    """Whether the index has a bucket whose policy lets a principal in, for a caller without permissions."""
    thing = bucket(resource(allow("s3:GetObject", principal=principal)))
    accounts = (Account(OWN, own, "own"), Account(OTHER, OTHER, "other"))
    decisions = World((thing,), accounts).decisions(Caller(caller, (Position("anywhere"),)), actions=READ["b"])
    return bool(decisions.candidates(READ).of(caller, decisions.own_grants(caller)))


@given(QUESTIONS)
@settings(max_examples=60)
def test_what_is_allowed_is_found(question: Question) -> None:
    decisions, caller, thing = asked(question)
    answer = decisions.answer(caller, thing, ACTIONS[question.kind])
    found = list(decisions.answers([caller], {thing.key: ACTIONS[question.kind]}))
    assert [each.allowed for each in found] == ([answer.allowed] if answer else [])


@pytest.mark.parametrize(
    ("arn", "caller", "expected"),
    [
        (f"arn:aws:iam::{OWN}:role/role", role(), True),
        (f"arn:aws:iam::{OWN}:role/path/role", replace(role(), arn=f"arn:aws:iam::{OWN}:role/path/role"), True),
        (f"arn:aws:sts::{OWN}:assumed-role/role/session", role(), True),
        (f"arn:aws:iam::{OWN}:role/else", role(), False),
        (f"arn:aws:iam::{OWN}:user/user", user(), True),
        (OWN, role(), False),
        (OTHER, role(account=OTHER), True),
        (f"arn:aws:iam::{OTHER}:root", user(account=OTHER), True),
        (f"arn:aws:iam::{undetermined('var.account')}:root", user(account=OTHER), True),
        (f"arn:aws:iam::{undetermined('var.account')}:role/role", role(), True),
        (f"arn:aws:iam::{OWN}:role/{undetermined('var.name')}", role(), True),
        (f"arn:aws:iam::{OWN}:role/{assigned('suffix')}", role(), False),
        (undetermined("var.principal"), role(), True),
        ("AROAEXAMPLE", role(), True),
        ("*", role(), True),
    ],
)
def test_who_a_policy_names(arn: str, caller: Requester, expected: bool) -> None:
    assert listed({"AWS": arn}, caller) is expected


def test_an_account_that_nobody_knows_may_be_any() -> None:
    caller = replace(role(), arn=f"arn:aws:iam::{UNKNOWN}:role/role")
    assert listed({"AWS": f"arn:aws:iam::{OTHER}:role/role"}, caller, own=UNKNOWN)
    assert not listed({"AWS": f"arn:aws:iam::{OTHER}:role/else"}, caller, own=UNKNOWN)
    anybody = replace(role(), arn=undetermined("var.arn"))
    assert listed({"AWS": f"arn:aws:iam::{OTHER}:role/else"}, anybody)


def test_services_by_their_name() -> None:
    assert listed({"Service": "sns.amazonaws.com"}, service("sns.amazonaws.com"))
    assert not listed({"Service": "sqs.amazonaws.com"}, service("sns.amazonaws.com"))
    assert listed({"Service": undetermined("var.service")}, service("sns.amazonaws.com"))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("s3:*"), ["a", "b"]),
        (allow("s3:GetObject", "arn:aws:s3:::b/*"), ["b"]),
        (allow("s3:GetObject", "arn:aws:s3:::?"), []),
        (allow("sqs:*"), []),
        (allow("s3:PutObject"), []),
    ],
)
def test_what_a_caller_s_own_policies_are_about(statement: dict[str, object], expected: list[str]) -> None:
    things = (bucket(name="a"), bucket(name="b"), replace(bucket(name="c"), account=OTHER))
    caller = role("role", identity(statement))
    decisions = World(things).decisions(
        Caller(caller, (Position("anywhere"),)), actions=["s3:GetObject", "s3:PutObject"]
    )
    candidates = decisions.candidates({each.key: ("s3:GetObject",) for each in things})
    assert [each.key for each in candidates.of(caller, decisions.own_grants(caller))] == expected
