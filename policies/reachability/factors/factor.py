"""What one mechanism lets through, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias

from policies.reachability import addresses, traffic
from policies.reachability.flows import Box, Flows
from policies.reachability.network import Acl, Assumption, RouteTable, Rule, SecurityGroup

Direction: TypeAlias = Literal["forward", "return"]

EVERYTHING = Box(addresses.ALL, addresses.ALL, traffic.ALL)


@dataclass(frozen=True)
class Packet:
    """The first packet of a connection: numbers of `addresses` and `traffic`."""

    source: int
    destination: int
    traffic: int

    def is_in(self, box: Box) -> bool:
        """Whether it is one of the packets of a box."""
        return self.source in box.source and self.destination in box.destination and self.traffic in box.traffic


@dataclass(frozen=True)
class Region:
    """Some traffic and the rules that let it through, in the order in which it meets them."""

    box: Box
    rules: tuple[Rule, ...]
    is_assumed: bool = False
    """Whether it is only taken to pass, because what happens there is not in the Terraform."""
    unless: tuple[Assumption, ...] = ()
    """That something which would stop it is not there."""

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """All that it rests on that it passes, as far as that is said."""
        own = (rule.assumption for rule in self.rules if rule.assumption is not None)
        return tuple(dict.fromkeys((*own, *self.unless)))

    @property
    def is_certain(self) -> bool:
        """Whether it passes without any assumption."""
        return not self.is_assumed and not self.unless and all(rule.assumption is None for rule in self.rules)


@dataclass(frozen=True, eq=False)
class Factor:
    """What one mechanism lets through, as connections from the client's address to the server's, in both directions.

    Of a mechanism that looks at the packets that answer, and at their ports, `Region.box.traffic` is what those go to.
    """

    place: str
    """What looks at the packets, in words: `network ACL private, outbound`."""
    direction: Direction
    regions: tuple[Region, ...]
    rules: tuple[Rule, ...]
    """Everything that is written there, also what lets nothing through."""
    is_allow_list: bool = False
    """Whether it stops what none of its rules allows, as network ACLs, route tables and security groups do."""
    parts: tuple[RouteTable | Acl | SecurityGroup, ...] = ()
    """The route table, the network ACL or the security groups that it is about."""

    @cached_property
    def allowed(self) -> Flows:
        """What passes, assumptions included."""
        return Flows.of(region.box for region in self.regions)

    @cached_property
    def guaranteed(self) -> Flows:
        """What passes without any assumption. Where there are none, it is `allowed`, the same object."""
        if all(region.is_certain for region in self.regions):
            return self.allowed
        return Flows.of(region.box for region in self.regions if region.is_certain)

    def decides(self, packet: Packet) -> Region | None:
        """The region that lets a packet through, a certain one if there is any; None for one that does not pass."""
        passing = [region for region in self.regions if packet.is_in(region.box)]
        return next((region for region in passing if region.is_certain), next(iter(passing), None))


def always(place: str, direction: Direction, text: str) -> Factor:
    """A mechanism that lets everything through, and why."""
    rule = Rule(text)
    return Factor(place, direction, (Region(EVERYTHING, (rule,)),), (rule,))


def rests_on(assumption: Assumption | None, region: Region) -> Region:
    """A region that rests on one assumption more, if there is one."""
    return region if assumption is None else replace(region, unless=(*region.unless, assumption))


def rules_of(regions: Iterable[Region]) -> tuple[Rule, ...]:
    """The rules of some regions, each once."""
    return tuple(dict.fromkeys(rule for region in regions for rule in region.rules))
