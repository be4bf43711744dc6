"""The requests that something wider lets through and that did not pass it before, and what else stops them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from policies.access.alike import signature
from policies.access.answers import Layer
from policies.access.both import BEFORE, decisions_about, past_caller, past_thing, placed
from policies.access.boxes import Tests
from policies.access.decision import Decisions
from policies.access.difference import AccessView
from policies.access.layers import Applied, Case, GrantGroup, GrantPath
from policies.access.model import Caller, PolicyKind, Thing
from policies.access.principals import Grade
from policies.access.statements import ACTION, shown
from policies.access.wider import LIMITS, Wider

NO_POLICY = "the implicit deny, as no policy allows it"
"""What stops a request that no Allow is about. Source: IAM user guide, "Policy evaluation logic"."""

_OPEN = "without its block: "
"""What keys of buckets begin with as they would be without Block Public Access, which stops by itself."""

_GRANTS = (Layer.RESOURCE, Layer.IDENTITY)
_EVERYTHING: tuple[Tests, ...] = ((),)


@dataclass(frozen=True, eq=False)
class MoreRequests:
    """Requests of one kind that something lets through and did not."""

    decisions: Decisions
    case: Case
    tests: tuple[Tests, ...]
    """What it lets through."""
    without: tuple[Tests, ...]
    """What passed there before."""
    paths: tuple[GrantPath, ...]
    """The ways that lead through it."""
    own: frozenset[int]
    """The groups of grants that it is in, by id."""
    is_grant: bool
    """Whether it grants, and does not only limit what others grant."""
    block: str
    """The Block Public Access that stops all of it, if one does."""

    def actions(self, some: Sequence[str]) -> tuple[str, ...]:
        """Those of some actions with which there is such a request."""
        return self._within(GrantPath((), ()), some)

    def let_through(self, some: Sequence[str]) -> frozenset[str]:
        """Those of some actions with which such a request is allowed, whatever lets it through."""
        if self.block:
            return frozenset()
        found = {each for path in self.case.paths for each in self._within(path, some)}
        return frozenset(each for each in found if not any(self._lacking(each)))

    def stops(self, some: Sequence[str]) -> Iterator[tuple[Sequence[str], tuple[str, ...]]]:
        """What stops all requests with some actions by itself; of each action alone where nothing stops all."""
        together = tuple(self._stopping(some)) if some else ()
        if together or len(some) == 1:
            yield some, together
        else:
            yield from (((each,), tuple(self._stopping((each,)))) for each in some)

    def _stopping(self, some: Sequence[str]) -> Iterator[str]:
        if self.block:
            yield self.block
        lacking = [set(self._lacking(each)) for each in some]
        yield from sorted(set.intersection(*lacking))
        by_path = [dict.fromkeys(self._stopping_on(path, some)) for path in self.paths]
        yield from (each for each in by_path[0] if all(each in others for others in by_path[1:]))

    def _stopping_on(self, path: GrantPath, some: Sequence[str]) -> Iterator[str]:
        for refusal in path.refusals:
            if not self._within(GrantPath((), (refusal,)), some):
                yield f"{shown(refusal.statement)} of {refusal.policy.name}"
        for group in path.groups:
            if id(group) not in self.own and not self._within(GrantPath((group,), ()), some):
                yield self._named(group) if self.is_grant or group.layer not in _GRANTS else NO_POLICY

    def _named(self, group: GrantGroup) -> str:
        """Where nothing grants, in words."""
        case = self.case
        if group.layer is Layer.RESOURCE:
            kinds = {each.kind for each in case.thing.policies}
            kind = next((each for each in (PolicyKind.TRUST, PolicyKind.KEY) if each in kinds), group.layer)
            return f"{kind} of {case.thing.name}"
        if group.layer in (Layer.RCP, Layer.SCP):
            return str(group.layer)
        if group.layer is Layer.IDENTITY:
            return f"identity policies of {case.requester.name}"
        names = dict.fromkeys(each.policy.name for each in group.applied)
        return " ".join([group.layer, " and ".join(names)]).strip()

    def _lacking(self, action: str) -> Iterator[str]:
        """What lies behind, or encrypts it, and lets nothing through."""
        for other, position, needed in self.decisions.further(self.case, action):
            caller = Caller(self.case.requester, (position,))
            if not self.decisions.allowed(caller, other, (needed,), surely=False):
                is_behind = other.key == self.case.thing.behind
                yield other.name if is_behind else f"key policy of {other.name}, which encrypts it"

    def _within(self, path: GrantPath, some: Sequence[str]) -> tuple[str, ...]:
        """Those of some actions with which such a request passes a way."""
        names = {each.lower(): each for each in some}
        found: list[str] = []
        while names:
            box = self.decisions.find(
                self.case, path, tuple(names), surely=False, within=(self.tests,), without=self.without
            )
            if box is None:
                break
            found += [names.pop(each) for each in self.decisions.space.actions_of(box.masks[ACTION])]
        return tuple(found)


@dataclass(frozen=True, eq=False)
class RequestKind:
    """One kind of requests as both models decide them, without Block Public Access."""

    decisions: Decisions
    case: Case
    past: Case
    real: Case
    """As it is with it."""

    def more(self, one: Wider, *, surely: bool) -> MoreRequests | None:
        """What something lets through and did not, for certain or perhaps; None if it has no part in such requests."""
        tests, without, paths, own = self._parts(one, surely=surely)
        if not tests or not paths:
            return None
        known = tuple(dict.fromkeys(without))
        is_grant = any(each.layer in _GRANTS for each in own)
        return MoreRequests(
            self.decisions, self.case, tests, known, paths, frozenset(map(id, own)), is_grant, self._block(one)
        )

    def _parts(
        self, one: Wider, *, surely: bool
    ) -> tuple[tuple[Tests, ...], list[Tests], tuple[GrantPath, ...], list[GrantGroup]]:
        past, paths = self.past.paths, self.case.paths
        if one.statement is None:
            limits = [each for path in past for each in path.groups if each.layer is LIMITS[one.policy.kind]]
            return (_EVERYTHING if limits else ()), self._granted(limits, surely=surely), paths, []
        if one.is_gone:
            known = {signature(each.statement, {}) for path in past for each in path.refusals}
            fresh = [each for path in paths for each in path.refusals if signature(each.statement, {}) not in known]
            gone = [each for path in past for each in path.refusals if _is(each, one)]
            return self._tests(gone, surely=surely), [*self._tests(fresh, surely=not surely)], paths, []
        own = [
            (path, group, each)
            for path in paths
            for at, group in enumerate(path.groups)
            for each in group.fitting(surely=surely)
            if _is(each, one) and _former(past, path, at)
        ]
        former = [each for path, group, _ in own for each in _former(past, path, path.groups.index(group))]
        ways = tuple({id(path): path for path, _, _ in own}.values())
        tests = self._tests([each for _, _, each in own], surely=surely)
        return tests, self._granted(former, surely=surely), ways, [group for _, group, _ in own]

    def _granted(self, groups: Iterable[GrantGroup], *, surely: bool) -> list[Tests]:
        """What passed before: all that may have where something is certain, and what surely did where it is not."""
        return [tests for each in groups for tests in self.decisions.grants(each, surely=not surely)]

    def _tests(self, several: Iterable[Applied], *, surely: bool) -> tuple[Tests, ...]:
        """The requests that statements may be about, or surely are."""
        named = (each for each in several if not surely or each.certain is not Grade.NONE)
        rulings = (self.decisions.space.ruling(each.bound) for each in named)
        return tuple(dict.fromkeys(tests for each in rulings for tests in (each.certain if surely else each.possible)))

    def _block(self, one: Wider) -> str:
        block = self.real.thing.public_access
        is_acl = block is not None and block.ignores_acls and one.policy.kind is PolicyKind.ACL
        return (
            f"Block Public Access of {self.real.thing.name}"
            if is_acl or self.real.stopped_by is Layer.PUBLIC_ACCESS
            else ""
        )


class Joint:
    """Two models in one, without what nothing is asked about."""

    def __init__(
        self,
        before: AccessView,
        after: AccessView,
        pairs: Iterable[tuple[Caller, Thing]],
        actions: Mapping[str, Collection[str]],
    ) -> None:
        """`pairs` are of the model after, with callers and things that both have; `actions` those that are asked about
        on things. Raises TooManyAtoms."""
        pairs = tuple(pairs)
        callers = {caller.principal.key: caller for caller, _ in pairs}
        is_same = signature(before.model.accounts, before.known) == signature(after.model.accounts, after.known)
        accounts = {} if is_same else {key: f"{BEFORE}{key}" for key in before.model.accounts}
        past, now = (
            {each: None for _, thing in pairs for each in _with_related(side, thing)} for side in (before, after)
        )
        here = [after.model.things[key] for key in now]
        was = [past_thing(before.model.things[key], past, accounts) for key in past]
        self._things = {each.key: each for each in (*here, *was)}
        behind = {each.behind for each in self._things.values()}
        self._open = {
            key: replace(each, key=f"{_OPEN}{key}", public_access=None)
            for key, each in self._things.items()
            if each.public_access is not None and key not in behind
        }
        self._past_callers = {key: placed(past_caller(before.by_key[key], accounts), past) for key in callers}
        self._decisions = decisions_about(
            after.model,
            [*callers.values(), *self._past_callers.values()],
            [*self._things.values(), *self._open.values()],
            {name: before.model.accounts[key] for key, name in accounts.items()},
            {action for key in now for action in actions.get(key, ())},
        )

    def kinds(self, caller: Caller, thing: Thing, actions: Sequence[str]) -> Iterator[RequestKind]:
        """The kinds of requests of a pair with some actions that there were before too."""
        now, past = (self._open.get(key, self._things[key]) for key in (thing.key, f"{BEFORE}{thing.key}"))
        past_caller = self._past_callers[caller.principal.key]
        was = {_kind(each): each for each in self._decisions.cases(past_caller, past, actions)}
        both = zip(
            self._decisions.cases(caller, now, actions), self._decisions.cases(caller, thing, actions), strict=True
        )
        for case, real in both:
            if _kind(case) in was:
                yield RequestKind(self._decisions, case, was[_kind(case)], real)


def _with_related(side: AccessView, thing: Thing) -> Iterator[str]:
    yield thing.key
    yield from (each for each in side.related[thing.key] if each in side.model.things)


def _kind(case: Case) -> tuple[str, tuple[str, ...], bool]:
    """What tells kinds of requests about a thing apart: from where, with which actions, through what is in front."""
    return case.position.name, case.actions, bool(case.thing.behind)


def _is(applied: Applied, one: Wider) -> bool:
    """Whether a statement is the one that is wider, as it applies to somebody."""
    return one.statement is not None and applied.statement.origin is one.statement.origin


def _former(past: Sequence[GrantPath], path: GrantPath, at: int) -> list[GrantGroup]:
    """The groups of grants that stood before where one stands on a path."""
    return [
        group for each in past for index, group in enumerate(each.groups) if _place(each, index) == _place(path, at)
    ]


def _place(path: GrantPath, at: int) -> tuple[Layer, Grade, Grade, int]:
    group = path.groups[at]
    level = sum(each.layer is group.layer for each in path.groups[:at])
    return group.layer, group.lowest, group.highest, level
