"""What a change lets people do: the exact difference of what two models allow, pair by pair.

Requests are compared as sets, not by the names of actions: a policy that drops a condition, or names a wider resource,
allows more with the actions that were there. Both models are decided in one space, so that the requests that the one
allows and the other does not can be searched for: those that one of its paths lets through and, of every path of the
other, a group of grants does not or a refusal stops.

Nothing is decided of a pair whose caller and thing are the same in both models, of one about which no statement that
differs can be, and of one where nothing grants anything; the rest is decided in a model of that alone. *Unknown is
never absent*: what was allowed on an assumption only may have been denied, so what is surely allowed now is told as
perhaps new.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from policies.access.alike import CallerChange, Known, UnknownPart, caller_change, signature, unknown_parts
from policies.access.anywhere import from_anywhere, is_anywhere
from policies.access.both import BEFORE, decisions_about, past_caller, past_thing, placed
from policies.access.boxes import RequestSet, Tests
from policies.access.decision import Decisions
from policies.access.encryption import KEY_ACTIONS, unknown_keys
from policies.access.explain import passed
from policies.access.layers import Case, GrantPath
from policies.access.model import (
    AccessModel,
    Caller,
    PolicyStatement,
    Position,
    Thing,
)
from policies.access.reach import Reach, may_be_granted
from policies.access.related import in_front, related
from policies.access.statements import RESOURCE, shown
from policies.access.text import readable

_OF_KEYS = tuple(map(str.lower, KEY_ACTIONS))


@dataclass(frozen=True)
class AccessDifference:
    """Requests that one model allows a caller and another one does not."""

    caller: Caller
    """As in the model that allows them."""
    thing: Thing
    action: str
    example: str
    """The resource of one such request."""
    positions: tuple[Position, ...]
    """From where they can be made."""
    statements: tuple[str, ...] = ()
    """What lets the example through, each by its name and where it stands."""
    is_more: bool = False
    """Whether some requests with the action are allowed in the other model too."""
    is_assumed: bool = False
    """Whether they rest on an assumption."""
    is_perhaps: bool = False
    """Whether the other model may allow them too: there it rests on an assumption."""


@dataclass(frozen=True, eq=False)
class AccessView:
    """A model with everybody who asks."""

    model: AccessModel
    callers: tuple[Caller, ...]
    known: Known = field(default_factory=dict)
    """What decides of its parts, as far as that was asked for."""

    @cached_property
    def by_key(self) -> Mapping[str, Caller]:
        """The callers by their keys."""
        return {each.principal.key: each for each in self.callers}

    @cached_property
    def caller_signatures(self) -> Mapping[str, Hashable]:
        """What decides about each caller, by key."""
        return {key: signature(each, self.known) for key, each in self.by_key.items()}

    @cached_property
    def thing_signatures(self) -> Mapping[str, Hashable]:
        """What decides about each thing, by key, with all others on which an answer about it depends."""
        own = {key: signature(each, self.known) for key, each in self.model.things.items()}
        return {
            key: (own[key], *((other, own.get(other)) for other in sorted(others)))
            for key, others in self.related.items()
        }

    @cached_property
    def related(self) -> Mapping[str, tuple[str, ...]]:
        """By the key of each thing the keys of all others on which an answer about it depends."""
        return related(self.model.things)


def allowed_now(
    before: AccessView, after: AccessView, actions_of: Callable[[Thing], Sequence[str]]
) -> tuple[AccessDifference, ...]:
    """Everything that `after` allows and `before` does not, of the actions that are asked about on each thing.

    Raises TooManyAtoms.
    """
    return _Comparison(before, after, actions_of).found()


class _Comparison:
    """Both models in one, with those callers and things of the one before that are others there."""

    def __init__(self, before: AccessView, after: AccessView, actions_of: Callable[[Thing], Sequence[str]]) -> None:
        is_same_account = _accounts(before) == _accounts(after)
        self._after, self._actions_of, self._is_same_account = after, actions_of, is_same_account
        self._callers = {
            key: not is_same_account or before.caller_signatures.get(key) != found
            for key, found in after.caller_signatures.items()
        }
        self._things = {
            key: not is_same_account or before.thing_signatures.get(key) != found
            for key, found in after.thing_signatures.items()
        }
        self._asked = {key: frozenset(map(str.lower, actions_of(each))) for key, each in after.model.things.items()}
        self._every = frozenset(each for actions in self._asked.values() for each in actions) | {*_OF_KEYS}
        self._by_service: dict[str, frozenset[str]] = {
            service: frozenset(several)
            for service, several in groupby(sorted(self._every), key=lambda each: each.partition(":")[0])
        }
        self._found: dict[tuple[str | None, tuple[int, ...] | None], frozenset[str]] = {}
        self._places: dict[str, tuple[Position, ...]] = {}
        """Of callers that differ by where they stand alone: where they did not before, or not so."""
        self._placed: dict[str, Caller] = {}
        """Callers who reach the interfaces of things as they were."""
        self._pairs = tuple(self._differing(before))
        changed_callers = dict.fromkeys(
            key for key in (caller.principal.key for caller, _ in self._pairs) if self._callers[key]
        )
        changed_things = dict.fromkeys(
            key for key in after.model.things if self._things[key] and key in before.model.things
        )
        things = before.model.things
        needed = dict(changed_things)
        for key in changed_things:
            needed |= dict.fromkeys(each for each in before.related[key] if each in things)
        accounts = {} if is_same_account else {key: f"{BEFORE}{key}" for key in before.model.accounts}
        self._past_things = {key: past_thing(things[key], needed, accounts) for key in needed}
        self._past_callers = {
            key: past_caller(before.by_key[key], accounts) for key in changed_callers if key in before.by_key
        }
        self._past_accounts = {name: before.model.accounts[key] for key, name in accounts.items()}

    def found(self) -> tuple[AccessDifference, ...]:
        """What is allowed now, in the order of callers and things."""
        return tuple(each for pair in self._pairs for each in self._of_pair(*pair))

    def _differing(self, before: AccessView) -> Iterator[tuple[Caller, Thing]]:
        """The pairs about which something is not the same, where anything may be granted now."""
        things = self._after.model.things
        changed = [each for key, each in things.items() if self._things[key]]
        if not changed and not any(self._callers.values()):
            return
        points = in_front(things.values())
        for caller in self._after.callers:
            principal = caller.principal
            concerned = changed
            if self._callers[principal.key]:
                change = self._change(before, caller)
                concerned = self._concerned(change) if change is not None else list(things.values())
                if change is not None and not change.statements:
                    self._places[principal.key] = tuple(each for each, _ in change.positions)
            if concerned:
                allows = (each for policy in principal.identity for each in policy.statements if each.allows)
                own = Reach(allows, self._every)
                for thing in concerned:
                    ways = (thing, *points.get(thing.key, ()))
                    if any(may_be_granted(principal, each, own, self._asked[thing.key]) for each in ways):
                        yield caller, thing

    def _change(self, before: AccessView, caller: Caller) -> CallerChange | None:
        """What is not the same of a caller; None where that may be about anything."""
        past = before.by_key.get(caller.principal.key) if self._is_same_account else None
        return caller_change(past, caller, (before.known, self._after.known)) if past is not None else None

    def _concerned(self, change: CallerChange) -> list[Thing]:
        """The things that what differs of a caller may be about, or of which it may be about what is needed with them;
        and those that are not the same."""
        things = self._after.model.things
        found = {key for key in things if self._things[key]} | self._about(None, change.statements)
        for position, statements in change.positions:
            found |= self._about(position.endpoint.service if position.endpoint else None, statements)
        return [each for key, each in things.items() if key in found or not found.isdisjoint(self._after.related[key])]

    def _about(self, service: str | None, statements: tuple[PolicyStatement, ...] | None) -> Set[str]:
        """The things about which there are requests to a service, or to any; that some statements may be about."""
        key = (service, None if statements is None else tuple(map(id, statements)))
        if key not in self._found:
            reach = Reach(statements, self._every) if statements is not None else None
            self._found[key] = frozenset(
                thing.key
                for thing in self._after.model.things.values()
                for actions in [self._needed(thing, service)]
                if actions and (reach is None or reach.is_about(thing, actions))
            )
        return self._found[key]

    def _needed(self, thing: Thing, service: str | None) -> Collection[str]:
        """The actions on a thing that are asked about, or may be needed for others; of a service, if one is named."""
        of_its_kind = self._by_service.get(thing.service, frozenset())
        every = self._asked[thing.key] | of_its_kind
        return every if service is None else [each for each in every if each.partition(":")[0] == service]

    @cached_property
    def _decisions(self) -> Decisions:
        """Decides all pairs: in a model without what none of them is about."""
        model = self._after.model
        callers = [*dict.fromkeys(caller for caller, _ in self._pairs), *self._past_callers.values()]
        own = {thing.key: thing for _, thing in self._pairs}
        others = (other for key in own for other in self._after.related[key] if other in model.things)
        own |= {key: model.things[key] for key in others}
        things = [*own.values(), *self._past_things.values()]
        actions = {each for thing in own.values() for each in self._actions_of(thing)}
        return decisions_about(model, callers, things, self._past_accounts, actions)

    def _of_pair(self, caller: Caller, thing: Thing) -> Iterator[AccessDifference]:
        actions = self._actions_of(thing)
        asking = caller
        if caller.principal.key in self._places and not self._things[thing.key]:
            asking = replace(caller, positions=self._places[caller.principal.key])
        allowed = self._decisions.allowed(asking, thing, actions, surely=False) if actions else ()
        if not allowed:
            return
        past = self._past(caller, thing)
        had = self._decisions.allowed(*past, allowed, surely=False) if past is not None else ()
        if past is not None and asking is not caller:
            names = {each.name for each in asking.positions}
            places = tuple(each for each in past[0].positions if each.name in names or is_anywhere(each))
            past = replace(past[0], positions=places), past[1]
        for action in allowed:
            for each in self._of_action(asking, thing, action, past if action in had else None):
                yield replace(each, caller=caller)

    def _past(self, caller: Caller, thing: Thing) -> tuple[Caller, Thing] | None:
        """The same caller and thing before the change; None if one of them was not there."""
        key = caller.principal.key
        past_caller = self._past_callers.get(key, caller) if self._callers[key] else caller
        past_thing = self._past_things.get(thing.key, thing) if self._things[thing.key] else thing
        was_there = (past_caller is not caller or not self._callers[key]) and (
            past_thing is not thing or not self._things[thing.key]
        )
        if past_thing is not thing and thing.in_network:
            past_caller = self._placed.setdefault(past_caller.principal.key, placed(past_caller, self._past_things))
        return (past_caller, past_thing) if was_there else None

    def _of_action(
        self, caller: Caller, thing: Thing, action: str, past: tuple[Caller, Thing] | None
    ) -> Iterator[AccessDifference]:
        beyond = self._beyond(caller, thing, action, past, surely=(False, False))
        is_perhaps = not beyond and past is not None
        if is_perhaps:
            beyond = self._beyond(caller, thing, action, past, surely=(True, True))
            if not beyond and past is not None and self._may_turn_out_more(action, (caller, thing), past):
                beyond = self._beyond(caller, thing, action, past, surely=(False, True))
        if not beyond:
            return
        surely = self._beyond(caller, thing, action, past, surely=(True, False))
        box, path = next(iter(beyond.values()))
        granted = (passed(self._decisions, group, box)[0] for group in path.groups if not group.open_because)
        yield AccessDifference(
            caller,
            thing,
            action,
            readable(self._decisions.space.resources.named(box.masks[RESOURCE])),
            tuple(beyond),
            statements=tuple(f"{shown(each.statement)} of {each.policy.name}" for each in granted if each is not None),
            is_more=past is not None,
            is_assumed=not surely and not is_perhaps,
            is_perhaps=is_perhaps,
        )

    def _beyond(
        self, caller: Caller, thing: Thing, action: str, past: tuple[Caller, Thing] | None, *, surely: tuple[bool, bool]
    ) -> Mapping[Position, tuple[RequestSet, GrantPath]]:
        """Requests that are allowed now and were not, and what lets them through, by where they are made.

        ``surely``: whether they must be allowed for certain now, and whether only what was certain before counts."""
        found: dict[Position, tuple[RequestSet, GrantPath]] = {}
        for case in self._decisions.cases(caller, thing, (action,), surely=surely[0]):
            if not self._is_complete(case, action, surely=surely[0]):
                continue
            names = {each.name for each in past[0].positions} if past is not None else set()
            is_there = case.position.name in names or case.position.endpoint is None
            past_cases = [
                each
                for each in (self._decisions.cases(*past, (action,), surely=surely[1]) if past is not None else ())
                if each.position.name == case.position.name or not (is_there or not is_anywhere(each.position))
                if self._is_complete(each, action, surely=surely[1])
            ]
            for path in case.paths:
                found_here = self._avoiding(case, path, action, past_cases=past_cases, surely=surely)
                if found_here is not None:
                    found.setdefault(case.position, (found_here, path))
        return found

    def _is_complete(self, case: Case, action: str, *, surely: bool) -> bool:
        """Whether a request of a case can be made, and what must be allowed with it is."""
        return not (surely and self._decisions.rests_on(case, action)) and all(
            self._decisions.allowed(Caller(case.requester, (position,)), other, (needed,), surely=surely)
            for other, position, needed in self._decisions.further(case, action)
        )

    def _avoiding(
        self, case: Case, path: GrantPath, action: str, *, past_cases: Sequence[Case], surely: tuple[bool, bool]
    ) -> RequestSet | None:
        """Requests that a path lets through and no path of the cases before."""
        decisions = self._decisions
        bounds = decisions.bounds(case, (action,), surely=surely[0])
        others: list[tuple[Sequence[Sequence[Tests]], Sequence[Tests]]] = []
        for past_case in past_cases:
            own = decisions.bounds(past_case, (action,), surely=surely[1])
            for past_path in past_case.paths:
                groups: list[Sequence[Tests]] = [decisions.grants(each, surely=surely[1]) for each in past_path.groups]
                refusals = decisions.refusals(past_path, surely=surely[1])
                if past_case.position.name == case.position.name:
                    groups += [] if own == bounds else [(own,)]
                else:
                    groups, refusals = from_anywhere(decisions.space, own, groups, refusals)
                if all(groups):
                    others.append((groups, refusals))

        def search(at: int, within: tuple[Sequence[Tests], ...], without: tuple[Tests, ...]) -> RequestSet | None:
            box = decisions.find(case, path, (action,), surely=surely[0], within=within, without=without)
            if box is None or at == len(others):
                return box
            groups, refusals = others[at]
            for group in groups:
                if () not in group and (found := search(at + 1, within, (*without, *group))) is not None:
                    return found
            return search(at + 1, (*within, refusals), without) if refusals else None

        return search(0, (), ())

    def _may_turn_out_more(self, action: str, now: tuple[Caller, Thing], past: tuple[Caller, Thing]) -> bool:
        """Whether what is not known of two pairs may allow more of the one: an Allow of it has a part that is not known
        and that none of the other has, or a Deny of the other one has."""
        mine, theirs = self._unknown_parts(*now, action), self._unknown_parts(*past, action)
        return any(not any(other.covers(each) for other in theirs) for each in mine if each.allows) or any(
            not any(other.covers(each) for other in mine) for each in theirs if not each.allows
        )

    def _unknown_parts(self, caller: Caller, thing: Thing, action: str) -> frozenset[UnknownPart]:
        """What is not known of the statements about a pair, and of the key, which may deny what needs it."""
        cases = list(self._decisions.cases(caller, thing, (action,)))
        keys = {each: None for case in cases for each in unknown_keys(case.thing, action)}
        paths = {id(path): path for case in cases for path in case.paths}.values()
        statements = {
            each.statement: None
            for path in paths
            for each in (*path.refusals, *(applied for group in path.groups for applied in group.applied))
        }
        parts = [part for each in statements for part in unknown_parts(each, action)]
        return frozenset(
            (*parts, *(UnknownPart(False, None, "key", signature(each, {}), frozenset()) for each in keys))
        )


def _accounts(view: AccessView) -> Hashable:
    return signature(view.model.accounts, view.known)
