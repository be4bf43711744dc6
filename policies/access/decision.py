"""Whether AWS allows a request: what all policies that take part say together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from policies.access.answers import AccessAnswer
from policies.access.boxes import RequestSet, Test, Tests, TooManySteps
from policies.access.candidates import Candidates
from policies.access.encryption import KEY_ACTIONS, NEEDS, through, unknown_keys
from policies.access.facts import region_of, through_access_point
from policies.access.gather import Gathering
from policies.access.layers import Case, GrantGroup, GrantPath
from policies.access.model import AccessModel, Caller, Context, KeyValues, Position, Requester, Thing
from policies.access.principals import Grade
from policies.access.related import in_front
from policies.access.statements import ACTION, RESOURCE, Space
from policies.reachability.network import Assumption

_EVERYTHING: tuple[Tests, ...] = ((),)
_OF_ACCOUNT = ("aws:principalaccount", "kms:calleraccount")
"""Keys that hold the account of the ARN of who asks."""
_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")


class Decisions:
    """Decides requests of some callers about the things of a model, with some actions."""

    def __init__(
        self,
        model: AccessModel,
        callers: Iterable[Caller],
        actions: Iterable[str],
        contexts: Iterable[Context] = (),
    ) -> None:
        """`contexts` are what requests may hold beside what callers, things and places do. Raises TooManyAtoms."""
        self.model = model
        self._gathering = Gathering(model)
        things = model.things.values()
        positions = [position for caller in callers for position in caller.positions]
        positions += [through(thing.service, region_of(thing)) for thing in things if thing.encryption_keys]
        self._in_front = in_front(things)
        self._behind: dict[tuple[int, str], Position] = {}
        positions += [
            self._inside(position, thing) for thing in things if thing.behind for position in tuple(positions)
        ]
        arns = tuple(dict.fromkeys(each.arn for each in model.principals.values() if each.arn and "*" not in each.arn))
        self._named = KeyValues(arns)
        self._grants: dict[tuple[int, bool], tuple[GrantGroup, tuple[Tests, ...]]] = {}
        self._refusals: dict[tuple[int, bool], tuple[GrantPath, tuple[Tests, ...]]] = {}
        statements = tuple(self._gathering.statements())
        self._numbers = tuple(
            sorted(
                {
                    number
                    for each in statements
                    for condition in each.statement.conditions
                    if condition.key in (*_OF_ACCOUNT, "aws:principalarn")
                    for text in condition.texts()
                    for number in _NUMBER.findall(text)
                }
            )
        )
        accounts = {
            **dict.fromkeys(_OF_ACCOUNT, KeyValues(self._numbers)),
            "aws:principalarn": KeyValues(tuple(map(_arns_of, self._numbers))),
        }
        self.space = Space(
            statements,
            (*actions, *KEY_ACTIONS),
            ["*", *(arn for thing in things for arn in thing.all_arns)],
            [*self._gathering.contexts(positions), {"aws:principalarn": self._named}, accounts, *contexts],
        )
        self._impossible = tuple(self._of_two_accounts())

    def answer(self, caller: Caller, thing: Thing, actions: Sequence[str]) -> AccessAnswer:
        """Which of some actions a caller may do to a thing, if both are there. Callers and actions are those that this
        was made for."""
        allowed = self.allowed(caller, thing, actions, surely=False)
        guaranteed = self.allowed(caller, thing, allowed, surely=True) if allowed else ()
        return AccessAnswer(caller, thing, tuple(actions), allowed, guaranteed)

    def candidates(self, asked: Mapping[str, Sequence[str]]) -> Candidates:
        """The things, of those by whose keys some actions are asked, about which somebody may be granted anything."""
        return Candidates(self.model, self._gathering, self.space, asked)

    def answers(self, callers: Iterable[Caller], asked: Mapping[str, Sequence[str]]) -> Iterator[AccessAnswer]:
        """What callers may do of what is asked, by the keys of things: each that is allowed anything."""
        candidates = self.candidates(asked)
        for caller in callers:
            for thing in candidates.of(caller.principal, self.own_grants(caller.principal)):
                answer = self.answer(caller, thing, asked[thing.key])
                if answer:
                    yield answer

    def own_grants(self, requester: Requester) -> tuple[Tests, ...]:
        """The requests that somebody's own policies may allow."""
        return self.grants(self._gathering.identity(requester), surely=False)

    def admit(self, requester: Requester, like: Requester) -> None:
        """Lets somebody ask whose requests hold the same as another one's, and who has no policies that nobody had."""
        self._gathering.admit(requester, like)

    def cases(self, caller: Caller, thing: Thing, actions: Sequence[str], *, surely: bool = False) -> Iterator[Case]:
        """The kinds of requests that a caller can make about a thing with some actions, also through access points.

        Or surely can, where it is not known what they hold.
        """
        yield from self._gathering.cases(caller, thing, actions, surely=surely)
        outside = (
            tuple(each for each in caller.positions if each.through is None) if thing.key in self._in_front else ()
        )
        for access_point in self._in_front.get(thing.key, ()) if outside else ():
            yield from self._gathering.cases(Caller(caller.principal, outside), access_point, actions, surely=surely)

    def find(
        self,
        case: Case,
        path: GrantPath,
        actions: Sequence[str],
        *,
        surely: bool,
        within: Sequence[Sequence[Tests]] = (),
        without: Sequence[Tests] = (),
    ) -> RequestSet | None:
        """Requests of a case with some actions that a path lets through; all of them if that takes too long to say.

        Only those of which a set is in each group of `within`, and that are in none of `without`.
        """
        groups: list[Sequence[Tests]] = [*within]
        for group in path.groups:
            groups.append(self.grants(group, surely=surely))
            if not groups[-1]:  # of half of the paths
                return None
        box = self.requests(case, actions, surely=surely) if all(within) else None
        if box is None:
            return None
        refusals = (*self.refusals(path, surely=surely), *without)
        if "aws:principalaccount" in case.requester.context:  # it may be several
            refusals = (*refusals, *self._impossible)
        try:
            return self.space.search().find(box, groups, refusals)
        except TooManySteps:
            return None if surely else box

    def _of_two_accounts(self) -> Iterator[Tests]:
        """The requests that nobody can make: of one account by its number, of another one by the ARN."""
        arns = self.space.keys.get("aws:principalarn")
        for name in _OF_ACCOUNT:
            key = self.space.keys.get(name)
            if arns is None or key is None:
                continue
            for number in self._numbers:
                by_number = key.holds(KeyValues((number,)), surely=True)
                by_arn = arns.holds(KeyValues((_arns_of(number),)), surely=True)
                yield (Test(key.dimension, by_number), Test(arns.dimension, arns.everything & ~by_arn))
                yield (Test(key.dimension, key.everything & ~by_number), Test(arns.dimension, by_arn))

    def requests(self, case: Case, actions: Sequence[str], *, surely: bool) -> RequestSet | None:
        """All requests of a case with some actions, whatever policies say; None if there are none."""
        return self.space.search().box(self.bounds(case, actions, surely=surely))

    def bounds(self, case: Case, actions: Sequence[str], *, surely: bool) -> Tests:
        """What all requests of a case with some actions have in common."""
        facts = [test for context in case.contexts for test in self.space.facts(context, surely=surely)]
        key = self.space.keys.get("aws:principalarn")
        if key is not None and "*" in case.requester.arn:  # somebody else than those of whom the model knows the name
            facts.append(Test(key.dimension, key.everything & ~key.holds(self._named, surely=True)))
        head = (Test(ACTION, self.space.action_mask(actions)), Test(RESOURCE, self.space.resource_mask(case.arns)))
        return (*head, *facts)

    def further(self, case: Case, action: str) -> Iterator[tuple[Thing, Position, str]]:
        """The requests that must be allowed with one: of the key that encrypts the thing, of the bucket behind it.

        Of several keys of which nobody knows which it is, none is asked, as that lets more through.
        """
        keys = case.thing.encryption_keys
        if len(keys) == 1 and keys[0] in self.model.things:
            for needed in NEEDS.get(action.lower(), ()):
                yield self.model.things[keys[0]], through(case.thing.service, region_of(case.thing)), needed
        if case.thing.behind in self.model.things:
            yield self.model.things[case.thing.behind], self._inside(case.position, case.thing), action

    def rests_on(self, case: Case, action: str) -> tuple[Assumption, ...]:
        """What a request rests on beside policies: of who makes it, from where, and of the key that it needs."""
        place = (case.position.assumption,) if case.position.assumption is not None else ()
        return (*case.requester.assumptions, *unknown_keys(case.thing, action), *place)

    def _inside(self, position: Position, access_point: Thing) -> Position:
        """The position of a request about what is behind an access point."""
        found = self._behind.get((id(position), access_point.key))
        if found is None:
            account = self.model.accounts[access_point.account].id
            context = {**position.context, **through_access_point(access_point, account)}
            found = replace(position, context=context, through=access_point)
            self._behind[id(position), access_point.key] = found
        return found

    def allowed(self, caller: Caller, thing: Thing, actions: Sequence[str], *, surely: bool) -> tuple[str, ...]:
        """Those of some actions that a caller may do to a thing, or surely may."""
        found: set[str] = set()
        for case in self.cases(caller, thing, actions, surely=surely):
            rest = [each for each in case.actions if each not in found and not (surely and self.rests_on(case, each))]
            found.update(
                action
                for action in self._let_through(case, rest, surely=surely)
                if all(
                    self.allowed(Caller(case.requester, (position,)), other, (needed,), surely=surely)
                    for other, position, needed in self.further(case, action)
                )
            )
        return tuple(each for each in actions if each in found)

    def resources(self, caller: Caller, thing: Thing, action: str, *, surely: bool) -> int:
        """The resources, as the space has them, about which a caller may do an action, or surely may."""
        found = 0
        for case in self.cases(caller, thing, (action,), surely=surely):
            if surely and self.rests_on(case, action):
                continue
            for path in case.paths:
                while True:
                    others = ((Test(RESOURCE, ~found),),)
                    request = self.find(case, path, (action,), surely=surely, within=(others,))
                    if request is None:
                        break
                    found |= request.masks[RESOURCE]
        return found

    def _let_through(self, case: Case, actions: Sequence[str], *, surely: bool) -> Iterator[str]:
        """The actions of a case that its policies let through."""
        names = {each.lower(): each for each in actions}
        for path in case.paths:
            found = self.find(case, path, tuple(names), surely=surely) if names else None
            while found is not None:
                for name in self.space.actions_of(found.masks[ACTION]):
                    yield names.pop(name)
                found = self.find(case, path, tuple(names), surely=surely) if names else None

    def grants(self, group: GrantGroup, *, surely: bool) -> tuple[Tests, ...]:
        """The requests that a group lets through."""
        if group.open_because:
            return _EVERYTHING
        found = self._grants.get((id(group), surely))
        if found is None:  # the group is kept, as its id is the key
            rulings = (self.space.ruling(each.bound) for each in group.fitting(surely=surely))
            tests = tuple(tests for each in rulings for tests in (each.certain if surely else each.possible))
            found = self._grants[id(group), surely] = (group, tests)
        return found[1]

    def refusals(self, path: GrantPath, *, surely: bool) -> tuple[Tests, ...]:
        """What a path refuses: surely, or where a request must surely pass, what it may refuse."""
        found = self._refusals.get((id(path), surely))
        if found is None:  # the path is kept, as its id is the key
            named = (each for each in path.refusals if (each.possible if surely else each.certain) is not Grade.NONE)
            rulings = (self.space.ruling(each.bound) for each in named)
            tests = tuple(tests for each in rulings for tests in (each.possible if surely else each.certain))
            found = self._refusals[id(path), surely] = (path, tests)
        return found[1]


def _arns_of(number: str) -> str:
    """The ARNs of the principals of an account."""
    return f"arn:*:*::{number}:*"
