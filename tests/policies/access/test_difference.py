"""What a change lets people do: cases, and the difference of random policies against a second opinion on requests."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policies.access.difference import AccessDifference, AccessView, allowed_now
from policies.access.model import Caller, Position, Requester, Thing
from policies.access.read.callers import INTERNET
from tests.support.access import (
    ANYWHERE,
    Json,
    World,
    allow,
    bucket,
    deny,
    endpoint,
    holding,
    identity,
    key,
    resource,
    role,
    table,
)
from tests.support.random_access import QUESTIONS, Question
from tests.support.request_evaluator import is_allowed

OBJECTS, READ, WRITE = "arn:aws:s3:::b/*", "s3:GetObject", "s3:PutObject"


def view(who: Requester | Sequence[Requester], *things: Thing, at: Position = ANYWHERE) -> AccessView:
    """A model in which some people ask about some things."""
    callers = tuple(Caller(each, (at,)) for each in ([who] if isinstance(who, Requester) else who))
    return AccessView(World(things).model(*callers), callers)


def found(before: AccessView, after: AccessView, *actions: str) -> list[str]:
    """What is allowed now, in few words."""
    return list(map(_said, allowed_now(before, after, lambda _: actions or (READ, WRITE))))


def _said(each: AccessDifference) -> str:
    return f"{each.caller.principal.key} {each.action} {each.thing.key}{' more' * each.is_more}"


READS = role("role", identity(allow(READ, OBJECTS)))


def test_a_statement_more_gives_what_it_says() -> None:
    both = role("role", identity(allow([READ, WRITE], OBJECTS)))
    assert found(view(READS, bucket()), view(both, bucket())) == ["role s3:PutObject b"]
    assert found(view(both, bucket()), view(READS, bucket())) == []


def test_another_policy_that_says_the_same_is_no_difference() -> None:
    split = role("role", identity(allow(READ, "arn:aws:s3:::b/a*"), allow(READ, OBJECTS, sid="Other")))
    assert found(view(READS, bucket()), view(split, bucket())) == []
    assert found(view(split, bucket()), view(READS, bucket())) == []


def test_a_wider_resource_gives_more_with_the_same_action() -> None:
    narrow = role("role", identity(allow(READ, "arn:aws:s3:::b/exports/*")))
    (each,) = allowed_now(view(narrow, bucket()), view(READS, bucket()), lambda _: (READ,))
    assert each.is_more
    assert not each.example.startswith("arn:aws:s3:::b/exports/")
    assert each.statements


def test_a_condition_less_gives_more() -> None:
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "a"}}
    asked = role("role", identity(allow(READ, OBJECTS, condition=tagged)))
    assert found(view(asked, bucket()), view(READS, bucket())) == ["role s3:GetObject b more"]


def test_a_deny_less_gives_what_it_stopped() -> None:
    refusing = bucket(resource(deny("s3:*", "arn:aws:s3:::b/secret/*", principal="*")))
    (each,) = allowed_now(view(READS, refusing), view(READS, bucket()), lambda _: (READ,))
    assert each.is_more
    assert each.example.startswith("arn:aws:s3:::b/secret/")


def test_the_policy_of_an_endpoint_counts() -> None:
    narrow, wide = endpoint("s3", allow(READ, "arn:aws:s3:::b/a")), endpoint("s3")
    assert found(view(READS, bucket(), at=narrow), view(READS, bucket(), at=wide)) == ["role s3:GetObject b more"]


def test_an_endpoint_more_gives_nothing_that_is_allowed_over_the_internet() -> None:
    place = endpoint("s3")
    inside = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    outside = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}
    asking = role("role", identity(allow(READ, OBJECTS, condition=inside)))
    closed = bucket(resource(deny("s3:*", OBJECTS, principal="*", condition=outside)))
    for who, thing, opened in (
        (READS, bucket(), []),
        (asking, bucket(), ["role s3:GetObject b"]),
        (READS, closed, ["role s3:GetObject b"]),
    ):
        before, after = (
            AccessView(World((thing,)).model(caller), (caller,))
            for caller in (Caller(who, (INTERNET,)), Caller(who, (INTERNET, place)))
        )
        assert found(before, after) == opened
        assert found(after, before) == []


def test_what_is_reached_in_a_network_may_change_and_open_nothing() -> None:
    reading = role("role", identity(allow("dynamodb:GetItem")))
    place = Position("its interfaces", to="t")
    before, after = (
        view(reading, table(in_network=True, context=holding({"aws:resourcetag/a": each})), at=place) for each in "xy"
    )
    assert found(before, after, "dynamodb:GetItem") == []
    assert found(before, view(reading, table(in_network=True), at=place), "dynamodb:GetItem") == []


def test_only_where_the_policy_of_an_endpoint_differs_more_is_allowed() -> None:
    def views(*statements: Json) -> AccessView:
        places = (ANYWHERE, endpoint("s3", *statements), endpoint("s3", allow(WRITE), name="vpce-2"))
        callers = (Caller(READS, places),)
        return AccessView(World((bucket(),)).model(*callers), callers)

    (each,) = allowed_now(views(allow(WRITE)), views(allow(WRITE), allow(READ, sid="More")), lambda _: (READ, WRITE))
    assert (each.caller.principal.key, each.action, each.is_more) == ("role", READ, True)
    assert len(each.caller.positions) == 3
    assert [position.name for position in each.positions] == ["vpce-1"]


def test_an_endpoint_of_another_service_changes_nothing() -> None:
    past, now = (view(READS, bucket(), at=endpoint("sqs", allow(action))) for action in ("sqs:*", "*"))
    assert found(past, now) == found(now, past) == []


def test_a_place_that_is_new_counts_with_all_that_is_allowed_there() -> None:
    past, now = endpoint("s3", name="vpce-1"), endpoint("s3", name="vpce-2")
    assert found(view(READS, bucket(), at=past), view(READS, bucket(), at=now)) == ["role s3:GetObject b more"]


def test_a_role_or_a_bucket_that_is_new_has_all_it_may() -> None:
    other = role("other", identity(allow(READ, "*")))
    assert found(view(READS, bucket()), view([READS, other], bucket())) == ["other s3:GetObject b"]
    assert found(view(other, bucket()), view(other, bucket(), bucket(name="c"))) == ["other s3:GetObject c"]


def test_the_key_of_encrypted_data_counts() -> None:
    reads = role("role", identity(allow(READ, OBJECTS), allow("kms:Decrypt")))
    closed, opened = key(), key(allow("kms:*", principal={"AWS": reads.arn}))
    before, after = (view(reads, bucket(encryption_keys=("k",)), each) for each in (closed, opened))
    assert found(before, after, READ) == ["role s3:GetObject b"]


def question_view(question: Question) -> AccessView:
    """The model of a question."""
    thing, force = question.thing(), question.in_force
    position = ANYWHERE
    if force.endpoint is not None:
        position = Position("anywhere", endpoint(thing.service, *force.endpoint).endpoint)
    return view(question.requester(), thing, at=position)


@given(QUESTIONS, QUESTIONS)
@settings(max_examples=40, deadline=None)
def test_what_is_the_same_is_left_out_and_changes_no_answer(one: Question, other: Question) -> None:
    """Where a caller differs in a place alone, as where its own policies differ too, in what is about nothing."""
    assume(one.kind == other.kind)

    def views(question: Question, *more: Json) -> AccessView:
        who = question.requester()
        own = replace(who, identity=(*who.identity, identity(*more))) if more else who
        policies = question.in_force.endpoint or ()
        places = (ANYWHERE, replace(endpoint(question.thing().service, *policies), context={}))
        callers = (Caller(own, places),)
        return AccessView(World((question.thing(),)).model(*callers), callers)

    other = replace(one, in_force=replace(one.in_force, endpoint=other.in_force.endpoint))
    for past, now in ((one, other), (other, one)):
        some, all_of_it = (
            [(each.action, each.is_more, each.is_perhaps, [place.name for place in each.positions]) for each in several]
            for several in (
                allowed_now(views(past), views(now, *more), lambda _: (one.action,))
                for more in ((), (allow("*", "arn:aws:ec2:::none"),))
            )
        )
        assert some == all_of_it


@given(QUESTIONS, QUESTIONS, st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_no_request_is_new_where_nothing_is_found(one: Question, other: Question, seed: int) -> None:
    assume(one.kind == other.kind)
    other = replace(other, who=one.who)
    if not found(question_view(one), question_view(other), one.action):
        requests = (*one.requests(random.Random(seed), 25), *other.requests(random.Random(seed), 25))
        new = [each for each in requests if is_allowed(each, other.in_force) and not is_allowed(each, one.in_force)]
        assert new == []


@given(QUESTIONS, QUESTIONS)
@settings(max_examples=30, deadline=None)
def test_nothing_is_new_where_less_is_allowed(one: Question, other: Question) -> None:
    """With the statements of another policy as refusals, and without a grant."""
    refused = [{**each, "Effect": "Deny"} for each in other.in_force.identity]
    force = replace(one.in_force, identity=(*one.in_force.identity, *refused))
    less = replace(one, in_force=force)
    assert found(question_view(one), question_view(less), one.action) == []
    assert found(question_view(one), question_view(one), one.action) == []
    fewer = replace(one, in_force=replace(one.in_force, identity=one.in_force.identity[1:]))
    grants = [each for each in one.in_force.identity[:1] if each["Effect"] == "Allow"]
    if grants:
        assert found(question_view(one), question_view(fewer), one.action) == []
