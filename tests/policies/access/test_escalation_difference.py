"""Where paths need not be found again: nothing differs that gives somebody more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.access.difference import AccessView
from policies.access.escalation_difference import escalates_alike
from policies.access.model import Caller, Position, Requester, Thing
from tests.support.access import ANYWHERE, World, allow, bucket, deny, endpoint, identity, role, role_thing, user

READS = role("role", identity(allow("s3:GetObject", "*")))
TARGET = role_thing("target", allow("sts:AssumeRole", principal={"AWS": READS.arn}))


def view(who: Requester, *things: Thing, at: Position = ANYWHERE) -> AccessView:
    """A model in which somebody asks about some things."""
    caller = Caller(who, (at,))
    return AccessView(World(things).model(caller), (caller,))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (READS, True),
        (role("role", identity(allow("s3:GetObject*", "*"), allow("kms:Decrypt"))), True),
        (role("role", identity(allow("s3:GetObject", "*"), allow("iam:PassRole"))), False),
        (role("role", identity(allow("s3:GetObject", "*"), allow("*"))), False),
        (role("role", identity(allow("s3:GetObject", "*"), deny("s3:GetObject", "*"))), False),
        (replace(READS, boundaries=(identity(allow("s3:*")),)), False),
        (replace(READS, name="other"), False),
        (user("role", identity(allow("s3:GetObject", "*"))), False),
    ],
)
def test_another_caller(after: Requester, expected: bool) -> None:
    assert escalates_alike(view(READS, bucket(), TARGET), view(after, bucket(), TARGET)) is expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (endpoint("s3", allow("s3:GetObject")), True),
        (endpoint("s3", allow("s3:GetObject"), allow("s3:ListBucket")), True),
        (endpoint("s3", allow("s3:GetObject"), allow("kms:CreateGrant")), True),
        (endpoint("s3", allow("s3:GetObject"), allow("s3:PutBucketPolicy")), True),
        (endpoint("s3"), True),
        (ANYWHERE, False),
    ],
)
def test_another_place(after: Position, expected: bool) -> None:
    past, now = (view(READS, TARGET, at=place) for place in (endpoint("s3", allow("s3:GetObject")), after))
    assert escalates_alike(past, now) is escalates_alike(now, past) is expected


@pytest.mark.parametrize(
    ("more", "expected"), [("sts:GetCallerIdentity", True), ("sts:AssumeRole", False), ("sts:TagSession", False)]
)
def test_a_place_where_roles_are_taken(more: str, expected: bool) -> None:
    known = allow("sts:GetSessionToken")
    past, now = (view(READS, TARGET, at=endpoint("sts", known, *each)) for each in ((), (allow(more),)))
    assert escalates_alike(past, now) is escalates_alike(now, past) is expected


@pytest.mark.parametrize(
    "after",
    [
        (bucket(),),
        (bucket(), role_thing("target", allow("sts:AssumeRole", principal="*"))),
        (bucket(), replace(TARGET, name="other")),
        (bucket(), replace(TARGET, runs_as=("role",))),
    ],
)
def test_other_things(after: tuple[Thing, ...]) -> None:
    assert not escalates_alike(view(READS, bucket(), TARGET), view(READS, *after))


def test_what_a_group_without_members_allows() -> None:
    before, after = (
        AccessView(replace(each.model, attachable={"g": (identity(allow(action)),)}), each.callers)
        for each, action in ((view(READS), "s3:*"), (view(READS), "iam:*"))
    )
    assert escalates_alike(before, before)
    assert not escalates_alike(before, after)


def test_what_reads_credentials_and_uses_their_key_gives_somebody_more() -> None:
    more = role("role", identity(allow("s3:GetObject", "*"), allow("kms:Decrypt")))
    for holds, expected in (((), True), (("user",), False)):
        assert escalates_alike(view(READS, bucket(holds=holds)), view(more, bucket(holds=holds))) is expected
