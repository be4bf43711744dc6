"""What somebody can make of what they may do, in one step more.

An administrator of an account, who has every permission there, makes nothing more of anything in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from policies.access.answers import AccessAnswer
from policies.access.becoming import (
    ANY_PERMISSION,
    GROUP,
    asked_tags,
    has_asked_tags,
    limited,
    members,
    tagged,
    tagged_key,
    within,
    within_key,
)
from policies.access.creatable import GROUP_ELSEWHERE, ROLE_MADE, USER_MADE, with_creatable
from policies.access.decision import Decisions
from policies.access.escalation_actions import (
    ASSUME,
    BECOMES,
    BY_TYPE,
    CODE,
    COPY,
    CREATE_ROLE,
    CREATE_USER,
    CREDENTIALS,
    ESCALATIONS,
    GRANT,
    HELD,
    JOIN,
    LOOSEN_BOUNDARY,
    LOOSEN_DENY,
    NEW_USER,
    PASS,
    REWRITE,
    RUNS_FOR,
    STARTS,
    TAG,
    TAG_SESSION,
    Escalation,
)
from policies.access.escalation_requests import Boundary, all_of, boundary_of, exactly, full, known, limits
from policies.access.model import (
    AccessModel,
    Caller,
    Context,
    KeyValues,
    Position,
    PrincipalKind,
    Requester,
    Thing,
)

_ANYWHERE = Position("inside AWS")
_CREATED: Mapping[str, tuple[tuple[str, ...], ...]] = {ROLE_MADE: CREATE_ROLE, USER_MADE: CREATE_USER}


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
    """Keys of the requesters who can get more permissions: those that something limits with `LOOSEN`, any with the
    others. Who is one of them, or can be, has them."""
    makes: tuple[tuple[str, str], ...] = ()
    """Keys of requesters, and of whom each of them is then, or `ANY_PERMISSION`: somebody in a group, or with any
    policy within a boundary."""
    is_certain: bool = True
    """Whether it rests on no assumption."""


class Escalations:
    """What callers get in one step."""

    def __init__(self, model: AccessModel, callers: Iterable[Caller]) -> None:
        """Raises TooManyAtoms."""
        callers = tuple(callers)
        model = with_creatable(model)
        self._members = members(model)
        self._limited = limited(model, [each for each in model.things.values() if each.type in _CREATED])
        became = [each for several in self._members.values() for _, each in several]
        became += self._limited.values()
        self._tags = asked_tags(model)
        with_tags = {each.key: tagged(each, self._tags) for each in model.principals.values()} if self._tags else {}
        principals = {**model.principals, **{each.key: each for each in (*became, *filter(None, with_tags.values()))}}
        self._model = model = replace(model, principals=principals)
        anywhere = max((each.positions for each in callers), key=len, default=(_ANYWHERE,))
        self._callers = {each.principal.key: each for each in callers}
        for each in became:  # new credentials may be used wherever those of anybody are
            self._callers[each.key] = Caller(each, anywhere)
        for key, tagged_one in with_tags.items():
            if tagged_one is not None and key in self._callers:
                self._callers[tagged_one.key] = Caller(tagged_one, self._callers[key].positions)
        self._limits = limits(model)
        self._decisions = decisions = Decisions(model, callers, actions_of(model), known(model))
        asked = {key: tuple(dict.fromkeys(_asked(model, thing, self._tags))) for key, thing in model.things.items()}
        self._asked = {key: actions for key, actions in asked.items() if actions}
        self._candidates = decisions.candidates(self._asked)
        self._answers: dict[tuple[str, str], AccessAnswer] = {}
        self._held: dict[tuple[str, tuple[tuple[str, KeyValues], ...]], Caller] = {}
        space = decisions.space
        declared = (each.all_arns for key, each in model.things.items() if key in principals or each.type == GROUP)
        self._declared = space.resource_mask(tuple(arn for arns in declared for arn in arns))

    def caller_of(self, key: str) -> Caller | None:
        """Who asks by the key of a requester, also of one that a step makes; None if there is no such."""
        if key not in self._callers:
            base = next((each for each in self._callers.values() if within_key(each.principal.key) == key), None)
            if base is None:
                return None
            requester = within(base.principal)
            self._decisions.admit(requester, base.principal)
            self._callers[key] = Caller(requester, base.positions)
        return self._callers[key]

    def model_with(self, callers: Iterable[Caller]) -> AccessModel:
        """The model with some who are made by a step."""
        return replace(
            self._model,
            principals={**self._model.principals, **{each.principal.key: each.principal for each in callers}},
        )

    def of(self, caller: Caller) -> Iterator[Gain]:
        """What a caller gets."""
        principal = caller.principal
        is_administrator = (
            principal.is_unrestricted and not principal.boundaries
        ) or principal.kind is PrincipalKind.ROOT
        for thing in self._candidates.of(principal, self._decisions.own_grants(principal)):
            if is_administrator and thing.account == principal.account:
                continue
            is_there = principal.presence is None and thing.presence is None
            for gain in self._about(caller, thing):
                yield gain if is_there else replace(gain, is_certain=False)

    def _about(self, caller: Caller, thing: Thing) -> Iterator[Gain]:
        if thing.key in self._model.principals:
            yield from self._single(caller, thing, Gain(Escalation.ASSUME, thing, ASSUME, (thing.key,)))
            yield from self._passed(caller, thing)
        if thing.type in CREDENTIALS:
            gain = Gain(Escalation.CREDENTIALS, thing, CREDENTIALS[thing.type], (thing.key,))
            yield from self._single(caller, thing, gain)
        if thing.holds:
            yield from self._read(caller, thing)
        if thing.type in (GROUP, GROUP_ELSEWHERE):
            yield from self._joined(caller, thing)
        if thing.type in _CREATED:
            yield from self._created(caller, thing)
        yield from self._code(caller, thing)
        yield from self._retagged(caller, thing)
        for gain in _rewritten(self._model, thing):
            yield from self._single(caller, thing, gain)

    def _single(self, caller: Caller, thing: Thing, gain: Gain) -> Iterator[Gain]:
        """A gain for each of its actions that is allowed by itself."""
        boundary = boundary_of(self._model.principals.get(thing.key))
        whatever = self._whatever_it_holds(caller, thing)
        for action in gain.actions:
            for context, is_all in full(action, boundary) if action in whatever.allowed else ():
                answer = (
                    self._decisions.answer(self._holding(caller, context), thing, (action,)) if context else whatever
                )
                if action in answer.allowed:
                    yield replace(gain, actions=(action,), is_certain=is_all and action in answer.guaranteed)
                    break

    def _whatever_it_holds(self, caller: Caller, thing: Thing) -> AccessAnswer:
        """What a caller may do to a thing that gives somebody something, whatever the request holds beside: what is not
        allowed so is not with something that it must hold."""
        key = (caller.principal.key, thing.key)
        if key not in self._answers:
            self._answers[key] = self._decisions.answer(caller, thing, self._asked[thing.key])
        return self._answers[key]

    def _read(self, caller: Caller, thing: Thing) -> Iterator[Gain]:
        """What a caller gets who reads credentials that are written into a thing."""
        answer = self._whatever_it_holds(caller, thing)
        sure, perhaps = (
            tuple(each for each in HELD.get(thing.type, ()) if each in several)
            for several in (answer.guaranteed, answer.allowed)
        )
        if perhaps:
            yield Gain(Escalation.CREDENTIALS, thing, (sure or perhaps)[:1], thing.holds, is_certain=bool(sure))

    def _retagged(self, caller: Caller, thing: Thing) -> Iterator[Gain]:
        """What a caller gets who changes tags that conditions ask for, of somebody or of a thing."""
        changes = TAG.get(thing.type, ())
        key = tagged_key(thing.key)
        if key in self._model.principals:
            yield from self._single(caller, thing, Gain(Escalation.TAG, thing, changes, makes=((thing.key, key),)))
            both = self._decisions.answer(caller, thing, (ASSUME[0], TAG_SESSION))
            if len(both.allowed) == 2:
                is_certain = len(both.guaranteed) == 2
                yield Gain(Escalation.TAG, thing, both.asked, (key,), is_certain=is_certain)
        elif has_asked_tags(thing, self._tags):
            yield from self._single(caller, thing, Gain(Escalation.TAG, thing, changes))

    def _joined(self, caller: Caller, group: Thing) -> Iterator[Gain]:
        """What a caller gets by putting a user into a group: one who is there, or a new one."""
        allowed = self._resources_with(caller, group, JOIN, {}, surely=False)
        if group.type == GROUP_ELSEWHERE:
            allowed &= ~self._declared
        if not allowed:
            return
        is_certain = bool(self._resources_with(caller, group, JOIN, {}, surely=True)) and group.type == GROUP
        actions, is_sure = self._new_user(caller, group.account)
        if group.type == GROUP_ELSEWHERE:  # nobody knows what it allows
            users = (each for each in self._model.principals.values() if each.kind is PrincipalKind.USER)
            keys = tuple(each.key for each in users if each.account == group.account and "*" not in each.arn)
            if keys:
                yield Gain(Escalation.JOIN, group, (JOIN,), strengthens=keys, is_certain=False)
            if actions:
                yield Gain(
                    Escalation.CREATE, group, (*actions, JOIN), strengthens=(caller.principal.key,), is_certain=False
                )
            return
        makes = tuple((user, then.key) for user, then in self._members[group.key] if user)
        if makes:
            yield Gain(Escalation.JOIN, group, (JOIN,), makes=makes, is_certain=is_certain)
        if actions:
            new = next(then.key for user, then in self._members[group.key] if not user)
            yield Gain(Escalation.CREATE, group, (*actions, JOIN), (new,), is_certain=is_certain and is_sure)

    def _new_user(self, caller: Caller, account: str) -> tuple[tuple[str, ...], bool]:
        """What lets a caller make a user and be it, and whether it surely does; nothing if nothing does."""
        thing = self._model.things.get(f"{account}/{USER_MADE}")
        if thing is None:
            return (), False
        certain = self._way(caller, thing, NEW_USER, Boundary(), surely=True)
        return (certain, True) if certain else (self._way(caller, thing, NEW_USER, Boundary(), surely=False), False)

    def _created(self, caller: Caller, thing: Thing) -> Iterator[Gain]:
        """What a caller gets by making a role or user: the first way that is certain, or else what gives less and the
        first that is not."""
        ways = _CREATED[thing.type]
        others = all_of(self._limits)
        certain = self._way(caller, thing, ways, others, surely=True)
        if certain:
            yield Gain(Escalation.CREATE, thing, certain, (), (caller.principal.key,))
            return
        yield from self._created_within(caller, thing, ways)
        perhaps = self._way(caller, thing, ways, others, surely=False)
        if perhaps:
            yield Gain(Escalation.CREATE, thing, perhaps, (), (caller.principal.key,), is_certain=False)

    def _created_within(self, caller: Caller, thing: Thing, ways: tuple[tuple[str, ...], ...]) -> Iterator[Gain]:
        """What a caller gets by making somebody with each boundary that is known, and by taking it away again."""
        kind = thing.type.removeprefix("new ")
        loosens = LOOSEN_BOUNDARY[f"aws_iam_{kind}"][0]
        for boundary in self._limits:
            for way in ways:
                some = self._common(caller, thing, way, boundary, surely=False)
                if some:
                    sure = bool(self._common(caller, thing, way, boundary, surely=True))
                    requester = self._limited[thing.key, boundary.arns[0]].key
                    yield Gain(Escalation.CREATE, thing, way, (requester,), is_certain=sure)
                    if some & self._resources_with(caller, thing, loosens, {}, surely=False):
                        gained = (caller.principal.key,)
                        surely = self._resources_with(caller, thing, loosens, {}, surely=True)
                        yield Gain(
                            Escalation.CREATE,
                            thing,
                            (*way, loosens),
                            strengthens=gained,
                            is_certain=sure and bool(surely),
                        )
                    break

    def _way(
        self, caller: Caller, thing: Thing, ways: tuple[tuple[str, ...], ...], but: Boundary, *, surely: bool
    ) -> tuple[str, ...]:
        """The first of some ways that a caller may go, with another boundary than some, or none; surely with none."""
        for way in ways:
            resources = ~self._declared
            for action in (*way, *(ASSUME[:1] if thing.type == ROLE_MADE else ())):
                found = 0
                for context, is_all in full(action, but, is_new=True) if resources else ():
                    if is_all or not surely:
                        found |= self._resources_with(caller, thing, action, context, surely=surely)
                resources &= found
            if resources:
                return way
        return ()

    def _common(self, caller: Caller, thing: Thing, way: tuple[str, ...], boundary: Boundary, *, surely: bool) -> int:
        """The resources, not there yet, about which a caller may do all of some actions with one boundary."""
        resources = ~self._declared
        for action in (*way, *(ASSUME[:1] if thing.type == ROLE_MADE else ())):
            for context in exactly(action, boundary) if resources else ():
                resources &= self._resources_with(caller, thing, action, context, surely=surely)
        return resources

    def _resources_with(self, caller: Caller, thing: Thing, action: str, context: Context, *, surely: bool) -> int:
        return self._decisions.resources(self._holding(caller, context), thing, action, surely=surely)

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
        answer = self._whatever_it_holds(caller, thing)
        for way in ways:
            if set(way) <= set(answer.allowed):
                yield Gain(Escalation.CODE, thing, way, roles, is_certain=set(way) <= set(answer.guaranteed))

    def _passed(self, caller: Caller, role: Thing) -> Iterator[Gain]:
        """What a caller gets by passing a role to a service that it trusts and that runs what they like."""
        if PASS not in self._whatever_it_holds(caller, role).allowed:
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


def actions_of(model: AccessModel) -> tuple[str, ...]:
    """All actions that give somebody something; those that read credentials where these are written into something."""
    return (*ESCALATIONS, *_reading(model))


def becoming_actions(model: AccessModel) -> tuple[str, ...]:
    """Those of them that make somebody of whom does them, or give whom they may be more permissions."""
    return (*BECOMES, *_reading(model))


def _reading(model: AccessModel) -> Iterable[str]:
    types = {each.type for each in model.things.values() if each.holds}
    return dict.fromkeys(action for type_ in sorted(types) for action in HELD.get(type_, ()))


def _asked(model: AccessModel, thing: Thing, tags: frozenset[str]) -> Iterator[str]:
    """The actions about a thing that give somebody something; `tags` are those that conditions ask for."""
    if thing.holds:
        yield from HELD.get(thing.type, ())
    if tagged_key(thing.key) in model.principals:
        yield TAG_SESSION
    if tagged_key(thing.key) in model.principals or has_asked_tags(thing, tags):
        yield from TAG.get(thing.type, ())
    if thing.key in model.principals:
        yield from (*ASSUME, PASS)
    if thing.type in (GROUP, GROUP_ELSEWHERE):
        yield JOIN
    yield from (action for way in CODE.get(thing.type, ()) for action in way)
    yield from (way[0] for way in _CREATED.get(thing.type, ()))
    yield from (action for table in BY_TYPE for action in table.get(thing.type, ()))


def _rewritten(model: AccessModel, thing: Thing) -> Iterator[Gain]:
    """What somebody gets who may change policies of a thing, the use of a key, or where data is copied."""
    strengthened = dict(_strengthened(model, thing))
    unlimited = tuple(key for key, each in strengthened.items() if not _is_limited(each))
    within_limits = tuple((key, within_key(key)) for key, each in strengthened.items() if _is_limited(each))
    freed = tuple(_within_it(model, thing))
    yield Gain(
        Escalation.REWRITE,
        thing,
        REWRITE.get(thing.type, ()),
        strengthens=unlimited,
        makes=(*within_limits, *((key, ANY_PERMISSION) for key in freed)),
    )
    principal = model.principals.get(thing.key)
    if principal is not None:
        boundaries = LOOSEN_BOUNDARY.get(thing.type, ()) if principal.boundaries else ()
        any_then = ((within_key(thing.key), ANY_PERMISSION),)
        yield Gain(Escalation.LOOSEN, thing, boundaries, strengthens=(thing.key,), makes=any_then)
        denied = any(not statement.allows for policy in principal.identity for statement in policy.statements)
        yield Gain(
            Escalation.LOOSEN, thing, LOOSEN_DENY.get(thing.type, ()) if denied else (), strengthens=(thing.key,)
        )
    yield Gain(Escalation.GRANT, thing, GRANT.get(thing.type, ()))
    yield Gain(Escalation.COPY, thing, COPY.get(thing.type, ()))


def _strengthened(model: AccessModel, thing: Thing) -> Iterator[tuple[str, Requester]]:
    """Whose permissions change with those of a thing: a role or user itself, whoever has a policy or is in a group."""
    if thing.key in model.principals:
        yield thing.key, model.principals[thing.key]
    elif thing.resource is not None and thing.type.startswith("aws_iam_"):
        for key, each in model.principals.items():
            if any(policy.resource is thing.resource for policy in each.identity):
                yield key, each


def _within_it(model: AccessModel, thing: Thing) -> Iterator[str]:
    """Who has any policy within a boundary that is a thing."""
    for key, each in model.principals.items():
        if thing.type == "aws_iam_policy" and any(policy.resource is thing.resource for policy in each.boundaries):
            yield key if each.is_unrestricted else within_key(key)


def _is_limited(requester: Requester) -> bool:
    """Whether a boundary of which all is known limits somebody."""
    statements = [each for policy in requester.boundaries for each in policy.statements]
    return bool(requester.boundaries) and all(each.assumption is None for each in statements)


def _passed_to(service: str) -> Context:
    """What the request holds that passes a role to a service."""
    return {"iam:passedtoservice": KeyValues((service,))}
