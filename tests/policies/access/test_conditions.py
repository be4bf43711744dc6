"""Conditions as AWS's pages describe them: values that fit, values that do not, and keys that are absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.access.model import Caller, Position
from policies.access.text import assigned, undetermined
from tests.support.access import OWN, World, allow, bucket, deny, holding, identity, may, role, user
from tests.support.request_evaluator import AskedOfAws, InForce, Who, is_allowed

Held = Mapping[str, str | Sequence[str] | None]


def holds(condition: Mapping[str, Any], held: Held) -> bool:
    """Whether a condition holds for a request: an Allow with it lets it through, a Deny with it does not."""
    allowing = role("role", identity(allow("s3:GetObject", condition=condition)))
    denying = role("role", identity(allow("s3:*"), deny("s3:GetObject", condition=condition)))
    here = Position("here", context=holding(held))
    allowed = may(allowing, "s3:GetObject", bucket(), at=here)
    assert may(denying, "s3:GetObject", bucket(), at=here) is not allowed
    return allowed


def test_what_may_turn_out_to_be_a_value_does_not_surely_differ_from_it() -> None:
    condition = {"StringNotEquals": {"aws:PrincipalTag/team": "blue"}}
    who = role("role", identity(allow("s3:GetObject", condition=condition)))
    for held, is_certain in ((undetermined("var.team"), False), (f"x{undetermined('var.team')}", True), ("red", True)):
        caller = Caller(who, (Position("here", context=holding({"aws:principaltag/team": held})),))
        answer = (
            World((bucket(),)).decisions(caller, actions=["s3:GetObject"]).answer(caller, bucket(), ["s3:GetObject"])
        )
        assert answer
        assert bool(answer.guaranteed) is is_certain


@pytest.mark.parametrize(
    ("operator", "written", "value", "expected"),
    [
        ("StringEquals", "Prod", "Prod", True),
        ("StringEquals", "Prod", "prod", False),
        ("StringEquals", ["a", "b"], "b", True),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", "a*", "a${*}", True),
        ("StringNotEquals", "a", "b", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringEqualsIgnoreCase", "Prod", "pROD", True),
        ("StringNotEqualsIgnoreCase", "Prod", "pROD", False),
        ("StringLike", "a*c", "abbc", True),
        ("StringLike", "a?c", "abbc", False),
        ("StringLike", "a${*}c", "abc", False),
        ("StringNotLike", "a*", "abc", False),
        ("NumericEquals", "10", "10.0", True),
        ("NumericLessThan", "10", "10", False),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "9", "10", True),
        ("NumericGreaterThanEquals", "11", "10", False),
        ("NumericNotEquals", "10", "10", False),
        ("DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:02Z", True),
        ("DateLessThan", "2020-01-01", "2020-01-01T00:00:00Z", False),
        ("DateLessThanEquals", "2020", "2019-12-31T23:59:59+00:00", True),
        ("DateEquals", "1577836800", "2020-01-01", True),
        ("DateNotEquals", "2020-01-01", "2020-01-01", False),
        ("Bool", "true", "true", True),
        ("Bool", "True", "true", True),
        ("Bool", "false", "true", False),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
        ("BinaryEquals", "QmluYXJ5", "qmluyxj5", False),
        ("IpAddress", "203.0.113.0/24", "203.0.113.200", True),
        ("IpAddress", "203.0.113.7", "203.0.113.8", False),
        ("IpAddress", ["203.0.113.0/24", "2001:db8::/32"], "2001:db8::1", True),
        ("NotIpAddress", "203.0.113.0/24", "203.0.113.200", False),
        ("NotIpAddress", "203.0.113.0/24", "198.51.100.1", True),
        ("ArnEquals", "arn:aws:sns:*:111111111111:*", "arn:aws:sns:us-east-1:111111111111:t", True),
        ("ArnLike", "arn:aws:x:*:111:f/*", "arn:aws:x:eu:999:s/a:111:f/d", False),
        ("StringLike", "arn:aws:x:*:111:f/*", "arn:aws:x:eu:999:s/a:111:f/d", True),
        ("ArnNotLike", "arn:aws:sns:*:*:*", "arn:aws:sns:us-east-1:111111111111:t", False),
    ],
)
def test_operators(operator: str, written: str | list[str], value: str, expected: bool) -> None:
    assert holds({operator: {"s3:key": written}}, {"s3:key": value}) is expected


@pytest.mark.parametrize(
    ("operator", "written", "expected"),
    [
        ("StringEquals", "a", False),
        ("StringNotEquals", "a", True),
        ("StringEqualsIfExists", "a", True),
        ("StringNotEqualsIfExists", "a", True),
        ("ArnNotLike", "arn:aws:sns:*:*:*", True),
        ("NumericLessThan", "1", False),
        ("NumericNotEquals", "1", True),
        ("DateGreaterThanIfExists", "2020-01-01", True),
        ("Bool", "true", False),
        ("BoolIfExists", "true", True),
        ("NotIpAddress", "10.0.0.0/8", True),
        ("IpAddressIfExists", "10.0.0.0/8", True),
        ("Null", "true", True),
        ("Null", "false", False),
        ("ForAllValues:StringEquals", "a", True),
        ("ForAnyValue:StringEquals", "a", False),
        ("ForAnyValue:StringEqualsIfExists", "a", True),
        ("ForAnyValue:StringNotEquals", "a", False),
    ],
)
def test_a_key_that_the_request_lacks(operator: str, written: str, expected: bool) -> None:
    assert holds({operator: {"s3:key": written}}, {"s3:key": None}) is expected


@pytest.mark.parametrize(
    ("operator", "written", "values", "expected"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a"], ["b"], False),
        ("ForAnyValue:StringEquals", ["a"], ["a"], True),
        ("ForAnyValue:StringEquals", ["a"], ["b"], False),
        ("ForAllValues:StringNotEquals", ["a"], ["b"], True),
        ("ForAllValues:StringNotEquals", ["a"], ["a"], False),
        ("ForAnyValue:StringLike", ["a*"], ["ab"], True),
        ("ForAnyValue:StringNotEquals", ["a"], ["a"], False),
        ("Null", "false", ["a"], True),
    ],
)
def test_keys_with_several_values(operator: str, written: str | list[str], values: list[str], expected: bool) -> None:
    assert holds({operator: {"aws:TagKeys": written}}, {"aws:tagkeys": values}) is expected


@pytest.mark.parametrize("is_in_the_same", [False, True])
def test_a_key_has_several_values_where_a_set_operator_is_for_it(is_in_the_same: bool) -> None:
    one, some = {"StringEquals": {"s3:key": "a"}}, {"ForAnyValue:StringLike": {"s3:key": "*"}}
    wants = [allow("s3:GetObject", condition={**one, **some})]
    if not is_in_the_same:
        wants = [allow("s3:GetObject", condition=one), allow("s3:PutObject", condition=some)]
    there = Position("here", context=holding({"s3:key": "b"}))
    assert may(role("role", identity(*wants)), "s3:GetObject", bucket(), at=there) is is_in_the_same


def test_a_request_may_choose_values_that_fit_an_allow_and_no_deny() -> None:
    wants = allow("s3:GetObject", condition={"ForAnyValue:StringEquals": {"aws:TagKeys": ["team"]}})
    refuses = deny("s3:GetObject", condition={"ForAnyValue:StringEquals": {"aws:TagKeys": ["cost"]}})
    only_both = deny("s3:GetObject", condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "cost"]}})
    assert may(role("role", identity(wants, refuses)), "s3:GetObject", bucket())
    assert may(role("role", identity(wants, only_both)), "s3:GetObject", bucket())
    assert not may(
        role("role", identity(wants, refuses, only_both)), "s3:GetObject", bucket(), at=_tags("team", "cost")
    )


def _tags(*names: str) -> Position:
    return Position("here", context=holding({"aws:tagkeys": names}))


def test_all_conditions_of_a_statement_must_hold_and_one_value_of_each() -> None:
    both = {"StringEquals": {"s3:one": ["a", "b"], "s3:two": "c"}, "StringLike": {"s3:one": "b*"}}
    assert holds(both, {"s3:one": "b", "s3:two": "c"})
    assert not holds(both, {"s3:one": "a", "s3:two": "c"})
    assert not holds(both, {"s3:one": "b", "s3:two": "d"})


def test_names_of_keys_ignore_case() -> None:
    assert holds({"StringEquals": {"AWS:sourceVPCE": "vpce-1"}}, {"aws:sourcevpce": "vpce-1"})


class TestVariables:
    """IAM user guide, "IAM policy elements: Variables and tags"."""

    HOME = "arn:aws:s3:::b/home/${aws:username}/*"

    def test_a_variable_is_the_callers_value(self) -> None:
        narrow = bucket(arns={"object": ("arn:aws:s3:::b/home/ann/*",)})
        assert may(user("ann", identity(allow("s3:GetObject", self.HOME))), "s3:GetObject", narrow)
        assert not may(user("bob", identity(allow("s3:GetObject", self.HOME))), "s3:GetObject", narrow)

    def test_a_role_has_no_user_name(self) -> None:
        assert not may(role("ann", identity(allow("s3:GetObject", self.HOME))), "s3:GetObject", bucket())

    def test_a_default_stands_in(self) -> None:
        text = "arn:aws:s3:::b/home/${aws:username, 'shared'}/*"
        narrow = bucket(arns={"object": ("arn:aws:s3:::b/home/shared/*",)})
        assert may(role("ann", identity(allow("s3:GetObject", text))), "s3:GetObject", narrow)

    def test_tags_are_compared(self) -> None:
        same = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
        reads = identity(allow("s3:GetObject", condition=same))
        blue = bucket(context=holding({"aws:resourcetag/team": "blue"}))
        assert may(role("a", reads, context=holding({"aws:principaltag/team": "blue"})), "s3:GetObject", blue)
        assert not may(role("a", reads, context=holding({"aws:principaltag/team": "red"})), "s3:GetObject", blue)
        assert not may(role("a", reads, context=holding({"aws:principaltag/team": None})), "s3:GetObject", blue)

    def test_a_value_brings_no_wildcard(self) -> None:
        same = {"StringLike": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
        tags = holding({"aws:principaltag/team": "${*}"})
        star = role("a", identity(allow("s3:GetObject", condition=same)), context=tags)
        assert not may(star, "s3:GetObject", bucket(context=holding({"aws:resourcetag/team": "blue"})))
        assert may(star, "s3:GetObject", bucket(context=holding({"aws:resourcetag/team": "${*}"})))


class TestUnknown:
    """What nobody knows lets through what it may, and nothing for certain."""

    @staticmethod
    def answers(*statements: Any, held: Held | None = None, name: str = "b") -> tuple[bool, bool]:
        """Whether a request may be allowed, and whether it surely is."""
        caller = Caller(role("role", identity(*statements)), (Position("here", context=holding(held or {})),))
        thing = bucket(name=name)
        answer = World([thing]).decisions(caller, actions=["s3:GetObject"]).answer(caller, thing, ["s3:GetObject"])
        return bool(answer.allowed), bool(answer.guaranteed)

    @pytest.mark.parametrize("operator", ["StringEqualsMaybe", "ForSomeValues:StringEquals", "NumericEquals"])
    def test_conditions_that_cannot_be_read(self, operator: str) -> None:
        condition = {operator: {"s3:key": "a"}}
        assert self.answers(allow("s3:*", condition=condition), held={"s3:key": "b"}) == (True, False)
        assert self.answers(allow("s3:*"), deny("s3:*", condition=condition), held={"s3:key": "a"}) == (True, False)

    @pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals", "StringLike", "IpAddress", "Bool"])
    def test_values_that_are_not_known(self, operator: str) -> None:
        condition = {operator: {"s3:key": undetermined("var.key")}}
        assert self.answers(allow("s3:*", condition=condition), held={"s3:key": "true"}) == (True, False)
        assert self.answers(allow("s3:*"), deny("s3:*", condition=condition), held={"s3:key": "true"}) == (True, False)

    def test_an_action_or_resource_that_is_not_known(self) -> None:
        for statement in (allow(undetermined("var.actions")), allow("s3:*", undetermined("var.arn"))):
            assert self.answers(statement) == (True, False)
        for refusal in (deny(undetermined("var.actions")), deny("s3:*", undetermined("var.arn"))):
            assert self.answers(allow("s3:*"), refusal) == (True, False)

    def test_a_name_that_is_not_known_equals_itself(self) -> None:
        name = undetermined("var.bucket")
        assert self.answers(allow("s3:*", f"arn:aws:s3:::{name}/*"), name=name) == (True, True)
        assert self.answers(allow("s3:*"), deny("s3:*", f"arn:aws:s3:::{name}/*"), name=name) == (False, False)

    def test_a_name_that_is_not_known_may_be_another_one(self) -> None:
        name = undetermined("var.bucket")
        assert self.answers(allow("s3:*", "arn:aws:s3:::logs/*"), name=name) == (True, False)
        assert self.answers(allow("s3:*"), deny("s3:*", "arn:aws:s3:::logs/*"), name=name) == (True, False)
        assert self.answers(allow("s3:*", "arn:aws:s3:us-east-1:1:job/x"), name=name) == (False, False)

    def test_what_aws_assigns_equals_itself_alone(self) -> None:
        name = assigned("random_id.hex")
        assert self.answers(allow("s3:*", f"arn:aws:s3:::{name}/*"), name=name) == (True, True)
        assert self.answers(allow("s3:*", "arn:aws:s3:::logs/*"), name=name) == (False, False)

    def test_a_key_that_may_hold_anything(self) -> None:
        condition = {"StringEquals": {"s3:key": "a"}}
        assert self.answers(allow("s3:*", condition=condition)) == (True, True)
        assert self.answers(allow("s3:*"), deny("s3:*", condition=condition)) == (True, True)


_ASKED = st.builds(
    lambda effect, operator, suffix, values: {
        "Effect": effect,
        "Action": "s3:GetObject",
        "Resource": "*",
        "Condition": {f"{operator}{suffix}": {"aws:PrincipalTag/team": values}},
    },
    st.sampled_from(("Allow", "Allow", "Deny")),
    st.sampled_from(
        ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringNotEqualsIgnoreCase", "ArnNotLike")
    ),
    st.sampled_from(("", "IfExists")),
    st.lists(st.sampled_from(("blue", "red", "b*", "?ed", "*", "Blue")), min_size=1, max_size=2),
)


@given(st.lists(_ASKED, min_size=1, max_size=3))
@settings(max_examples=80, deadline=None)
def test_of_an_unknown_value_only_what_holds_for_each_is_sure(statements: list[Mapping[str, Any]]) -> None:
    who = role("role", identity(*statements), context=holding({"aws:principaltag/team": undetermined("var.team")}))
    caller = Caller(who, (Position("here"),))
    answer = World((bucket(),)).decisions(caller, actions=["s3:GetObject"]).answer(caller, bucket(), ["s3:GetObject"])
    force = InForce(owner=OWN, identity=statements)
    requests = [
        AskedOfAws(Who("role", who.arn, OWN), "s3:GetObject", "arn:aws:s3:::b/x", {"aws:principaltag/team": (team,)})
        for team in ("blue", "red", "bed", "Blue", "green", "")
    ]
    allowed = [is_allowed(each, force) for each in requests]
    assert all(allowed) or not answer.guaranteed
    assert bool(answer) or not any(allowed)
