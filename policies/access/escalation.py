"""What somebody can make of what they may do, in one step more.

An administrator of an account, who has every permission there, makes nothing more of anything in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from policies.access.decision import Decisions
from policies.access.escalation_actions import (
    ASSUME,
    CODE,
    COPY,
    CREDENTIALS,
    GRANT,
    JOIN,
    LOOSEN_BOUNDARY,
    LOOSEN_DENY,
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
    """Keys of the requesters whose permissions they get; empty if they get none."""
    strengthens: tuple[str, ...] = ()
    """Keys of the requesters who can get more permissions: any with `REWRITE`, those that something limits with
    `LOOSEN`. Who is one of them, or can be, has them."""
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
    is_administrator = caller.principal.is_unrestricted or caller.principal.kind is PrincipalKind.ROOT
    for thing in decisions.model.things.values():
        if is_administrator and thing.account == caller.principal.account:
            continue
        if thing.key in decisions.model.principals:
            yield from _single(decisions, caller, thing, Gain(Escalation.ASSUME, thing, ASSUME, (thing.key,)))
            yield from _passed(decisions, caller, thing)
        if thing.type in CREDENTIALS:
            gain = Gain(Escalation.CREDENTIALS, thing, CREDENTIALS[thing.type], (thing.key,))
            yield from _single(decisions, caller, thing, gain)
        if thing.type == "aws_iam_group" and caller.principal.kind is PrincipalKind.USER:
            joined = Gain(Escalation.REWRITE, thing, (JOIN,), strengthens=(caller.principal.key,))
            yield from _single(decisions, caller, thing, joined)
        yield from _code(decisions, caller, thing)
        for gain in _rewritten(decisions.model, thing):
            yield from _single(decisions, caller, thing, gain)


def _single(decisions: Decisions, caller: Caller, thing: Thing, gain: Gain) -> Iterator[Gain]:
    """A gain for each of its actions that is allowed by itself."""
    answer = decisions.answer(caller, thing, gain.actions)
    for action in answer.allowed:
        yield replace(gain, actions=(action,), is_certain=action in answer.guaranteed)


def _code(decisions: Decisions, caller: Caller, thing: Thing) -> Iterator[Gain]:
    """What a caller gets by what runs code, or makes calls, with roles: the first way that is allowed."""
    roles = (*thing.runs_as, *thing.acts_as)
    if thing.type == "aws_launch_template" and any(
        each.type == "aws_autoscaling_group" for each in decisions.model.things.values()
    ):  # a group starts the version that they make, with any instance profile
        roles = tuple(dict.fromkeys((*roles, *_with_profile(decisions))))
    ways = CODE.get(thing.type, ()) if roles else ()
    answer = decisions.answer(caller, thing, tuple(dict.fromkeys(action for way in ways for action in way)))
    for way in ways:
        if set(way) <= set(answer.allowed):
            yield Gain(Escalation.CODE, thing, way, roles, is_certain=set(way) <= set(answer.guaranteed))


def _with_profile(decisions: Decisions) -> Iterator[str]:
    """The roles that instances can have."""
    for thing in decisions.model.things.values():
        if thing.key in decisions.model.principals and "ec2.amazonaws.com" in _trusted(decisions, thing):
            yield thing.key


def _rewritten(model: AccessModel, thing: Thing) -> Iterator[Gain]:
    """What somebody gets who may change policies of a thing, the use of a key, or where data is copied."""
    strengthened = tuple(_strengthened(model, thing))
    yield Gain(Escalation.REWRITE, thing, REWRITE.get(thing.type, ()), strengthens=strengthened)
    principal = model.principals.get(thing.key)
    if principal is not None:
        limits = LOOSEN_BOUNDARY.get(thing.type, ()) if principal.boundaries else ()
        if any(not statement.allows for policy in principal.identity for statement in policy.statements):
            limits = (*limits, *LOOSEN_DENY.get(thing.type, ()))
        yield Gain(Escalation.LOOSEN, thing, limits, strengthens=(thing.key,))
    yield Gain(Escalation.GRANT, thing, GRANT.get(thing.type, ()))
    yield Gain(Escalation.COPY, thing, COPY.get(thing.type, ()))


def _strengthened(model: AccessModel, thing: Thing) -> Iterator[str]:
    """Whose permissions change with those of a thing: a role or user itself, whoever has a policy or is in a group."""
    if thing.key in model.principals:
        yield thing.key
    elif thing.resource is not None and thing.type.startswith("aws_iam_"):
        for key, each in model.principals.items():
            if any(policy.resource is thing.resource for policy in (*each.identity, *each.boundaries)):
                yield key


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
                yield Gain(Escalation.PASS, role, (PASS, *way), (role.key,), is_certain=is_certain)
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
