"""What somebody can make of what they may do, in one step more.

An administrator of an account, who has every permission there, makes nothing more of anything in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from policies.access.decision import Decisions
from policies.access.escalation_actions import (
    ASSUME,
    BY_TYPE,
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

GROUP = "aws_iam_group"
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
    """A model with what services can start in its accounts as things, as `Escalations` needs it."""
    started = {
        f"{account.key}/{service}": _startable(account.key, account.id, service)
        for account in model.accounts.values()
        for service in STARTS
        if any(thing.account == account.key for thing in model.things.values())
    }
    return replace(model, things={**model.things, **started})


class Escalations:
    """What callers get in one step; the decisions are of `with_accounts`, of `ESCALATIONS` and of those callers."""

    def __init__(self, decisions: Decisions) -> None:
        self._decisions, self._model = decisions, decisions.model
        asked = {key: tuple(dict.fromkeys(_asked(self._model, thing))) for key, thing in self._model.things.items()}
        self._candidates = decisions.candidates({key: actions for key, actions in asked.items() if actions})

    def of(self, caller: Caller) -> Iterator[Gain]:
        """What a caller gets."""
        principal = caller.principal
        is_administrator = principal.is_unrestricted or principal.kind is PrincipalKind.ROOT
        for thing in self._candidates.of(principal, self._decisions.own_grants(principal)):
            if is_administrator and thing.account == principal.account:
                continue
            yield from self._about(caller, thing)

    def _about(self, caller: Caller, thing: Thing) -> Iterator[Gain]:
        if thing.key in self._model.principals:
            yield from self._single(caller, thing, Gain(Escalation.ASSUME, thing, ASSUME, (thing.key,)))
            yield from self._passed(caller, thing)
        if thing.type in CREDENTIALS:
            gain = Gain(Escalation.CREDENTIALS, thing, CREDENTIALS[thing.type], (thing.key,))
            yield from self._single(caller, thing, gain)
        if thing.type == GROUP and caller.principal.kind is PrincipalKind.USER:
            joined = Gain(Escalation.REWRITE, thing, (JOIN,), strengthens=(caller.principal.key,))
            yield from self._single(caller, thing, joined)
        yield from self._code(caller, thing)
        for gain in _rewritten(self._model, thing):
            yield from self._single(caller, thing, gain)

    def _single(self, caller: Caller, thing: Thing, gain: Gain) -> Iterator[Gain]:
        """A gain for each of its actions that is allowed by itself."""
        answer = self._decisions.answer(caller, thing, gain.actions)
        for action in answer.allowed:
            yield replace(gain, actions=(action,), is_certain=action in answer.guaranteed)

    def _code(self, caller: Caller, thing: Thing) -> Iterator[Gain]:
        """What a caller gets by what runs code, or makes calls, with roles: the first way that is allowed."""
        roles = (*thing.runs_as, *thing.acts_as)
        if thing.type == "aws_launch_template" and self._has_groups:
            # a group starts the version that they make, with any instance profile
            with_profile = (key for key, services in self._trusted.items() if "ec2.amazonaws.com" in services)
            roles = tuple(dict.fromkeys((*roles, *with_profile)))
        ways = CODE.get(thing.type, ()) if roles else ()
        answer = self._decisions.answer(caller, thing, tuple(dict.fromkeys(action for way in ways for action in way)))
        for way in ways:
            if set(way) <= set(answer.allowed):
                yield Gain(Escalation.CODE, thing, way, roles, is_certain=set(way) <= set(answer.guaranteed))

    def _passed(self, caller: Caller, role: Thing) -> Iterator[Gain]:
        """What a caller gets by passing a role to a service that it trusts and that runs what they like."""
        if not self._decisions.answer(caller, role, (PASS,)):
            return
        trusted = self._trusted.get(role.key, {})
        for service, ways in STARTS.items():
            runs = [name for name in RUNS_FOR.get(service, (f"{service}.amazonaws.com",)) if name in trusted]
            answers = (self._decisions.answer(_passing(caller, name), role, (PASS,)) for name in runs)
            passing = [answer for answer in answers if answer]
            target = self._model.things.get(f"{role.account}/{service}")
            if not passing or target is None:
                continue
            wanted = tuple(dict.fromkeys(action for way in ways for action in way))
            answer = self._decisions.answer(caller, target, wanted)
            for way in ways:
                if set(way) <= set(answer.allowed):
                    is_certain = set(way) <= set(answer.guaranteed) and any(each.guaranteed for each in passing)
                    is_certain = is_certain and any(trusted[name] for name in runs)
                    yield Gain(Escalation.PASS, role, (PASS, *way), (role.key,), is_certain=is_certain)
                    break

    @cached_property
    def _has_groups(self) -> bool:
        """Whether a group starts instances."""
        return any(each.type == "aws_autoscaling_group" for each in self._model.things.values())

    @cached_property
    def _trusted(self) -> Mapping[str, Mapping[str, bool]]:
        """The services that may take each role, and whether they surely may."""
        found: dict[str, dict[str, bool]] = {}
        principals = self._model.principals
        services = (Caller(each, (_ANYWHERE,)) for each in principals.values() if each.kind is PrincipalKind.SERVICE)
        roles = {key: ("sts:AssumeRole",) for key in self._model.things if key in principals}
        for answer in self._decisions.answers(services, roles):
            trusted, service = found.setdefault(answer.thing.key, {}), answer.caller.principal.service
            trusted[service] = trusted.get(service, False) or bool(answer.guaranteed)
        return found


def _asked(model: AccessModel, thing: Thing) -> Iterator[str]:
    """The actions about a thing that give somebody something."""
    if thing.key in model.principals:
        yield from (*ASSUME, PASS)
    if thing.type == GROUP:
        yield JOIN
    yield from (action for way in CODE.get(thing.type, ()) for action in way)
    yield from (action for table in BY_TYPE for action in table.get(thing.type, ()))


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


def _passing(caller: Caller, service: str) -> Caller:
    """A caller as they pass a role to a service."""
    passed = {"iam:passedtoservice": KeyValues((service,))}
    positions = (replace(each, context={**each.context, **passed}) for each in caller.positions)
    return Caller(caller.principal, tuple(positions))


def _startable(key: str, id_: str, service: str) -> Thing:
    arns = {ANY_TYPE: (f"arn:*:{service}:*:{id_}:*",)}
    return Thing(f"{key}/{service}", f"whatever {service} starts", ACCOUNT, service, arns, key)
