"""Random policies for one request's question, small enough that a few values of each key tell them all apart."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypothesis import strategies as st

from policies.access.decision import Decisions
from policies.access.model import Caller, PolicyKind, Position, PrincipalKind, Requester, Thing
from tests.support.access import OTHER, OWN, World, bucket, endpoint, holding, key, policy
from tests.support.request_evaluator import AskedOfAws, InForce, Who

ACTIONS = {"bucket": ("s3:GetObject", "s3:PutObject"), "key": ("kms:Decrypt", "kms:Encrypt")}
_PATTERNS = {
    "bucket": ("*", "s3:*", "s3:GetObject", "S3:put*", "s3:?utObject", "kms:*"),
    "key": ("*", "kms:*", "kms:decrypt", "kms:E*", "s3:*"),
}
_KEY = f"arn:aws:kms:us-east-1:{OWN}:key/k"
_RESOURCES = {
    "bucket": (
        "*",
        "arn:aws:s3:::b/*",
        "arn:aws:s3:::b/a*",
        "arn:aws:s3:::b/ab",
        "arn:aws:s3:::*b",
        "arn:aws:s3:::c/*",
        "arn:aws:s3:::b/${aws:PrincipalTag/team}/*",
        "arn:aws:s3:::b/${aws:username, 'none'}",
    ),
    "key": ("*", _KEY, "arn:aws:kms:*:*:key/*", "arn:aws:kms:us-west-2:*:key/*"),
}
_OBJECTS = ("", "a", "ab", "b", "abb", "blue/x", "none", "user", "blue", "x")
_TEXTS = ("a", "ab", "A", "a*", "?b", "*", "${*}", "${aws:PrincipalTag/team}", "${aws:username, 'none'}")
_ARNS = (
    f"arn:aws:iam::{OWN}:role/*",
    f"arn:aws:iam::{OWN}:role/role",
    "arn:aws:iam::*:user/?ser",
    "*",
    "arn:aws:iam::1*:r*",
)
_POOLS: Mapping[str, Sequence[Sequence[str]]] = {
    "s3:text": [(), *((each,) for each in ("", "a", "A", "ab", "b", "bb", "*", "a*", "blue", "none", "user", "x"))],
    "s3:list": [(), ("a",), ("ab",), ("a", "b"), ("a", "ab"), ("x",), ("A", "a"), ("blue", "none"), ("a", "x", "bb")],
    "s3:number": [(), *((each,) for each in ("0", "1", "1.5", "2", "3"))],
    "s3:date": [(), *((each,) for each in ("2019-06-01", "2020-01-01", "2020-06-01", "2021-01-01", "2022-01-01"))],
    "aws:sourceip": [(), *((each,) for each in ("10.0.0.1", "10.0.1.1", "10.1.0.1", "192.0.2.1", "2001:db8::1"))],
    "aws:securetransport": [("true",), ("false",)],
}
"""For each key the values that requests are made with; none is the key that is absent."""

_TAG = {"aws:principaltag/team": ("blue",)}


@dataclass(frozen=True)
class Question:
    """Policies as JSON, and whom they are asked about."""

    kind: str
    who: Who
    in_force: InForce

    @property
    def action(self) -> str:
        """The action that is asked about."""
        return ACTIONS[self.kind][0]

    def requester(self) -> Requester:
        """Who asks, as the engine's model has it."""
        if self.who.kind in ("service", "anonymous"):
            kind = PrincipalKind(self.who.kind)
            return Requester("who", "who", kind, service=self.who.arn, context=holding(_TAG))
        force = self.in_force
        return Requester(
            "who",
            "who",
            PrincipalKind(self.who.kind),
            self.who.arn,
            self.who.account,
            identity=(policy(PolicyKind.IDENTITY, *force.identity),),
            boundaries=(policy(PolicyKind.BOUNDARY, *force.boundary),) if force.boundary is not None else (),
            sessions=tuple(policy(PolicyKind.SESSION, *each) for each in force.sessions),
            context=holding(_TAG),
        )

    def thing(self) -> Thing:
        """What it is about."""
        statements = self.in_force.resource
        if self.kind == "key":
            return key(*statements)
        return bucket(policy(PolicyKind.RESOURCE, *statements))

    def requests(self, draw: random.Random, number: int) -> Iterator[AskedOfAws]:
        """Requests with values that tell the policies apart, drawn from all of them."""
        resources = [f"arn:aws:s3:::b/{each}" for each in _OBJECTS] if self.kind == "bucket" else [_KEY]
        for _ in range(number):
            context = {name: draw.choice(pool) for name, pool in _POOLS.items()}
            yield AskedOfAws(self.who, self.action, draw.choice(resources), {**context, **known(self.who)})


def asked(question: Question) -> tuple[Decisions, Caller, Thing]:
    """What decides a question, who asks and about what."""
    thing = question.thing()
    position = Position("anywhere")
    if question.in_force.endpoint is not None:
        position = endpoint(thing.service, *question.in_force.endpoint)
        position = Position("endpoint", position.endpoint)
    caller = Caller(question.requester(), (position,))
    decisions = World((thing,)).decisions(caller, actions=ACTIONS[question.kind])
    return decisions, caller, thing


def known(who: Who) -> Mapping[str, Sequence[str]]:
    """What the requests of somebody hold, whatever they ask for."""
    held: dict[str, Sequence[str]] = dict(_TAG)
    if who.account:
        held["aws:principalarn"] = (who.arn,)
    if who.kind == "user":
        held["aws:username"] = (who.arn.rpartition("/")[2],)
    return held


def _condition(operators: Sequence[str], name: str, values: Sequence[str]) -> st.SearchStrategy[Mapping[str, Any]]:
    return st.builds(
        lambda operator, suffix, listed: {f"{operator}{suffix}": {name: listed}},
        st.sampled_from(operators),
        st.sampled_from(("", "", "IfExists")),
        st.lists(st.sampled_from(values), min_size=1, max_size=2),
    )


def _merged(several: Sequence[Mapping[str, Mapping[str, Sequence[str]]]]) -> Mapping[str, Any]:
    merged: dict[str, dict[str, Sequence[str]]] = {}
    for each in several:
        for operator, keys in each.items():
            merged.setdefault(operator, {}).update(keys)
    return merged


_TEXT_OPERATORS = (
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
)
_ORDERED = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
_OF_SETS = tuple(f"{each}:{operator}" for each in ("ForAllValues", "ForAnyValue") for operator in _TEXT_OPERATORS)
_NETWORKS = ("10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24", "10.0.1.0/24", "2001:db8::/32")
_ASKED_WHETHER_ABSENT = ("s3:text", "s3:list", "aws:PrincipalArn")

_CONDITION = st.one_of(
    _condition(_TEXT_OPERATORS, "s3:text", _TEXTS),
    _condition(_OF_SETS, "s3:list", _TEXTS),
    _condition([f"Numeric{each}" for each in _ORDERED], "s3:number", ("1", "2", "0.5")),
    _condition([f"Date{each}" for each in _ORDERED], "s3:date", ("2020-01-01", "2021-01-01")),
    _condition(("IpAddress", "NotIpAddress"), "aws:SourceIp", _NETWORKS),
    _condition(("Bool",), "aws:SecureTransport", ("true", "false", "True")),
    _condition(("ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals"), "aws:PrincipalArn", _ARNS),
    st.builds(
        lambda name, value: {"Null": {name: [value]}},
        st.sampled_from(_ASKED_WHETHER_ABSENT),
        st.sampled_from(("true", "false")),
    ),
)
_CONDITIONS = st.lists(_CONDITION, max_size=2).map(_merged)
_PRINCIPALS = st.sampled_from(
    (
        "*",
        "*",
        {"AWS": f"arn:aws:iam::{OWN}:role/role"},
        {"AWS": [f"arn:aws:iam::{OWN}:user/user", OTHER]},
        {"AWS": f"arn:aws:iam::{OWN}:root"},
        {"AWS": [f"arn:aws:iam::{OTHER}:role/far", OWN]},
        {"Service": "sns.amazonaws.com"},
    )
)


def _written(kind: str, *, with_principal: bool) -> st.SearchStrategy[Mapping[str, Any]]:
    elements: dict[str, st.SearchStrategy[Any]] = {
        "Effect": st.sampled_from(("Allow", "Allow", "Deny")),
        "Condition": _CONDITIONS,
        "actions": st.lists(st.sampled_from(_PATTERNS[kind]), min_size=1, max_size=2),
        "resources": st.lists(st.sampled_from(_RESOURCES[kind]), min_size=1, max_size=2),
        "inverted": st.sampled_from(((False, False), (False, False), (True, False), (False, True))),
    }
    if with_principal:
        elements["Principal"] = _PRINCIPALS
    return st.fixed_dictionaries(elements).map(_named)


def _named(drawn: Mapping[str, Any]) -> Mapping[str, Any]:
    statement = dict(drawn)
    not_action, not_resource = statement.pop("inverted")
    statement["NotAction" if not_action else "Action"] = statement.pop("actions")
    statement["NotResource" if not_resource else "Resource"] = statement.pop("resources")
    return statement


_WHO = st.sampled_from(
    (
        Who("role", f"arn:aws:iam::{OWN}:role/role", OWN),
        Who("user", f"arn:aws:iam::{OWN}:user/user", OWN),
        Who("role", f"arn:aws:iam::{OTHER}:role/far", OTHER),
        Who("service", "sns.amazonaws.com"),
        Who("anonymous"),
    )
)


_EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {}}
_BY_ANYONE = {**_EVERYTHING, "Principal": "*"}

Statements: TypeAlias = list[Mapping[str, Any]]


def _layer(drawn: st.SearchStrategy[Statements], everything: Mapping[str, Any]) -> st.SearchStrategy[Statements]:
    """Statements alone, or after one that allows everything: then what denies, or another layer, decides."""
    return st.one_of(drawn, drawn.map(lambda statements: [everything, *statements]))


def _questions(kind: str) -> st.SearchStrategy[Question]:
    own, shared = (_written(kind, with_principal=each) for each in (False, True))
    limit = _layer(st.lists(own, min_size=1, max_size=2), _EVERYTHING)
    force = st.builds(
        InForce,
        owner=st.just(OWN),
        identity=_layer(st.lists(own, max_size=3), _EVERYTHING),
        resource=_layer(st.lists(shared, max_size=3), _BY_ANYONE),
        needs_resource=st.just(kind == "key"),
        boundary=st.one_of(st.none(), st.none(), limit),
        sessions=st.one_of(st.just(()), st.just(()), st.tuples(limit)),
        endpoint=st.one_of(st.none(), st.none(), _layer(st.lists(shared, min_size=1, max_size=2), _BY_ANYONE)),
    )
    return st.builds(Question, kind=st.just(kind), who=_WHO, in_force=force)


QUESTIONS = st.one_of(_questions("bucket"), _questions("bucket"), _questions("key"))
"""Questions with the policies that take part."""
