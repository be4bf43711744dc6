"""What somebody can make of what they may do, in one step more.

An administrator of an account, who has every permission there, makes nothing more of anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from policies.access.decision import Decisions
from policies.access.escalation_actions import (
    ASSUME,
    CODE,
    COPY,
    GRANT,
    PASS,
    REWRITE,
    RUNS_FOR,
    STARTS,
    Escalation,
)
from policies.access.model import ANY_TYPE, AccessModel, Caller, KeyValues, Position, PrincipalKind, Thing

ACCOUNT = "account"
"""The type of the things that stand for whatever a service can start in an account."""

_ANYWHERE = Position("inside AWS")


@dataclass(frozen=True)
class Gain:
    """Something that a caller gets."""

    by: Escalation
    thing: Thing
    """What the actions are about: the role, the key, the table, what runs the code."""
    actions: tuple[str, ...]
    """All of them, where it takes several; the first is about the thing."""
    requesters: tuple[str, ...] = ()
    """Keys of the requesters whose permissions they get; empty if they get the thing itself."""
    is_certain: bool = True
    """Whether it rests on no assumption."""


def with_accounts(model: AccessModel) -> AccessModel:
    """A model with what services can start in its accounts as things, as `gains` needs it."""
    started = {
        f"{account.key}/{service}": _startable(account.key, account.id, service)
        for account in model.accounts.values()
        for service in STARTS
        if any(thing.account == account.key for thing in model.things.values())
    }
    return replace(model, things={**model.things, **started})


def gains(decisions: Decisions, caller: Caller) -> Iterator[Gain]:
    """What a caller gets in one step; `decisions` are of `with_accounts` and of `ESCALATIONS`, for that caller."""
    if caller.principal.is_unrestricted or caller.principal.kind is PrincipalKind.ROOT:
        return
    for thing in decisions.model.things.values():
        if thing.key in decisions.model.principals:
            yield from _single(decisions, caller, thing, Escalation.ASSUME, ASSUME, requesters=(thing.key,))
            yield from _passed(decisions, caller, thing)
        if thing.runs_as:
            yield from _single(
                decisions, caller, thing, Escalation.CODE, CODE.get(thing.type, ()), requesters=thing.runs_as
            )
        yield from _single(
            decisions,
            caller,
            thing,
            Escalation.REWRITE,
            REWRITE.get(thing.type, ()),
            requesters=_strengthened(decisions.model, thing),
        )
        for by, table in ((Escalation.GRANT, GRANT), (Escalation.COPY, COPY)):
            yield from _single(decisions, caller, thing, by, table.get(thing.type, ()), requesters=())


def _single(
    decisions: Decisions,
    caller: Caller,
    thing: Thing,
    by: Escalation,
    actions: Sequence[str],
    *,
    requesters: tuple[str, ...],
) -> Iterator[Gain]:
    answer = decisions.answer(caller, thing, actions) if actions else None
    for action in answer.allowed if answer is not None else ():
        is_certain = answer is not None and action in answer.guaranteed
        yield Gain(by, thing, (action,), requesters, is_certain)


def _strengthened(model: AccessModel, thing: Thing) -> tuple[str, ...]:
    """Whose permissions change with those of a thing: a role or user itself, whoever has a policy or is in a group."""
    if thing.key in model.principals:
        return (thing.key,)
    if thing.resource is None or not thing.type.startswith("aws_iam_"):
        return ()
    return tuple(
        key
        for key, each in model.principals.items()
        if any(policy.resource is thing.resource for policy in (*each.identity, *each.boundaries))
    )


def _passed(decisions: Decisions, caller: Caller, role: Thing) -> Iterator[Gain]:
    """What a caller gets by passing a role to a service that it trusts and that runs what they like."""
    if not decisions.answer(caller, role, (PASS,)):
        return
    trusted = _trusted(decisions, role)
    for service, ways in STARTS.items():
        runs = [name for name in RUNS_FOR.get(service, (f"{service}.amazonaws.com",)) if name in trusted]
        passing = [answer for name in runs if (answer := decisions.answer(_passing(caller, name), role, (PASS,)))]
        target = decisions.model.things.get(f"{role.account}/{service}")
        if not passing or target is None:
            continue
        wanted = tuple(dict.fromkeys(action for way in ways for action in way))
        answer = decisions.answer(caller, target, wanted)
        for way in ways:
            if set(way) <= set(answer.allowed):
                is_certain = set(way) <= set(answer.guaranteed) and any(each.guaranteed for each in passing)
                is_certain = is_certain and any(trusted[name] for name in runs)
                yield Gain(Escalation.PASS, role, (PASS, *way), (role.key,), is_certain)
                break


def _passing(caller: Caller, service: str) -> Caller:
    """A caller as they pass a role to a service."""
    passed = {"iam:passedtoservice": KeyValues((service,))}
    positions = (replace(each, context={**each.context, **passed}) for each in caller.positions)
    return Caller(caller.principal, tuple(positions))


def _trusted(decisions: Decisions, role: Thing) -> Mapping[str, bool]:
    """The services that may take a role, and whether they surely may."""
    found: dict[str, bool] = {}
    for requester in decisions.model.principals.values():
        if requester.kind is PrincipalKind.SERVICE:
            answer = decisions.answer(Caller(requester, (_ANYWHERE,)), role, ("sts:AssumeRole",))
            if answer:
                found[requester.service] = found.get(requester.service, False) or bool(answer.guaranteed)
    return found


def _startable(key: str, id_: str, service: str) -> Thing:
    arns = {ANY_TYPE: (f"arn:*:{service}:*:{id_}:*",)}
    return Thing(f"{key}/{service}", f"whatever {service} starts", ACCOUNT, service, arns, key)
