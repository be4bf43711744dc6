"""About which things anything may be granted to somebody: of most pairs of callers and things, nothing is.

An index over what statements name, so that what it takes to fill a table grows with its rows and not with its pairs. It
may name a thing of which nothing is granted, and never leaves one out of which something is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from policies.access.boxes import Tests
from policies.access.gather import Gathering
from policies.access.model import AccessModel, PrincipalKind, Requester, Thing
from policies.access.principals import ANY_ACCOUNT, naming, naming_of
from policies.access.related import in_front
from policies.access.statements import ACTION, RESOURCE, Space
from policies.access.text import is_determined


@dataclass(eq=False)
class _Requests:
    """Requests to one service, by the atoms of the resources that they are about."""

    actions: int = 0
    resources: int = 0
    things: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def about(self, mask: int) -> Iterator[str]:
        """The things of some resources."""
        mask &= self.resources
        while mask:
            low = mask & -mask
            yield from self.things[low.bit_length() - 1]
            mask ^= low


class Candidates:
    """The things of a model about which something may be granted, of some actions by the keys of things."""

    def __init__(
        self, model: AccessModel, gathering: Gathering, space: Space, asked: Mapping[str, Sequence[str]]
    ) -> None:
        self._model, self._space = model, space
        self._order = {key: at for at, key in enumerate(asked)}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_account: dict[str, list[str]] = defaultdict(list)
        self._by_service: dict[str, _Requests] = defaultdict(_Requests)
        access_points = in_front(model.things.values())
        for key, actions in asked.items():
            for each in (model.things[key], *access_points.get(key, ())):
                self._add(key, each, actions, gathering)

    def _add(self, key: str, thing: Thing, actions: Sequence[str], gathering: Gathering) -> None:
        """Takes note of what grants something about a thing of a key: itself, or another way to it."""
        named = naming(each for policy in thing.policies for each in policy.statements)
        for name in named.names:
            self._by_name[name].append(key)
        for account in named.accounts:
            self._by_account[account].append(key)
        for service, arns, several in gathering.requests(thing, actions):
            requests = self._by_service[service]
            resources = self._space.resource_mask(arns)
            requests.actions |= self._space.action_mask(several)
            requests.resources |= resources
            while resources:
                low = resources & -resources
                requests.things[low.bit_length() - 1].append(key)
                resources ^= low

    def of(self, requester: Requester, grants: Iterable[Tests]) -> list[Thing]:
        """The things about which somebody may be granted anything, in the order of what is asked; `grants` are what
        their own policies allow."""
        keys = set(self._naming(requester))
        own = (key for tests in grants for key in self._granted(tests)) if requester.account else ()
        keys.update(key for key in own if self._model.things[key].account == requester.account)
        return [self._model.things[key] for key in sorted(keys, key=self._order.__getitem__)]

    def _naming(self, requester: Requester) -> Iterator[str]:
        """The things whose own policies may name somebody; their account only where that is a grant: to who is
        elsewhere, and to the root user."""
        own = naming_of(requester)
        if own is None:  # it may be anybody
            yield from (key for keys in self._by_name.values() for key in keys)
        else:
            yield from (key for name in own for key in self._by_name.get(name, ()))
        account = self._model.accounts[requester.account].id if requester.account else ""
        if not account:
            return
        accounts = (account, ANY_ACCOUNT) if is_determined(account) else tuple(self._by_account)
        for key in (key for each in accounts for key in self._by_account.get(each, ())):
            if self._model.things[key].account != requester.account or requester.kind is PrincipalKind.ROOT:
                yield key

    def _granted(self, tests: Tests) -> Iterator[str]:
        masks = {test.dimension: test.mask for test in tests}
        for requests in self._by_service.values():
            if masks.get(ACTION, -1) & requests.actions:
                yield from requests.about(masks.get(RESOURCE, -1))
