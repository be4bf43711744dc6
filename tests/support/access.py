"""Models of access from policies as people write them, for tests of the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policies.access.decision import Decisions
from policies.access.model import (
    ABSENT,
    AccessModel,
    Account,
    Caller,
    Context,
    Endpoint,
    KeyValues,
    Origin,
    Policy,
    PolicyKind,
    PolicyStatement,
    Position,
    PrincipalKind,
    Requester,
    Thing,
)
from policies.library.documents import Statement, document
from policies.library.model import Configuration
from policies.library.values import Value, freeze

OWN, OTHER = "111111111111", "222222222222"

Json = Mapping[str, Any]
ANYWHERE = Position("anywhere")


def policy(kind: PolicyKind, *statements: Json, name: str = "") -> Policy:
    """A policy with statements as JSON."""
    read = document(freeze({"Statement": list(statements)}), Configuration({})).statements
    made = tuple(_statement(each, number) for number, each in enumerate(read, start=1))
    return Policy(kind, name or kind.value, made)


def _statement(read: Statement, number: int) -> PolicyStatement:
    return PolicyStatement(
        allows=read.allows,
        origin=Origin(None, "policy", number),
        sid=read.sid,
        principals=read.principals,
        inverts_principals=read.inverts_principals,
        actions=_texts(read.actions),
        inverts_actions=read.inverts_actions,
        resources=_texts(read.resources),
        inverts_resources=read.inverts_resources,
        conditions=read.conditions,
    )


def _texts(values: Sequence[Value]) -> tuple[str, ...]:
    return tuple(str(each) for each in values)


def identity(*statements: Json) -> Policy:
    """An identity policy."""
    return policy(PolicyKind.IDENTITY, *statements)


def resource(*statements: Json) -> Policy:
    """A resource policy."""
    return policy(PolicyKind.RESOURCE, *statements)


def allow(action: Any, resource: Any = "*", **more: Any) -> Json:
    """A statement that allows; `condition` and `principal` are elements of it."""
    return _made("Allow", action, resource, more)


def deny(action: Any, resource: Any = "*", **more: Any) -> Json:
    """A statement that denies."""
    return _made("Deny", action, resource, more)


def _made(effect: str, action: Any, resource: Any, more: Mapping[str, Any]) -> Json:
    elements = {"condition": "Condition", "principal": "Principal", "not_principal": "NotPrincipal", "sid": "Sid"}
    return {"Effect": effect, "Action": action, "Resource": resource, **{elements[at]: more[at] for at in more}}


def role(name: str = "role", *policies: Policy, account: str = OWN, **more: Any) -> Requester:
    """A role of an account with identity policies."""
    arn = f"arn:aws:iam::{account}:role/{name}"
    return Requester(name, name, PrincipalKind.ROLE, arn, account, identity=policies, **more)


def user(name: str = "user", *policies: Policy, account: str = OWN, **more: Any) -> Requester:
    """A user of an account with identity policies."""
    arn = f"arn:aws:iam::{account}:user/{name}"
    return Requester(name, name, PrincipalKind.USER, arn, account, identity=policies, **more)


def service(name: str, **more: Any) -> Requester:
    """A service that acts under its own name."""
    return Requester(name, name, PrincipalKind.SERVICE, service=name, **more)


ANONYMOUS = Requester("anonymous", "anybody", PrincipalKind.ANONYMOUS)
STRANGER = Requester(
    "stranger",
    "a principal of another account",
    PrincipalKind.ROLE,
    f"arn:aws:iam::{OTHER}:*",
    OTHER,
    is_unrestricted=True,
)


def bucket(*policies: Policy, name: str = "b", **more: Any) -> Thing:
    """A bucket with policies."""
    arns = {"bucket": (f"arn:aws:s3:::{name}",), "object": (f"arn:aws:s3:::{name}/*",)}
    return _thing(name, "aws_s3_bucket", "s3", arns, policies, more)


def table(*policies: Policy, name: str = "t", **more: Any) -> Thing:
    """A DynamoDB table with policies."""
    arns = {"table": (f"arn:aws:dynamodb:us-east-1:{OWN}:table/{name}",)}
    return _thing(name, "aws_dynamodb_table", "dynamodb", arns, policies, more)


def key(*statements: Json, name: str = "k", grants: Sequence[Json] = (), **more: Any) -> Thing:
    """A KMS key with the statements of its policy, and grants."""
    policies = [policy(PolicyKind.KEY, *statements)]
    policies += [policy(PolicyKind.GRANT, each) for each in grants]
    arns = {"key": (f"arn:aws:kms:us-east-1:{OWN}:key/{name}",)}
    return _thing(name, "aws_kms_key", "kms", arns, policies, more)


def role_thing(name: str, *trust: Json, **more: Any) -> Thing:
    """A role as something to assume, with the statements of its trust policy, which have no Resource."""
    bare = [{at: each[at] for at in each if at != "Resource"} for each in trust]
    arns = {"role": (f"arn:aws:iam::{OWN}:role/{name}",)}
    return _thing(name, "aws_iam_role", "iam", arns, [policy(PolicyKind.TRUST, *bare)], more)


def _thing(
    name: str,
    type_: str,
    service: str,
    arns: Mapping[str, tuple[str, ...]],
    policies: Sequence[Policy],
    more: Mapping[str, Any],
) -> Thing:
    return Thing(name, name, type_, service, **{"arns": arns, "account": OWN, "policies": tuple(policies), **more})


def endpoint(service: str, *statements: Json, name: str = "vpce-1", vpc: str = "vpc-1") -> Position:
    """Where somebody stands who calls a service through an endpoint."""
    policies = (policy(PolicyKind.ENDPOINT, *statements),) if statements else ()
    made = Endpoint(name, name, name, vpc, service, policies)
    context = {"aws:sourcevpce": name, "aws:sourcevpc": vpc}
    return Position(name, made, {**holding(context), "aws:sourceip": holding({"": None})[""]})


def holding(values: Mapping[str, str | Sequence[str] | None]) -> Context:
    """Condition keys with the values that requests hold; None is a key that they lack."""
    return {
        name: ABSENT if held is None else KeyValues((held,) if isinstance(held, str) else tuple(held))
        for name, held in values.items()
    }


_TYPES = {"s3:getobject": ("object",), "s3:putobject": ("object",)}


@dataclass
class World:
    """A model in two accounts, and the questions that are asked of it."""

    things: Sequence[Thing]
    accounts: Sequence[Account] = (Account(OWN, OWN, "own"), Account(OTHER, OTHER, "other"))
    resource_types: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _TYPES)

    def model(self, *callers: Caller) -> AccessModel:
        """The model with some callers."""
        positions = [position for caller in callers for position in caller.positions]
        return AccessModel(
            principals={caller.principal.key: caller.principal for caller in callers},
            things={each.key: each for each in self.things},
            endpoints={each.endpoint.key: each.endpoint for each in positions if each.endpoint is not None},
            accounts={each.key: each for each in self.accounts},
            resource_types=self.resource_types,
        )

    def decisions(self, *callers: Caller, actions: Sequence[str]) -> Decisions:
        """The engine for some callers and actions."""
        return Decisions(self.model(*callers), callers, actions)


def may(requester: Requester, action: str, thing: Thing, *more: Thing, at: Position = ANYWHERE, **world: Any) -> bool:
    """Whether somebody may do something to a thing, in a world with that and `more`."""
    caller = Caller(requester, (at,))
    decisions = World((thing, *more), **world).decisions(caller, actions=[action])
    return bool(decisions.answer(caller, thing, [action]))


def senders(model: AccessModel, thing: str = "aws_sqs_queue.q", action: str = "sqs:SendMessage") -> dict[str, bool]:
    """Who may do an action, and whether they surely may."""
    everybody = [Caller(each, (Position("anywhere"),)) for each in model.principals.values()]
    decisions = Decisions(model, everybody, [action])
    answers = {each.principal.key: decisions.answer(each, model.things[thing], [action]) for each in everybody}
    return {key: bool(answer.guaranteed) for key, answer in answers.items() if answer}
