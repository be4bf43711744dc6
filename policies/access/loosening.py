"""Statements that became wider though nobody may do more by them: the defence in depth that a change takes away.

A request needs a grant of each policy that takes part, and must meet no Deny. Where an Allow says more than before, or
a Deny, a permissions boundary or the policy of an endpoint is gone, and something else stops all of that, nothing
opens; this says what became wider, for whom, and what stops it now. What is not known counts as what lets most through,
so that what is said to stop a request surely does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

from policies.access.difference import AccessView
from policies.access.model import AccessModel, BlockPublicAccess, Caller, Thing
from policies.access.principals import Grade, grade
from policies.access.reach import Reach, may_be_granted
from policies.access.wider import Wider, wider
from policies.access.wider_requests import NO_POLICY, Joint


@dataclass(frozen=True)
class LooserStatement:
    """A statement or a limit that lets more through than before between a caller and a thing, all of which is stopped
    elsewhere."""

    place: str
    """What became wider, in words: `ReadAll of aws_iam_role_policy.p`, `without NoWrites of aws_sqs_queue.q`."""
    caller: Caller | None
    """None for everybody."""
    thing: Thing | None
    """None for everything."""
    actions: tuple[str, ...]
    stopped_by: tuple[str, ...]
    """What stops all of it on its own; empty where only several together do."""
    is_perhaps: bool = False
    """Whether it is wider rests on what is not known."""


def loosened_statements(
    before: AccessView,
    after: AccessView,
    actions_of: Callable[[Thing], Sequence[str]],
    opened: Set[tuple[str, str, str]],
) -> tuple[LooserStatement, ...]:
    """What is wider in `after` than in `before`, where nobody may do more by it; `opened` are the caller, the thing and
    the action of all that is allowed now and was not. Raises TooManyAtoms."""
    found = tuple(wider(before, after))
    statements = _Loosening(before, after, actions_of, opened, found).found() if found else ()
    return (*statements, *_unblocked(before, after, {thing for _, thing, _ in opened}))


def _unblocked(before: AccessView, after: AccessView, opened: Set[str]) -> Iterator[LooserStatement]:
    """The buckets whose Block Public Access blocks less, though nothing public is there."""
    nothing = BlockPublicAccess()
    for key, now in after.model.things.items():
        past = before.model.things.get(key)
        if past is not None and key not in opened:
            was, here = (
                (each.ignores_acls, each.restricts_policies, each.blocks_policies)
                for each in (past.public_access or nothing, now.public_access or nothing)
            )
            if any(one and not other for one, other in zip(was, here, strict=True)):
                yield LooserStatement(f"without Block Public Access of {now.name}", None, now, (), (NO_POLICY,))


class _Loosening:
    """What is wider, with those between whom it may be."""

    def __init__(
        self,
        before: AccessView,
        after: AccessView,
        actions_of: Callable[[Thing], Sequence[str]],
        opened: Set[tuple[str, str, str]],
        several: Sequence[Wider],
    ) -> None:
        self._after, self._opened, self._wider = after, opened, several
        things = {key: each for key, each in after.model.things.items() if key in before.model.things}
        self._actions = {key: tuple(actions_of(each)) for key, each in things.items()}
        lowered = {key: frozenset(map(str.lower, each)) for key, each in self._actions.items()}
        every = frozenset(action for each in lowered.values() for action in each)
        self._pairs: list[tuple[Caller, Thing, Wider]] = []
        self._ungranted: dict[int, list[tuple[Caller, Thing]]] = {}
        """The pairs about which nothing is granted, by the place of what is gone."""
        for at, one in enumerate(several):
            reach = Reach([one.statement], every) if one.statement is not None else None
            about = [
                each
                for key, each in things.items()
                for through in [frozenset(map(str.lower, self._through(one, each)))]
                if one.thing in ("", key) and through and (reach is None or reach.is_about(each, through))
            ]
            for caller in after.callers if about else ():
                if caller.principal.key not in before.by_key or not _is_about(one, caller, after.model):
                    continue
                allows = (each for policy in caller.principal.identity for each in policy.statements if each.allows)
                own = Reach(allows, every)
                is_asked = not one.is_gone or bool(one.rivals)
                for thing in about:
                    if is_asked or may_be_granted(caller.principal, thing, own, lowered[thing.key]):
                        self._pairs.append((caller, thing, one))
                    else:
                        self._ungranted.setdefault(at, []).append((caller, thing))
        pairs = [(caller, thing) for caller, thing, _ in self._pairs]
        self._joint = Joint(before, after, pairs, self._actions) if pairs else None

    def found(self) -> Iterator[LooserStatement]:
        """What is wider, each by itself. That no policy allows it at all is said only of what opens nothing to anybody,
        and is stopped by nothing else."""
        known: dict[int, list[LooserStatement]] = {}
        passing: set[int] = set()
        for caller, thing, one in self._pairs:
            found, passes = self._of_pair(caller, thing, one)
            known.setdefault(id(one), []).extend(found)
            passing |= {id(one)} if passes else set()
        for at, one in enumerate(self._wider):
            every = known.get(id(one), [])
            stopped = [each for each in every if each.stopped_by != (NO_POLICY,)]
            yield from stopped
            if stopped or id(one) in passing:
                continue
            if one.statement is None:
                callers = [self._after.by_key[key] for key in one.callers]
                for caller in [each for each in callers if each.principal.resource is not None] or callers:
                    yield LooserStatement(one.place, caller, None, (), (NO_POLICY,))
                continue
            yield from every
            for caller, thing in self._ungranted.get(at, []):
                yield LooserStatement(one.place, caller, thing, self._about(one, thing), (NO_POLICY,))

    def _about(self, one: Wider, thing: Thing) -> tuple[str, ...]:
        """The actions on a thing that something may be about."""
        actions = self._through(one, thing)
        if one.statement is None:
            return actions
        asked = [(each, Reach([one.statement], [each])) for each in actions]
        return tuple(each for each, reach in asked if reach.is_about(thing, (each.lower(),)))

    def _through(self, one: Wider, thing: Thing) -> tuple[str, ...]:
        """The actions on a thing of which requests meet a policy: that of an endpoint, those to its service alone."""
        actions = self._actions[thing.key]
        return tuple(each for each in actions if each.partition(":")[0] == one.service) if one.service else actions

    def _of_pair(self, caller: Caller, thing: Thing, one: Wider) -> tuple[list[LooserStatement], bool]:
        """What it is wider for between two, by what stops it, and whether any of it is let through."""
        about = self._about(one, thing)
        passing = {each for each in about if (caller.principal.key, thing.key, each) in self._opened}
        rest = tuple(each for each in about if each not in passing)
        stopped: dict[str, tuple[str, ...]] = {}
        sure: set[str] = set()
        for kind in self._joint.kinds(caller, thing, rest) if self._joint is not None and rest else ():
            for is_sure in (False, True) if one.is_unsure else (True,):
                more = kind.more(one, surely=is_sure)
                asked = [each for each in kind.case.actions if each not in passing]
                actions = more.actions(asked) if more is not None else ()
                if more is None or not actions:
                    continue
                let = more.let_through(actions)
                passing |= {*let} if is_sure else set()
                sure |= {*actions} if is_sure else set()
                for some, names in more.stops([each for each in actions if each not in let]):
                    for each in some:
                        stopped[each] = tuple(name for name in stopped.get(each, names) if name in names)
        grouped: dict[tuple[tuple[str, ...], bool], list[str]] = {}
        for action in rest:
            if action in stopped and action not in passing:
                grouped.setdefault((stopped[action], action not in sure), []).append(action)
        found = [
            LooserStatement(one.place, caller, thing, tuple(several), names, is_perhaps)
            for (names, is_perhaps), several in grouped.items()
        ]
        return found, bool(passing)


def _is_about(one: Wider, caller: Caller, model: AccessModel) -> bool:
    """Whether something may be about what somebody asks for."""
    if one.callers or one.statement is None:
        return caller.principal.key in one.callers
    return grade(one.statement, caller.principal, model.accounts, surely=False) is not Grade.NONE
