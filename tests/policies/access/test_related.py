"""What an answer about a thing depends on: everything that can change it is in what is compared."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.access.difference import AccessView, allowed_now
from policies.access.model import Caller, Thing
from policies.access.related import in_front, related
from tests.support.access import (
    ANONYMOUS,
    ANYWHERE,
    OTHER,
    OWN,
    STRANGER,
    Json,
    World,
    allow,
    bucket,
    deny,
    identity,
    key,
    resource,
    role,
    table,
)

POINT = f"arn:aws:s3:us-east-1:{OWN}:accesspoint/p"
ACTIONS = ("s3:GetObject", "s3:PutObject", "kms:Decrypt", "dynamodb:GetItem")
READER = role("reader", identity(allow(["s3:*", "kms:*", "dynamodb:*"])))
CALLERS = tuple(Caller(each, (ANYWHERE,)) for each in (READER, STRANGER, ANONYMOUS, role("other")))


def point(*statements: Json, behind: str = "b") -> Thing:
    """An access point with the statements of its policy."""
    arns = {"accesspoint": (POINT,), "object": (f"{POINT}/object/*",)}
    return Thing("p", "p", "aws_s3_access_point", "s3", arns, OWN, policies=(resource(*statements),), behind=behind)


def things(of_bucket: Json, of_point: Json, of_key: Json, behind: str = "b") -> dict[str, Thing]:
    """A bucket with a key and an access point, another bucket and a table with the same key."""
    made = (
        bucket(resource(of_bucket), encryption_keys=("k",)),
        bucket(name="c"),
        key(of_key),
        point(of_point, behind=behind),
        table(encryption_keys=("k",)),
    )
    return {each.key: each for each in made}


def view(several: Mapping[str, Thing]) -> AccessView:
    """A model in which everybody asks about some things."""
    return AccessView(World(tuple(several.values())).model(*CALLERS), CALLERS)


def answers(several: Mapping[str, Thing]) -> dict[tuple[str, str], tuple[frozenset[str], frozenset[str]]]:
    """What is allowed, by caller and thing."""
    decisions = World(tuple(several.values())).decisions(*CALLERS, actions=ACTIONS)
    found = ((caller, decisions.answer(caller, each, ACTIONS)) for caller, each in product(CALLERS, several.values()))
    return {
        (caller.principal.key, one.thing.key): (frozenset(one.allowed), frozenset(one.guaranteed))
        for caller, one in found
    }


STATEMENTS = st.sampled_from(
    [
        allow("*", principal="*"),
        allow("s3:GetObject", principal={"AWS": OTHER}),
        allow("*", principal={"AWS": [f"arn:aws:iam::{OWN}:root", OTHER]}),
        allow("*", principal="*", condition={"StringEquals": {"s3:DataAccessPointAccount": OWN}}),
        allow("*", principal={"AWS": READER.arn}),
        deny("*", principal={"AWS": READER.arn}),
    ]
)
WORLDS = st.builds(things, STATEMENTS, STATEMENTS, STATEMENTS, st.sampled_from(["b", "c"]))


@given(WORLDS, WORLDS)
@settings(max_examples=40, deadline=None)
def test_an_answer_that_differs_is_about_something_that_differs(
    before: dict[str, Thing], after: dict[str, Thing]
) -> None:
    one, other = view(before), view(after)
    had, has = answers(before), answers(after)
    for caller, thing in had:
        if had[caller, thing] != has[caller, thing]:
            assert one.thing_signatures[thing] != other.thing_signatures[thing]
    new = {(each.caller.principal.key, each.thing.key) for each in allowed_now(one, other, lambda _: ACTIONS)}
    more = {pair for pair in had if has[pair][0] - had[pair][0]}
    assert more <= new


def test_what_is_in_front_and_behind_and_its_key_are_related() -> None:
    several = things(allow("*"), allow("*"), allow("*"))
    assert {key: set(others) for key, others in related(several).items()} == {
        "b": {"k", "p"},
        "c": set(),
        "k": set(),
        "p": {"b", "k"},
        "t": {"k"},
    }
    assert {key: [each.key for each in points] for key, points in in_front(several.values()).items()} == {"b": ["p"]}
