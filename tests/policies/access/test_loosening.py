"""What became wider though nobody may do more by it, and what stops it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from policies.access.difference import AccessView, allowed_now
from policies.access.loosening import loosened_statements
from policies.access.model import Account, BlockPublicAccess, Caller, Policy, PolicyKind, Position, Requester, Thing
from tests.support.access import (
    ANONYMOUS,
    ANYWHERE,
    OTHER,
    OWN,
    World,
    allow,
    bucket,
    deny,
    endpoint,
    identity,
    key,
    policy,
    resource,
    role,
    role_thing,
)

OBJECTS, READ, WRITE, ASSUME = "arn:aws:s3:::b/*", "s3:GetObject", "s3:PutObject", "sts:AssumeRole"
NOBODY = "the implicit deny, as no policy allows it"


def view(
    who: Requester | Sequence[Requester],
    *things: Thing,
    at: Position = ANYWHERE,
    accounts: Sequence[Account] = World(()).accounts,
) -> AccessView:
    """A model in which some people ask about some things."""
    callers = tuple(Caller(each, (at,)) for each in ([who] if isinstance(who, Requester) else who))
    return AccessView(World(things, accounts).model(*callers), callers)


def found(before: AccessView, after: AccessView, *actions: str) -> list[str]:
    """What is looser, in few words."""
    asked = actions or (READ, WRITE)
    more = allowed_now(before, after, lambda _: asked)
    opened = {(each.caller.principal.key, each.thing.key, each.action) for each in more}
    return [
        f"{each.caller.principal.key if each.caller else 'everyone'} "
        f"{' '.join(each.actions) or 'more'} {each.thing.key if each.thing else ''}{' perhaps' * each.is_perhaps}: "
        f"{each.place} | {', '.join(each.stopped_by)}"
        for each in loosened_statements(before, after, lambda _: asked, opened)
    ]


NARROW, WIDE = identity(allow(READ, OBJECTS)), identity(allow([READ, WRITE], OBJECTS, sid="Wide"))
FORBIDDING = bucket(resource(deny(WRITE, OBJECTS, principal="*", sid="NoWrites")))
WRITES = "role s3:PutObject b: Wide of identity policy | "


def test_what_a_deny_stops_is_looser() -> None:
    before, after = view(role("role", NARROW), FORBIDDING), view(role("role", WIDE), FORBIDDING)
    assert found(before, after) == [f"{WRITES}NoWrites of resource policy"]
    assert found(after, before) == []
    assert found(after, after) == []


def test_what_opens_is_not() -> None:
    assert found(view(role("role", NARROW), bucket()), view(role("role", WIDE), bucket())) == []


def test_what_is_allowed_otherwise_is_not() -> None:
    lent = bucket(resource(allow([READ, WRITE], OBJECTS, principal={"AWS": f"arn:aws:iam::{OWN}:role/role"})))
    assert found(view(role("role", NARROW), lent), view(role("role", WIDE), lent)) == []


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ({"boundaries": (policy(PolicyKind.BOUNDARY, allow(READ), name="limit"),)}, "permissions boundary limit"),
        (
            {"sessions": (policy(PolicyKind.SESSION, allow(READ), name="session"),)},
            "session policy session",
        ),
    ],
)
def test_what_a_limit_stops_is_looser(limit: dict[str, Any], words: str) -> None:
    before, after = (view(replace(role("role", each), **limit), bucket()) for each in (NARROW, WIDE))
    assert found(before, after) == [f"{WRITES}{words}"]


def test_what_an_endpoint_or_the_organization_stops_is_looser() -> None:
    place = endpoint("s3", allow(READ, sid="Read", principal="*"))
    before, after = (view(role("role", each), bucket(), at=place) for each in (NARROW, WIDE))
    assert found(before, after) == [f"{WRITES}endpoint policy endpoint policy"]
    scps = ((policy(PolicyKind.SCP, allow(READ)),),)
    accounts = (Account(OWN, OWN, "own", scps=scps), Account(OTHER, OTHER, "other"))
    before, after = (view(role("role", each), bucket(), accounts=accounts) for each in (NARROW, WIDE))
    assert found(before, after) == [f"{WRITES}service control policy"]


def test_the_policy_of_an_endpoint_is_about_requests_to_its_service() -> None:
    limited, wide = endpoint("s3", allow(READ, principal="*")), endpoint("s3", allow("*", sid="All", principal="*"))
    before, after = (view(role("role", identity()), bucket(), key(), at=place) for place in (limited, wide))
    assert found(before, after, READ, WRITE, "kms:Decrypt") == [
        f"role s3:PutObject b: All of endpoint policy | {NOBODY}"
    ]


def test_what_needs_the_other_account_or_a_trust_policy_is_looser() -> None:
    theirs = role("role", NARROW, account=OTHER), role("role", WIDE, account=OTHER)
    shared = bucket(resource(allow(READ, OBJECTS, principal={"AWS": OTHER})))
    before, after = (view(each, shared) for each in theirs)
    assert found(before, after) == [f"{WRITES}resource policy of b"]
    trusting = role_thing("r", allow(ASSUME, principal={"Service": "ec2.amazonaws.com"}))
    own = role("role", NARROW), role("role", identity(allow(READ, OBJECTS), allow(ASSUME, sid="Any")))
    before, after = (view(each, trusting) for each in own)
    assert found(before, after, ASSUME) == ["role sts:AssumeRole r: Any of identity policy | trust policy of r"]


def test_what_the_key_stops_is_looser() -> None:
    closed = key(allow("kms:*", principal={"AWS": f"arn:aws:iam::{OWN}:role/other"}))
    encrypted = bucket(encryption_keys=("k",))
    writing = identity(allow(WRITE, OBJECTS))
    before, after = (view(role("role", each), encrypted, closed) for each in (writing, WIDE))
    assert found(before, after) == ["role s3:GetObject b: Wide of identity policy | key policy of k, which encrypts it"]


def test_what_block_public_access_stops_is_looser() -> None:
    private = bucket(public_access=BlockPublicAccess(restricts_policies=True))
    public = replace(private, policies=(resource(allow(READ, OBJECTS, principal="*", sid="Public")),))
    assert found(view(ANONYMOUS, private), view(ANONYMOUS, public)) == [
        "anonymous s3:GetObject b: Public of resource policy | Block Public Access of b"
    ]
    listed = replace(private, policies=(policy(PolicyKind.ACL, allow(READ, OBJECTS, principal="*"), name="acl"),))
    ignoring = BlockPublicAccess(ignores_acls=True)
    before, after = (view(ANONYMOUS, replace(each, public_access=ignoring)) for each in (private, listed))
    assert found(before, after) == ["anonymous s3:GetObject b: statement 1 of policy of acl | Block Public Access of b"]


def test_block_public_access_that_is_gone_is_looser_with_nothing_public() -> None:
    blocked = bucket(public_access=BlockPublicAccess(restricts_policies=True))
    assert found(view(ANONYMOUS, blocked), view(ANONYMOUS, bucket())) == [
        f"everyone more b: without Block Public Access of b | {NOBODY}"
    ]
    public = resource(allow(READ, OBJECTS, principal="*"))
    before, after = (view(ANONYMOUS, replace(each, policies=(public,))) for each in (blocked, bucket()))
    assert found(before, after) == []  # which opens it
    assert found(view(ANONYMOUS, bucket()), view(ANONYMOUS, blocked)) == []


def test_the_policy_of_an_endpoint_that_is_gone_is_looser_for_its_service() -> None:
    place, open_ = endpoint("s3", allow(READ, OBJECTS, principal="*"), name="e"), endpoint("s3", name="e")
    before, after = (view(role("role", NARROW), bucket(), at=each) for each in (place, open_))
    assert found(before, after) == [f"role more : without endpoint policy endpoint policy | {NOBODY}"]


def test_a_deny_that_is_gone_is_looser_where_another_one_stops_the_same() -> None:
    own = role("role", identity(allow("s3:*"), deny(WRITE, sid="Own")))
    assert found(view(own, FORBIDDING), view(own, bucket())) == [
        "role s3:PutObject b: without NoWrites of resource policy | Own of identity policy"
    ]


def test_a_deny_that_is_gone_is_looser_where_nobody_is_allowed_anything() -> None:
    before, after = (view(role("role", NARROW), each) for each in (FORBIDDING, bucket()))
    assert found(before, after) == [f"role s3:PutObject b: without NoWrites of resource policy | {NOBODY}"]
    callers = [role("role", NARROW), role("writer", WIDE)]
    assert found(view(callers, FORBIDDING), view(callers, bucket())) == []  # which opens it to the writer


@pytest.mark.parametrize(
    "now",
    [
        resource(deny([WRITE, READ], OBJECTS, principal="*")),
        resource(deny(WRITE, "arn:aws:s3:::b/a*", principal="*"), deny(WRITE, OBJECTS, principal="*")),
    ],
)
def test_a_deny_that_is_written_otherwise_is_not(now: Policy) -> None:
    own = [role("role", identity(allow("s3:*"), deny(WRITE, sid="Own"))), role("other", NARROW)]
    assert found(view(own, FORBIDDING), view(own, replace(FORBIDDING, policies=(now,)))) == []


def test_a_boundary_that_is_gone_or_wider_is_looser() -> None:
    limit = policy(PolicyKind.BOUNDARY, allow(READ, OBJECTS), name="limit")
    wider = policy(PolicyKind.BOUNDARY, allow("s3:*", sid="All"), name="limit")
    narrow = role("role", NARROW)
    bounded, open_ = (replace(narrow, boundaries=(each,)) for each in (limit, wider))
    assert found(view(bounded, bucket()), view(narrow, bucket())) == [
        f"role more : without permissions boundary limit | {NOBODY}"
    ]
    assert found(view(bounded, bucket()), view(open_, bucket())) == [f"role s3:PutObject b: All of limit | {NOBODY}"]


def test_a_condition_less_is_looser_where_a_deny_asks_for_it_too() -> None:
    tls = {"Bool": {"aws:SecureTransport": "true"}}
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    safe = bucket(resource(deny("s3:*", OBJECTS, principal="*", sid="Tls", condition=plain)))
    asked = role("role", identity(allow(READ, OBJECTS, condition=tls)))
    assert found(view(asked, safe), view(role("role", NARROW), safe), READ) == [
        "role s3:GetObject b: statement 1 of policy of identity policy | Tls of resource policy"
    ]
