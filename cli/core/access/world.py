"""All that decides requests in some stacks or in a plan: who asks, from where, about what."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from cli.core.base.errors import InfraError
from cli.core.reach.network import configuration_at
from policies.access.alike import Known, signature
from policies.access.answers import AccessAnswer
from policies.access.atoms import TooManyAtoms
from policies.access.becoming import untagged
from policies.access.decision import Decisions
from policies.access.escalation import Escalations, Gain
from policies.access.escalation_actions import ESCALATIONS
from policies.access.model import AccessModel, Caller, PolicyStatement, Position, PrincipalKind, Requester, Thing
from policies.access.read import read
from policies.access.read.actions import actions, resource_types
from policies.access.read.asked import asked, role_of
from policies.access.read.callers import callers
from policies.access.read.organization import NoPolicyFile, with_organization
from policies.access.verbs import actions_of, verbs_of
from policies.library.joined import SameAddress, joined
from policies.library.model import Configuration
from policies.reachability.read import read as read_network


class NotDecidable(InfraError):
    """The policies of a configuration cannot be decided together."""


@dataclass(frozen=True, eq=False)
class World:
    """A model with everybody who asks, wherever they stand."""

    model: AccessModel
    callers: tuple[Caller, ...]
    """In the order of names."""

    others: frozenset[str] = frozenset()
    """Actions that are asked about beside those that have a verb."""

    known: Known = field(default_factory=dict)
    """What decides of the model's parts, as far as that was asked for."""

    @cached_property
    def decisions(self) -> Decisions:
        """What decides requests with every action. Raises NotDecidable."""
        every = {action for thing in self.model.things.values() for action in all_actions(thing)} | self.others
        try:
            return Decisions(self.model, self.callers, sorted(every))
        except TooManyAtoms as error:
            raise NotDecidable(str(error)) from None

    @cached_property
    def statements(self) -> Mapping[Hashable, PolicyStatement]:
        """All statements of its policies, by what decides of each."""
        return {signature(each, self.known): each for policy in self.model.policies() for each in policy.statements}

    def gains(self, key: str) -> tuple[Gain, ...]:
        """What a requester of a key gets in one step more. Raises NotDecidable."""
        if key not in self._gains:
            caller = self.becoming(key)
            self._gains[key] = tuple(self._escalations.of(caller)) if caller is not None else ()
        return self._gains[key]

    def becoming(self, key: str) -> Caller | None:
        """Who asks by the key of a requester, also of one that a step makes; None if there is no such."""
        return self._by_key.get(key) or self._escalations.caller_of(key)

    def may_become(self, keys: Iterable[str], thing: Thing, actions: Sequence[str]) -> frozenset[str]:
        """Those of some keys of requesters that a step makes who may do something to a thing. Raises NotDecidable."""
        callers = [
            each for each in map(self.becoming, keys) if each is not None and each.principal.key not in self._by_key
        ]
        if not callers:
            return frozenset()
        try:
            decisions = Decisions(self._escalations.model_with(callers), callers, actions)
        except TooManyAtoms as error:
            raise NotDecidable(str(error)) from None
        return frozenset(each.principal.key for each in callers if decisions.answer(each, thing, actions))

    def may_retagged(self, caller: Caller, thing: Thing, actions: Sequence[str], *, tagged: Thing) -> bool:
        """Whether somebody may do something to a thing if some thing has other tags. Raises NotDecidable."""
        things = {**self.model.things, tagged.key: untagged(tagged)}
        try:
            decisions = Decisions(replace(self.model, things=things), [caller], actions)
        except TooManyAtoms as error:
            raise NotDecidable(str(error)) from None
        return bool(decisions.answer(caller, things[thing.key], actions))

    @cached_property
    def _gains(self) -> dict[str, tuple[Gain, ...]]:
        """What is known of it."""
        return {}

    @cached_property
    def _by_key(self) -> Mapping[str, Caller]:
        return {each.principal.key: each for each in self.callers}

    @cached_property
    def _escalations(self) -> Escalations:
        types = resource_types(sorted({action.partition(":")[0] for action in ESCALATIONS}))
        model = replace(self.model, resource_types={**self.model.resource_types, **types})
        try:
            return Escalations(model, self.callers)
        except TooManyAtoms as error:
            raise NotDecidable(str(error)) from None

    def asking(self, actions: Iterable[str]) -> World:
        """The same, to be asked about some actions too."""
        return replace(self, others=frozenset(actions))

    def things(self) -> list[Thing]:
        """Everything that requests are about, in the order of names."""
        return sorted(self.model.things.values(), key=lambda each: each.name)


def worlds_at(paths: Sequence[Path], organization: Path | None = None, *, caller: str = "") -> World:
    """What some stacks of one account decide together, with the policies of its organization in a directory.

    A `caller` that is written as AWS writes principals is there though nothing names it. Raises NotReadable,
    and NotDecidable for a policy of the organization that is none, and for stacks with resources of one address.
    """
    try:
        configuration = joined([configuration_at(path) for path in paths])
    except SameAddress as error:
        raise NotDecidable(str(error)) from None
    return world_of(configuration, organization, caller=caller)


def world_of(
    configuration: Configuration,
    organization: Path | None = None,
    *,
    caller: str = "",
    beside: AccessModel | None = None,
    may_be_named: bool = False,
) -> World:
    """The same for a configuration, with the callers and places that policies of a model `beside` name.

    ``may_be_named``: whether its account may be one that is named elsewhere. Raises NotDecidable.
    """
    try:
        element = asked(role_of(caller))
        model = read(configuration, (element,) if element else (), beside, may_be_named=may_be_named)
        model = with_organization(model, organization) if organization else model
    except NoPolicyFile as error:
        raise NotDecidable(str(error)) from None
    everybody = callers(model, read_network(configuration), beside)
    return World(model, tuple(sorted(everybody, key=lambda each: _order(each.principal))))


def all_actions(thing: Thing) -> tuple[str, ...]:
    """Every action on a thing that has a verb, as far as it is about such things."""
    return _all_actions(thing.service, frozenset(thing.arns))


@cache
def _all_actions(service: str, types: frozenset[str]) -> tuple[str, ...]:
    named = dict.fromkeys(action for verb in verbs_of(service) for action in actions_of(service, verb))
    return tuple(_applicable(types, named))


def applicable(thing: Thing, several: Iterable[str]) -> tuple[str, ...]:
    """Those of some actions that are about what a thing is, or about no resource."""
    return tuple(_applicable(set(thing.arns), several))


def _applicable(types: Set[str], several: Iterable[str]) -> Iterator[str]:
    known = ((each, actions(each.partition(":")[0]).get(each.lower())) for each in several)
    yield from (name for name, each in known if not each or not each.resource_types or types & {*each.resource_types})


def verbs_in(thing: Thing, actions: Iterable[str]) -> list[str]:
    """The verbs that mean some of some actions on a thing."""
    some = set(actions)
    return [verb for verb in verbs_of(thing.service) if some & set(actions_of(thing.service, verb))]


def positions_of(decisions: Decisions, answer: AccessAnswer) -> list[Position]:
    """From where some of what is allowed is allowed."""
    return [
        position
        for position in answer.caller.positions
        if decisions.allowed(Caller(answer.caller.principal, (position,)), answer.thing, answer.allowed, surely=False)
    ]


def is_account_itself(requester: Requester) -> bool:
    """Whether somebody may do everything in the configuration's own account that no policy denies."""
    return requester.is_unrestricted and requester.resource is None and requester.key.startswith(("root", "admin"))


def _order(requester: Requester) -> tuple[int, str]:
    """Roles and users of the configuration first, then whoever else there is, services last."""
    kinds = (PrincipalKind.SERVICE, PrincipalKind.SERVICE_LINKED_ROLE)
    rank = 2 if requester.kind in kinds else 0 if requester.resource is not None else 1
    return rank, requester.name
