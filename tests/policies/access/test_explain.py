"""Reasons: the request of a yes with all that lets it through, and all that stops a no by itself."""

from __future__ import annotations

from collections.abc import Sequence

from policies.access.answers import Layer, Refusal, Witness
from policies.access.explain import refusals, witness
from policies.access.model import Account, BlockPublicAccess, Caller, PolicyKind, Position, Requester, Thing
from policies.access.text import undetermined
from tests.support.access import (
    ANONYMOUS,
    OWN,
    World,
    allow,
    bucket,
    deny,
    endpoint,
    holding,
    identity,
    key,
    policy,
    resource,
    role,
    table,
)

READ = "dynamodb:GetItem"
READS = identity(allow(READ, sid="Reads"))
ROLE = {"AWS": f"arn:aws:iam::{OWN}:role/role"}


def yes(requester: Requester, thing: Thing, *more: Thing, at: Sequence[Position] = (), action: str = READ) -> Witness:
    caller = Caller(requester, tuple(at) or (Position("anywhere"),))
    found = witness(World((thing, *more)).decisions(caller, actions=[action]), caller, thing, action)
    assert found is not None
    return found


def no(
    requester: Requester,
    thing: Thing,
    *more: Thing,
    at: Sequence[Position] = (Position("anywhere"),),
    action: str = READ,
    accounts: Sequence[Account] = World(()).accounts,
) -> tuple[Refusal, ...]:
    caller = Caller(requester, tuple(at))
    decisions = World((thing, *more), accounts).decisions(caller, actions=[action])
    assert witness(decisions, caller, thing, action) is None
    return refusals(decisions, caller, thing, action)


def texts(found: Sequence[Refusal]) -> list[tuple[Layer, str]]:
    return [(each.layer, each.text) for each in found]


def test_a_witness_has_each_layer_in_order() -> None:
    boundary = policy(PolicyKind.BOUNDARY, allow("dynamodb:*", sid="Within"))
    here = endpoint("dynamodb", allow("dynamodb:*", principal="*", sid="Through"))
    found = yes(role("role", READS, boundaries=(boundary,)), table(), at=[here])
    assert [(step.layer, step.text) for step in found.steps] == [
        (Layer.ENDPOINT, "Through allows it"),
        (Layer.IDENTITY, "Reads allows it"),
        (Layer.BOUNDARY, "Within allows it"),
    ]
    assert found.request.principal == f"arn:aws:iam::{OWN}:role/role"
    assert found.request.resource == f"arn:aws:dynamodb:us-east-1:{OWN}:table/t"
    assert found.assumptions == ()


def test_a_witness_has_the_keys_that_matter() -> None:
    plain = deny("dynamodb:*", principal="*", condition={"Bool": {"aws:SecureTransport": "false"}})
    outside = deny("dynamodb:*", principal="*", condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}})
    found = yes(role("role", READS), table(resource(plain, outside)))
    assert dict(found.request.context) == {"aws:SecureTransport": ("true",), "aws:SourceVpce": ("vpce-1",)}


def test_a_key_of_several_spellings_has_the_one_with_most_capitals() -> None:
    several = (allow(READ, condition={"Null": {each: "true"}}) for each in ("aws:sourceip", "aws:SourceIp", "AWS:x"))
    found = yes(role("role", identity(*several)), table())
    assert "aws:SourceIp" in found.request.context


def test_a_key_that_the_request_lacks_is_empty() -> None:
    absent = allow(READ, condition={"Null": {"aws:SourceIp": "true"}})
    assert dict(yes(role("role", identity(absent)), table()).request.context) == {"aws:SourceIp": ()}


def test_a_witness_has_the_request_of_the_key() -> None:
    own = key(allow("kms:Decrypt", principal=ROLE, sid="Decrypts"))
    found = yes(role("role", READS), table(encryption_keys=("k",)), own)
    [(layer, further)] = found.further
    assert layer is Layer.ENCRYPTION
    assert [step.text for step in further.steps] == ["Decrypts allows it"]
    assert further.request.position.name == "dynamodb for the caller"


def test_a_witness_without_assumptions_is_preferred() -> None:
    perhaps = identity(allow(READ, undetermined("var.table")))
    found = yes(role("role", perhaps), table())
    assert [each.text for each in found.assumptions] == ["<var.table> may be anything"]
    assert yes(role("role", perhaps, READS), table()).assumptions == ()


def test_a_deny_that_may_apply_is_an_assumption() -> None:
    refusal = identity(deny("dynamodb:*", undetermined("var.table")))
    found = yes(role("role", READS, refusal), table())
    assert [each.text for each in found.assumptions] == ["<var.table> may be anything"]


def test_a_missing_grant_is_named_once() -> None:
    assert texts(no(role(), table())) == [(Layer.RESOURCE, f"no resource policy or identity policy allows {READ}")]


def test_the_grant_that_comes_closest_is_named() -> None:
    here = allow(READ, sid="FromHere", condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}})
    outside = Position("outside", context=holding({"aws:sourcevpce": None}))
    [found] = no(role("role", identity(here)), table(), at=[outside])
    assert found.text.endswith("; closest: FromHere")
    assert [statement.sid for _, statement in found.statements] == ["FromHere"]


def test_each_deny_that_suffices_is_named_and_others_are_not() -> None:
    thing = table(
        resource(deny("dynamodb:*", principal="*", sid="Never"), deny("dynamodb:Put*", principal="*", sid="NoPut"))
    )
    found = no(role("role", READS, identity(deny("*", sid="Nothing"))), thing)
    assert [(each.layer, each.statements[0][1].sid) for each in found] == [
        (Layer.DENY, "Never"),
        (Layer.DENY, "Nothing"),
    ]


def test_what_only_stops_together_is_named_together() -> None:
    grant = allow(READ, sid="InVpc", condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})
    refusal = deny(READ, sid="NotFromVpc", condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})
    [found] = no(role("role", identity(grant, refusal)), table())
    assert sorted(statement.sid for _, statement in found.statements) == ["InVpc", "NotFromVpc"]


def test_both_sides_of_a_request_across_accounts_are_named() -> None:
    assert [each.layer for each in no(role("far", account="222222222222"), table())] == [Layer.RESOURCE, Layer.IDENTITY]


def test_layers_above_are_named() -> None:
    boundary = policy(PolicyKind.BOUNDARY, allow("s3:*"))
    session = policy(PolicyKind.SESSION, allow("s3:*"))
    requester = role("role", READS, boundaries=(boundary,), sessions=(session,))
    here = endpoint("dynamodb", allow("dynamodb:Put*", principal="*"))
    accounts = (Account(OWN, OWN, "own", scps=((policy(PolicyKind.SCP, allow("s3:*")),),)),)
    layers = [each.layer for each in no(requester, table(), at=[here], accounts=accounts)]
    assert layers == [Layer.ENDPOINT, Layer.SCP, Layer.BOUNDARY, Layer.SESSION]


def test_a_key_that_does_not_let_in_is_named_with_its_reason() -> None:
    [found] = no(role("role", READS), table(encryption_keys=("k",)), key())
    assert found.layer is Layer.ENCRYPTION
    assert found.text.startswith("needs kms:Decrypt on k: no resource policy")


def test_blocked_public_access_is_named() -> None:
    public = resource(allow("s3:GetObject", principal="*"))
    thing = bucket(public, public_access=BlockPublicAccess(restricts_policies=True))
    assert [each.layer for each in no(ANONYMOUS, thing, action="s3:GetObject")] == [Layer.PUBLIC_ACCESS]


def test_each_position_has_reasons_of_its_own() -> None:
    places = [endpoint("dynamodb"), Position("anywhere")]
    assert [each.position for each in no(role(), table(), at=places)] == places


def test_who_can_call_nobody_stands_nowhere() -> None:
    assert [each.layer for each in no(role("role", READS), table(), at=[])] == [Layer.POSITION]
    assert [each.layer for each in no(role("role", READS), table(), at=[endpoint("s3")])] == [Layer.POSITION]
