"""What can be made or started in the accounts of a model, as things: a new role or user, another group, what a service
starts."""

from __future__ import annotations

from dataclasses import replace

from policies.access.escalation_actions import STARTS
from policies.access.model import ANY_TYPE, AccessModel, Origin, Policy, PolicyKind, PolicyStatement, Thing
from policies.library.documents import Principal

ROLE_MADE, USER_MADE, GROUP_ELSEWHERE = "new role", "new user", "other group"
_ACCOUNT = "account"
"""The type of the things that stand for whatever a service can start in an account."""


def with_creatable(model: AccessModel) -> AccessModel:
    """A model with what services can start in its accounts as things, and with roles and users that can be made."""
    own = {thing.account: thing for thing in model.things.values()}
    started = {
        f"{account.key}/{service}": _startable(account.key, account.id, service)
        for account in model.accounts.values()
        for service in STARTS
        if account.key in own
    }
    partitions = {key: thing.all_arns[0].split(":")[1] for key, thing in own.items() if thing.all_arns}
    made = {
        each.key: each
        for key, partition in partitions.items()
        for type_ in (ROLE_MADE, USER_MADE, GROUP_ELSEWHERE)
        for each in [_creatable(type_, key, f"arn:{partition}:iam::{model.accounts[key].id}")]
    }
    return replace(model, things={**model.things, **started, **made})


def _creatable(type_: str, account: str, begin: str) -> Thing:
    """A role, user or group that is not declared; a role trusts everybody of the account who may take it."""
    kind = type_.rpartition(" ")[2]
    anybody = PolicyStatement(
        allows=True,
        origin=Origin(None, "the trust that its maker writes"),
        principals=(Principal("*", "*"),),
        actions=("sts:AssumeRole",),
    )
    trust = Policy(PolicyKind.TRUST, anybody.origin.part, (anybody,))
    arns = {kind: (f"{begin}:{kind}/*",)}
    policies = (trust,) if type_ == ROLE_MADE else ()
    name = "another group" if type_ == GROUP_ELSEWHERE else f"a {type_}"
    return Thing(f"{account}/{type_}", name, type_, "iam", arns, account, policies)


def _startable(key: str, id_: str, service: str) -> Thing:
    arns = {ANY_TYPE: (f"arn:*:{service}:*:{id_}:*",)}
    return Thing(f"{key}/{service}", f"whatever {service} starts", _ACCOUNT, service, arns, key)
