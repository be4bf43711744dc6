"""Core networks of Cloud WAN: where they send what comes from each of their attachments, by their policy.

Source: Cloud WAN guide, "Attachments", "Core network policy version parameters". Where the policy is not known, all
that is attached reaches all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from policies.library.model import Resource
from policies.library.values import UnknownValue, Value, label_of
from policies.reachability import addresses
from policies.reachability.intervals import Intervals
from policies.reachability.network import Assumption, Route, Rule, Subnet, Target, TransitGateway
from policies.reachability.read.data_sources import Match
from policies.reachability.read.peers import ANY_LENGTH, Peers, parts_of
from policies.reachability.read.reading import Reading, leaves
from policies.reachability.read.segments import ATTACHMENTS, Joined, policy_of
from policies.reachability.read.vpcs import Vpcs

PEERING = "aws_networkmanager_transit_gateway_peering"
_ROUTE_TABLE = "aws_networkmanager_transit_gateway_route_table_attachment"
_ANYWHERE = "its policy is not known: as if all that is attached reached all"
_SEGMENT = "in which segment it is, is not known: any that it may be in"


@dataclass(frozen=True)
class CoreAttachment:
    """An attachment of a core network, and where it leads: to one of several places, where that is not known."""

    resource: Resource
    targets: tuple[Target, ...]


class CoreNetwork:
    """One core network that is being read."""

    def __init__(
        self, resource: Resource, attached: list[CoreAttachment], reading: Reading, vpcs: Vpcs, peers: Peers
    ) -> None:
        self._resource, self._attached = resource, attached
        self._reading, self._vpcs, self._peers = reading, vpcs, peers
        self._policy = policy_of(resource, reading)

    def read(
        self,
        users: Collection[str],
        subnets: Callable[[str, list[Resource]], tuple[Subnet, ...]],
        populated: Collection[str],
        elsewhere: Assumption,
    ) -> TransitGateway:
        """What it does with what comes from each of its attachments; `users` are VPCs with a route to it."""
        by_origin: dict[str, list[CoreAttachment]] = {vpc: [] for vpc in users}
        for each in self._attached:
            for target in each.targets:
                by_origin.setdefault(target.key, []).append(each)
        vpcs = [key for key in by_origin if key in self._vpcs.all]
        return TransitGateway(
            self._resource.address,
            {origin: tuple(self._routes(origin, mine)) for origin, mine in sorted(by_origin.items())},
            subnets={vpc: found for vpc in vpcs if (found := subnets(vpc, [each.resource for each in by_origin[vpc]]))},
            outside=frozenset(vpc for vpc in vpcs if vpc not in populated),
            referencing=frozenset(vpcs),
            elsewhere=elsewhere,
        )

    def _routes(self, origin: str, mine: list[CoreAttachment]) -> list[Route]:
        routes = [
            route
            for other in self._attached
            for target in other.targets
            if target.key != origin and (joined := self._joined(mine, other)).match is not Match.NO
            for route in self._to(other, target, joined, mine)
        ]
        routes += [route for each in mine for route in self._static(each)]
        opened = self._reading.opened(self._resource)
        if opened is not None:
            rule = Rule("what may be attached to it", self._resource, opened)
            routes.append(Route(addresses.ALL, ANY_LENGTH, Target("unknown", self._resource.address), rule))
        if self._policy is None or not mine:
            rule = Rule(_ANYWHERE, self._resource, self._reading.assume(_ANYWHERE, self._resource))
            routes.append(Route(addresses.ALL, 0, Target("unknown", self._resource.address), rule))
        return sorted(dict.fromkeys(routes), key=lambda each: -each.prefix_length)

    def _joined(self, mine: list[CoreAttachment], other: CoreAttachment) -> Joined:
        if self._policy is None:
            return Joined(Match.MAYBE)
        try:
            found = [self._policy.between(each.resource, other.resource) for each in mine]
        except UnknownValue:
            return Joined(Match.MAYBE)
        return max(found, key=lambda each: each.match.value, default=Joined(Match.MAYBE))

    def _to(self, other: CoreAttachment, target: Target, joined: Joined, mine: list[CoreAttachment]) -> Iterator[Route]:
        doubt = self._reading.presence(other.resource)
        if joined.is_inspected:
            text = "what is sent through its network functions is taken to pass"
            doubt = self._reading.assume(text, self._resource)
        elif joined.match is Match.MAYBE or len(other.targets) > 1:
            unsure = [each.resource for each in (other, *mine) if not self._is_in_one(each.resource)]
            is_known = self._policy is not None and unsure
            doubt = self._reading.assume(*(_SEGMENT, unsure[0]) if is_known else (_ANYWHERE, self._resource))
        if target.kind == "local":
            for part in parts_of(self._vpcs, target.key):
                rule = Rule(
                    f"{addresses.describe(part.addresses)} -> {target.key}", other.resource, doubt or part.assumption
                )
                yield Route(part.addresses, part.length, target, rule)
            return
        text = "which networks it announces is not known: any but those of the VPCs that are attached"
        assumption = self._reading.assume(text, other.resource)
        rule = Rule(f"what {target.key} announces", other.resource, assumption)
        yield Route(addresses.ALL - self._networks(), ANY_LENGTH, target, rule)

    def _is_in_one(self, attachment: Resource) -> bool:
        """Whether it is known in which segment an attachment is."""
        try:
            return self._policy is not None and Match.MAYBE not in self._policy.of(attachment).values()
        except UnknownValue:
            return False

    def _static(self, attached: CoreAttachment) -> Iterator[Route]:
        """The routes that the policy puts into the segments of an attachment."""
        try:
            own = self._policy.of(attached.resource) if self._policy is not None else {}
        except UnknownValue:
            own = {}
        for route in self._policy.routes if self._policy is not None else ():
            if route.segment in own:
                is_sure = own[route.segment] is Match.YES
                doubt = None if is_sure else self._reading.assume(_SEGMENT, attached.resource)
                for value in route.networks:
                    for part in self._peers.routed(value, self._resource):
                        for target in self._destinations(route.destinations):
                            rule = Rule(f"{label_of(value)} -> {target.key}", self._resource, doubt or part.assumption)
                            yield Route(part.addresses, part.length, target, rule)

    def _destinations(self, values: tuple[Value, ...]) -> Iterator[Target]:
        for value in values:
            found = self._reading.named(value, ATTACHMENTS)
            targets = [target for each in self._attached if each.resource in found for target in each.targets]
            if isinstance(value, str) and value == "blackhole":
                targets = [Target("blackhole")]
            yield from targets or [Target("unknown", label_of(value))]

    def _networks(self) -> Intervals:
        """The networks of the VPCs that are attached, as far as they are known."""
        vpcs = (target.key for each in self._attached for target in each.targets if target.kind == "local")
        return Intervals.union(self._vpcs.extent(vpc).least for vpc in vpcs)


def is_of(attachment: Resource, core: Resource, reading: Reading) -> bool:
    """Whether an attachment is one of a core network, or may be."""
    if attachment.type != _ROUTE_TABLE:
        return core in reading.owners(attachment, "core_network_id", (core.type,))
    return any(is_of(each, core, reading) for each in reading.owners(attachment, "peering_id", (PEERING,)))


def transit_gateways_of(attachment: Resource, reading: Reading) -> list[Value]:
    """What names the transit gateways that an attachment leads to; nothing for one of another kind."""
    if attachment.type != _ROUTE_TABLE:
        return []
    peerings = reading.owners(attachment, "peering_id", (PEERING,))
    return [leaf for each in peerings for leaf in leaves(each.get("transit_gateway_arn"))]
