"""Two models in one space: what was there before stands beside what is there after, under other keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from policies.access.decision import Decisions
from policies.access.model import AccessModel, Account, Caller, Thing

BEFORE = "before the change: "
"""What keys of the model before the change begin with, in the model of both."""


def past_thing(thing: Thing, others: Collection[str], accounts: Mapping[str, str]) -> Thing:
    """A thing as it was; `others` are those that stand beside it, and `accounts` the keys of those that differ."""

    def key(of: str) -> str:
        return f"{BEFORE}{of}" if of in others else of

    return replace(
        thing,
        key=key(thing.key),
        account=accounts.get(thing.account, thing.account),
        encryption_keys=tuple(map(key, thing.encryption_keys)),
        behind=key(thing.behind),
    )


def past_caller(caller: Caller, accounts: Mapping[str, str]) -> Caller:
    """A caller as it was."""
    principal = caller.principal
    account = accounts.get(principal.account, principal.account)
    return replace(caller, principal=replace(principal, key=f"{BEFORE}{principal.key}", account=account))


def placed(caller: Caller, others: Collection[str]) -> Caller:
    """A caller who reaches the interfaces in a VPC of things as they were; `others` are those that stand beside."""
    positions = tuple(
        replace(each, to=f"{BEFORE}{each.to}") if each.to in others else each for each in caller.positions
    )
    return replace(caller, positions=positions)


def decisions_about(
    model: AccessModel,
    callers: Sequence[Caller],
    things: Iterable[Thing],
    accounts: Mapping[str, Account],
    actions: Iterable[str],
) -> Decisions:
    """Decides requests of some callers about some things alone, with what else there is in a model; `accounts` are
    those that it does not have. Raises TooManyAtoms."""
    endpoints = {id(each.endpoint): each.endpoint for caller in callers for each in caller.positions if each.endpoint}
    principals = {each.principal.key: each.principal for each in callers}
    if any("*" in each.arn for each in principals.values()):  # who is none of those that have a name
        nothing = {
            key: replace(each, identity=(), boundaries=(), sessions=()) for key, each in model.principals.items()
        }
        principals = nothing | principals
    model = replace(
        model,
        principals=principals,
        things={each.key: each for each in things},
        endpoints={str(at): each for at, each in enumerate(endpoints.values())},
        accounts={**model.accounts, **accounts},
    )
    return Decisions(model, callers, sorted(actions))
