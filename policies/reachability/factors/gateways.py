"""Gateways: where a chosen route really leads, and who may pass an internet gateway.

Sources: VPC user guide, "Enable internet access using internet gateways", "NAT gateways", "Egress-only internet
gateways", "Gateway endpoints"; VPC peering guide, "How VPC peering connections work" (no transit through a peer);
Transit Gateway guide, "How transit gateways work".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from policies.reachability import addresses, traffic
from policies.reachability.factors.factor import Factor, Region
from policies.reachability.factors.routes import Choice, Lead, choices
from policies.reachability.flows import Box
from policies.reachability.network import External, Network, Node, Rule, Target

End: TypeAlias = Node | External

Manner: TypeAlias = Literal["plain", "internet gateway", "egress-only gateway"]
"""How packets get to where a route leads: as they are, or with a public address in place of their own."""

OUTSIDE = frozenset({"internet", *addresses.SERVICES})
"""Keys of what stands on the internet."""

_ASSUMED_INTO_NETWORKS = frozenset({"unknown", "interface"})
_ASSUMED_TO_INTERNET = frozenset({"unknown", "vpn gateway"})


def leads_to(network: Network, chosen: Iterable[Choice], vpc: str, end: End) -> dict[Manner, tuple[Lead, ...]]:
    """Which of a table's choices in a VPC lead to an end, by manner; those through other nodes are `detours`."""
    by_manner: dict[Manner, list[Lead]] = {}
    for choice in chosen:
        for manner, lead in _leads(network, choice, vpc, end):
            by_manner.setdefault(manner, []).append(lead)
    return {manner: tuple(leads) for manner, leads in sorted(by_manner.items())}


def detours(network: Network, chosen: Iterable[Choice], vpc: str, end: End) -> dict[str, tuple[Lead, ...]]:
    """Which choices lead through a node that sends on with its own address: NAT gateways and instances, by node."""
    by_node: dict[str, list[Lead]] = {}
    for choice in chosen:
        target = choice.route.target
        via = network.nodes.get(target.key)
        if via is None or not network.may_be_same(via.vpc, vpc):
            continue
        if target.kind == "nat gateway" or (target.kind == "interface" and _key(end) in OUTSIDE):
            by_node.setdefault(via.key, []).append(Lead(choice.addresses, (choice.route,), unless=choice.unless))
    return {key: tuple(leads) for key, leads in sorted(by_node.items())}


def leads_back(network: Network, chosen: Iterable[Choice], vpc: str, client: End) -> tuple[Lead, ...]:
    """Which of a table's choices in a VPC lead back to a client, who is outside or in this or another VPC.

    Answers to the internet leave through the internet gateway that the question came in by: an appliance may stand in
    between, but what leaves through NAT or another network is no answer.
    """
    if _key(client) == "internet":
        return tuple(
            Lead(
                choice.addresses,
                (choice.route,),
                is_assumed=choice.route.target.kind != "internet gateway",
                unless=choice.unless,
            )
            for choice in chosen
            if _is_attached(network, vpc, choice.route.target) or choice.route.target.kind in ("unknown", "interface")
        )
    return leads_to(network, chosen, vpc, client).get("plain", ())


def passing(manner: Manner, node: Node) -> tuple[Factor, ...]:
    """What a gateway passes for a node: of internet gateways, in both directions, what has a public address."""
    if manner == "plain":
        return ()
    rules = []
    regions = []
    if manner == "internet gateway":
        rules.append(Rule(f"{node.name} has {'a' if node.is_public else 'no'} public IPv4 address", node.resource))
        if node.is_public:
            regions.append(Region(Box(addresses.V4_FAMILY, addresses.V4_FAMILY, traffic.ALL), (rules[-1],)))
    rules.append(Rule(f"{node.name} has {'an' if node.has_ipv6 else 'no'} IPv6 address", node.resource))
    if node.has_ipv6:
        regions.append(Region(Box(addresses.ALL_V6, addresses.ALL_V6, traffic.ALL), (rules[-1],)))
    return (Factor(manner, "forward", tuple(regions), tuple(rules)),)


def coming_from(source: External) -> tuple[Factor, ...]:
    """What keeps somebody outside from opening connections: AWS services open none to interfaces."""
    if source.key not in addresses.SERVICES:
        return ()
    return (Factor(source.name, "forward", (), (Rule(f"{source.name} opens no connections"),)),)


def attached(network: Network, vpc: str) -> Factor:
    """The way in from the internet to a VPC: an internet gateway."""
    key = network.vpcs[vpc].internet_gateway
    place = f"internet gateway of {network.vpcs[vpc].name}"
    if key is None:
        return Factor(place, "forward", (), (Rule("none is attached"),))
    rule = Rule(f"{key} is attached to the VPC", assumption=network.vpcs[vpc].attachment)
    return Factor(place, "forward", (Region(Box(addresses.ALL, addresses.ALL, traffic.ALL), (rule,)),), (rule,))


def _leads(network: Network, choice: Choice, vpc: str, end: End) -> Iterator[tuple[Manner, Lead]]:
    target = choice.route.target
    if target.kind == "transit gateway":
        yield from (("plain", lead) for lead in _through_transit(network, choice, vpc, end))
    elif _key(end) in OUTSIDE:
        yield from _to_outside(network, choice, vpc)
    elif target.kind in _ASSUMED_INTO_NETWORKS:
        yield "plain", Lead(choice.addresses, (choice.route,), is_assumed=True, unless=choice.unless)
    elif isinstance(end, External):
        if target.key == end.key and target.kind in ("peering", "vpn gateway"):
            yield "plain", Lead(choice.addresses, (choice.route,), unless=choice.unless)
    elif _joins(network, target, vpc, end.vpc):
        is_assumed = any(network.vpcs[each].may_be for each in (vpc, end.vpc))
        yield "plain", Lead(choice.addresses, (choice.route,), is_assumed=is_assumed, unless=choice.unless)


def _to_outside(network: Network, choice: Choice, vpc: str) -> Iterator[tuple[Manner, Lead]]:
    target = choice.route.target
    lead = Lead(choice.addresses, (choice.route,), unless=choice.unless)
    if _is_attached(network, vpc, target):
        yield "internet gateway", lead
    elif target.kind == "egress-only gateway":
        yield "egress-only gateway", lead
    elif target.kind == "gateway endpoint":
        yield "plain", Lead(choice.addresses & addresses.ALL_SERVICES, (choice.route,), unless=choice.unless)
    elif target.kind in _ASSUMED_TO_INTERNET or (
        target.kind in ("interface", "nat gateway") and target.key not in network.nodes
    ):
        yield "plain", Lead(choice.addresses, (choice.route,), is_assumed=True, unless=choice.unless)


def _joins(network: Network, target: Target, vpc: str, other: str) -> bool:
    if target.kind == "local":
        return network.may_be_same(vpc, other)
    if target.kind != "peering" or target.key not in network.peerings:
        return False
    one, two = network.peerings[target.key].vpcs
    return any(
        near is not None and far is not None and network.may_be_same(near, vpc) and network.may_be_same(far, other)
        for near, far in ((one, two), (two, one))
    )


def _is_attached(network: Network, vpc: str, target: Target) -> bool:
    keys = (vpc, *network.vpcs[vpc].may_be)
    return target.kind == "internet gateway" and any(target.key == network.vpcs[key].internet_gateway for key in keys)


def _through_transit(network: Network, choice: Choice, vpc: str, end: End) -> Iterator[Lead]:
    """Where a transit gateway sends what a VPC gives it. Networks behind it may have ways to the internet."""
    gateway = network.transit_gateways.get(choice.route.target.key)
    if gateway is None:
        yield Lead(choice.addresses, (choice.route,), is_assumed=True, unless=choice.unless)
        return
    for onward in choices(gateway.routes.get(vpc, ())):
        both = choice.addresses & onward.addresses
        target = onward.route.target
        if not both or target.kind == "blackhole":
            continue
        routes, unless = (choice.route, onward.route), (*choice.unless, *onward.unless)
        if target.kind == "unknown" or _key(end) in OUTSIDE:
            yield Lead(both, routes, is_assumed=True, unless=unless)
        elif isinstance(end, External):
            if target.key == end.key:
                yield Lead(both, routes, unless=unless)
        elif target.kind == "local" and network.may_be_same(target.key, end.vpc):
            yield Lead(both, routes, is_assumed=target.key != end.vpc, unless=unless)


def _key(end: End) -> str:
    return end.key if isinstance(end, External) else ""
