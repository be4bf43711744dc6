"""What somebody can make of what they may do, in one step more.

An administrator of an account, who has every permission there, makes nothing more of anything in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from policies.access.decision import Decisions
from policies.access.escalation_actions import (
    ASSUME,
    BY_TYPE,
    CODE,
    COPY,
    CREATE_ROLE,
    CREATE_USER,
    CREDENTIALS,
    ESCALATIONS,
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
from policies.access.escalation_requests import NO_BOUNDARY, boundary_of, full, known
from policies.access.model import (
    ANY_TYPE,
    AccessModel,
    Caller,
    Context,
    KeyValues,
    Origin,
    Policy,
    PolicyKind,
    PolicyStatement,
    Position,
    PrincipalKind,
    Thing,
)
from policies.library.documents import Principal

GROUP = "aws_iam_group"
NEW_ROLE, NEW_USER = "new role", "new user"
ACCOUNT = "account"
"""The type of the things that stand for whatever a service can start in an account."""

_ANYWHERE = Position("inside AWS")
_CREATED: Mapping[str, tuple[tuple[str, ...], ...]] = {NEW_ROLE: CREATE_ROLE, NEW_USER: CREATE_USER}


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
    """Keys of the requesters who can get more permissions: any with `REWRITE` and `CREATE`, those that something limits
    with `LOOSEN`. Who is one of them, or can be, has them."""
    is_certain: bool = True
    """Whether it rests on no assumption."""


class Escalations:
    """What callers get in one step."""

    def __init__(self, model: AccessModel, callers: Iterable[Caller]) -> None:
        """Raises TooManyAtoms."""
        self._model = model = _with_accounts(model)
        self._decisions = decisions = Decisions(model, callers, ESCALATIONS, known(model))
        asked = {key: tuple(dict.fromkeys(_asked(model, thing))) for key, thing in model.things.items()}
        self._candidates = decisions.candidates({key: actions for key, actions in asked.items() if actions})
        self._held: dict[tuple[str, tuple[tuple[str, KeyValues], ...]], Caller] = {}
        space = decisions.space
        declared = (thing.all_arns for key, thing in model.things.items() if key in model.principals)
        self._declared = space.resource_mask(tuple(arn for arns in declared for arn in arns))

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
        yield from self._created(caller, thing)
        for gain in _rewritten(self._model, thing):
            yield from self._single(caller, thing, gain)

    def _single(self, caller: Caller, thing: Thing, gain: Gain) -> Iterator[Gain]:
        """A gain for each of its actions that is allowed by itself."""
        boundary = boundary_of(self._model.principals.get(thing.key), self._model)
        for action in gain.actions:
            for context, is_all in full(action, boundary):
                answer = self._decisions.answer(self._holding(caller, context), thing, (action,))
                if answer:
                    yield replace(gain, actions=(action,), is_certain=is_all and bool(answer.guaranteed))
                    break

    def _created(self, caller: Caller, thing: Thing) -> Iterator[Gain]:
        """What a caller gets by making a role or user: the first way that is allowed, a certain one before others."""
        ways = _CREATED.get(thing.type, ())
        for is_certain in (True, False):
            for way in ways:
                resources = ~self._declared
                for action in (*way, *(ASSUME[:1] if thing.type == NEW_ROLE else ())):
                    resources &= self._resources(caller, thing, action, surely=is_certain) if resources else 0
                if resources:
                    yield Gain(Escalation.CREATE, thing, way, (), (caller.principal.key,), is_certain=is_certain)
                    return

    def _resources(self, caller: Caller, thing: Thing, action: str, *, surely: bool) -> int:
        found = 0
        for context, is_all in full(action, NO_BOUNDARY, is_new=True):
            if is_all or not surely:
                found |= self._decisions.resources(self._holding(caller, context), thing, action, surely=surely)
        return found

    def _holding(self, caller: Caller, context: Context) -> Caller:
        """A caller whose requests hold something more."""
        if not context:
            return caller
        key = (caller.principal.key, tuple(context.items()))
        if key not in self._held:
            positions = (replace(each, context={**each.context, **context}) for each in caller.positions)
            self._held[key] = Caller(caller.principal, tuple(positions))
        return self._held[key]

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
            answers = (self._decisions.answer(self._holding(caller, _passed_to(name)), role, (PASS,)) for name in runs)
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
    yield from (way[0] for way in _CREATED.get(thing.type, ()))
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


def _passed_to(service: str) -> Context:
    """What the request holds that passes a role to a service."""
    return {"iam:passedtoservice": KeyValues((service,))}


def _with_accounts(model: AccessModel) -> AccessModel:
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
        for type_ in (NEW_ROLE, NEW_USER)
        for each in [_creatable(type_, key, f"arn:{partition}:iam::{model.accounts[key].id}")]
    }
    return replace(model, things={**model.things, **started, **made})


def _creatable(type_: str, account: str, begin: str) -> Thing:
    """A role or user that is not there; a role trusts everybody of the account who is not denied to take it."""
    kind = type_.removeprefix("new ")
    anybody = PolicyStatement(
        allows=True,
        origin=Origin(None, "the trust that its maker writes"),
        principals=(Principal("*", "*"),),
        actions=("sts:AssumeRole",),
    )
    trust = Policy(PolicyKind.TRUST, anybody.origin.part, (anybody,))
    arns = {kind: (f"{begin}:{kind}/*",)}
    policies = (trust,) if type_ == NEW_ROLE else ()
    return Thing(f"{account}/{type_}", f"a {type_}", type_, "iam", arns, account, policies)


def _startable(key: str, id_: str, service: str) -> Thing:
    arns = {ANY_TYPE: (f"arn:*:{service}:*:{id_}:*",)}
    return Thing(f"{key}/{service}", f"whatever {service} starts", ACCOUNT, service, arns, key)
