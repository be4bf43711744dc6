"""Gateways: where a chosen route really leads, and who may pass an internet gateway.

Sources: VPC user guide, "Enable internet access using internet gateways", "NAT gateways", "Egress-only internet
gateways", "Gateway endpoints"; VPC peering guide, "How VPC peering connections work" (no transit through a peer);
Transit Gateway guide, "How transit gateways work".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from policies.reachability import addresses, traffic
from policies.reachability.factors.factor import Factor, Region
from policies.reachability.factors.routes import Choice, Lead, choices, leading
from policies.reachability.flows import Box
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import (
    Assumption,
    External,
    Network,
    Node,
    Route,
    RouteTable,
    Rule,
    Subnet,
    Target,
    TransitGateway,
)

End: TypeAlias = Node | External

Manner: TypeAlias = Literal["plain", "addresses only", "internet gateway", "egress-only gateway"]
"""How packets get to where a route leads: as they are, as they are but so that references to security groups do not
hold, or with a public address in place of their own."""

OUTSIDE = frozenset({"internet", *addresses.SERVICES})
"""Keys of what stands on the internet."""

_SERVED = traffic.tcp(80) | traffic.tcp(443)
_ASSUMED_ANYWHERE = frozenset({"unknown", "interface", "appliance"})
_ASSUMED_TO_INTERNET = frozenset({"unknown", "appliance", "vpn gateway", "outside"})
_BEHIND = frozenset({"peering", "vpn gateway", "outside", "transit gateway"})
"""Kinds of targets that have something of their own key behind them."""
_SENT_ON_BY = frozenset({"unknown", "interface", "appliance", "nat gateway"})
"""Kinds of targets that take what does not come from their VPC's own addresses. Gateways and peers do not."""

_Sent: TypeAlias = dict[tuple[str, str], Intervals]
"""The addresses for which a transit gateway got packets already, by gateway and attachment."""


@dataclass(frozen=True)
class _Stop:
    """What packets get to by the routes of a lead: the target of a VPC's table, or of a transit gateway's."""

    lead: Lead
    target: Target
    vpc: str
    """The VPC in whose table the target is; empty for a transit gateway's."""
    is_own: bool = False
    """Whether the packets come from that VPC. A VPC's gateways are for what comes from its own addresses."""


def leads_to(network: Network, chosen: Iterable[Choice], vpc: str, end: End) -> dict[Manner, tuple[Lead, ...]]:
    """Which of a table's choices in a VPC lead to an end, by manner; those through other nodes are `detours`."""
    by_manner: dict[Manner, list[Lead]] = {}
    for stop in _stops(network, chosen, vpc):
        for manner, lead in _leads(network, stop, end):
            by_manner.setdefault(manner, []).append(lead)
    return {manner: tuple(leads) for manner, leads in sorted(by_manner.items())}


def detours(network: Network, chosen: Iterable[Choice], vpc: str, end: End) -> dict[str, tuple[Lead, ...]]:
    """Which choices lead through a node that sends on with its own address: NAT gateways and instances, by node."""
    by_node: dict[str, list[Lead]] = {}
    for stop in _stops(network, chosen, vpc):
        via = network.nodes.get(stop.target.key)
        if via is None or not network.may_be_same(via.vpc, stop.vpc):
            continue
        if stop.target.kind == "nat gateway" or (stop.target.kind == "interface" and _key(end) in OUTSIDE):
            by_node.setdefault(via.key, []).append(stop.lead)
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
            if _is_attached(network, vpc, choice.route.target) or choice.route.target.kind in _ASSUMED_ANYWHERE
        )
    by_manner = leads_to(network, chosen, vpc, client)
    return (*by_manner.get("plain", ()), *by_manner.get("addresses only", ()))


def passing(manner: Manner, node: Node) -> tuple[Factor, ...]:
    """What a gateway passes for a node: of internet gateways, in both directions, what has a public address."""
    if manner in ("plain", "addresses only"):
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


def unblocked(manner: Manner, node: Node, subnet: Subnet, side: Literal["inbound", "outbound"]) -> tuple[Factor, ...]:
    """What VPC Block Public Access lets through between a node in a subnet and the internet.

    Source: VPC user guide, "Block public access to VPCs and subnets", "VPC BPA basics".
    """
    block = subnet.block
    if block is None or manner not in ("internet gateway", "egress-only gateway"):
        return ()
    if side == "inbound":
        is_stopped = block.inbound
    elif manner == "egress-only gateway" or node.kind == "nat gateway":
        is_stopped = block.outbound_only
    else:
        is_stopped = block.outbound
    if not is_stopped:
        return ()
    return (Factor(f"public access of subnet {subnet.name}", "forward", (), (block.rule,)),)


def allowed_for(source: External) -> tuple[Factor, ...]:
    """To where somebody outside is let, before the node that opens its connections.

    Source: Client VPN administrator guide, "Authorization rules" and "Routes".
    """
    return tuple(
        Factor(
            place,
            "forward",
            tuple(Region(Box(addresses.ALL, each.addresses, traffic.ALL), (each.rule,)) for each in allowances),
            tuple(each.rule for each in allowances),
            is_allow_list=True,
        )
        for place, allowances in source.allowances
    )


def coming_from(network: Network, source: External, target: Node) -> tuple[Factor, ...]:
    """What keeps somebody outside from opening connections: a transit gateway that does not lead to the target.

    AWS services open none to interfaces.
    """
    if source.key in addresses.SERVICES:
        return (Factor(source.name, "forward", (), (Rule(f"{source.name} opens no connections"),)),)
    return tuple(
        _through(network, gateway, source, target)
        for gateway in network.transit_gateways.values()
        if source.key in (gateway.key, *gateway.routes)
    )


def accepted_by(target: External) -> tuple[Factor, ...]:
    """What a service on the internet answers at all.

    Sources: AWS general reference, "Amazon S3 endpoints" and "DynamoDB endpoints" (HTTP and HTTPS); Reachability
    Analyzer, explanation codes: gateway endpoints carry TCP and ICMP echo requests only.
    """
    if target.key not in addresses.SERVICES:
        return ()
    rule = Rule(f"{target.name} answers {traffic.describe(_SERVED)}")
    return (Factor(target.name, "forward", (Region(Box(addresses.ALL, addresses.ALL, _SERVED), (rule,)),), (rule,)),)


def _through(network: Network, gateway: TransitGateway, source: External, target: Node) -> Factor:
    """What a transit gateway lets through from one of its attachments, or from what is not known to be attached."""
    place = f"transit gateway {gateway.key}"
    if source.key == gateway.key:
        if not any(network.may_be_same(vpc, target.vpc) for vpc in gateway.routes if vpc in network.vpcs):
            return Factor(place, "forward", (), (Rule(f"{network.vpcs[target.vpc].name} is not attached"),))
        rule = Rule("something else is attached to it", assumption=gateway.elsewhere)
        region = Region(Box(addresses.ALL, addresses.ALL, traffic.ALL), (rule,), is_assumed=True)
        return Factor(place, "forward", (region,), (rule,))
    everything = Lead(addresses.ALL, ())
    leads = [
        lead
        for stop in _sent_on(network, gateway.key, source.key, everything, {})
        for _, lead in _leads(network, stop, target)
    ]
    table = RouteTable(gateway.key, f"of {place} for {source.name}", gateway.routes[source.key])
    return leading(table, leads, "forward")


def attached(network: Network, vpc: str) -> Factor:
    """The way in from the internet to a VPC: an internet gateway."""
    key = network.vpcs[vpc].internet_gateway
    place = f"internet gateway of {network.vpcs[vpc].name}"
    if key is None:
        return Factor(place, "forward", (), (Rule("none is attached"),))
    rule = Rule(f"{key} is attached to the VPC", assumption=network.vpcs[vpc].attachment)
    return Factor(place, "forward", (Region(Box(addresses.ALL, addresses.ALL, traffic.ALL), (rule,)),), (rule,))


def _leads(network: Network, stop: _Stop, end: End) -> Iterator[tuple[Manner, Lead]]:
    """Whether packets get to an end from where they are, and how."""
    target, lead = stop.target, stop.lead
    if _key(end) in OUTSIDE:
        yield from _to_outside(network, stop)
    elif target.kind in _ASSUMED_ANYWHERE:
        yield _manner(lead, end), replace(lead, is_assumed=True)
    elif isinstance(end, External):
        if target.key == end.key and target.kind in _BEHIND:
            yield "plain", lead
    elif _joins(network, stop, end.vpc):
        vpcs = (network.vpcs.get(each) for each in (stop.vpc or target.key, end.vpc))
        is_uncertain = any(vpc.may_be for vpc in vpcs if vpc is not None)
        yield _manner(lead, end), replace(lead, is_assumed=lead.is_assumed or is_uncertain)
    elif stop.is_own and (doubt := _may_join(network, stop)) is not None:
        yield _manner(lead, end), replace(lead, is_assumed=True, unless=(*lead.unless, doubt))


def _manner(lead: Lead, end: End) -> Manner:
    return "plain" if lead.keeps_groups or isinstance(end, External) else "addresses only"


def _to_outside(network: Network, stop: _Stop) -> Iterator[tuple[Manner, Lead]]:
    """Ways to the internet. Networks behind a transit gateway or VPN may have one."""
    target, lead = stop.target, stop.lead
    if stop.is_own and _is_attached(network, stop.vpc, target):
        yield "internet gateway", lead
    elif stop.is_own and target.kind == "egress-only gateway":
        yield "egress-only gateway", lead
    elif stop.is_own and target.kind == "gateway endpoint":
        yield "plain", replace(lead, addresses=lead.addresses & addresses.ALL_SERVICES)
    elif target.kind in _ASSUMED_TO_INTERNET or (
        target.kind in ("interface", "nat gateway") and target.key not in network.nodes
    ):
        yield "plain", replace(lead, is_assumed=True)


def _joins(network: Network, stop: _Stop, other: str) -> bool:
    """Whether packets get into another VPC, or stay in their own."""
    target = stop.target
    if target.kind == "local":
        return network.may_be_same(stop.vpc if stop.is_own else target.key, other)
    if not stop.is_own or target.kind != "peering" or target.key not in network.peerings:
        return False
    one, two = network.peerings[target.key].vpcs
    return any(
        near is not None and far is not None and network.may_be_same(near, stop.vpc) and network.may_be_same(far, other)
        for near, far in ((one, two), (two, one))
    )


def _may_join(network: Network, stop: _Stop) -> Assumption | None:
    """What it rests on that a peering connection leads from a VPC to whichever other one."""
    peering = network.peerings.get(stop.target.key) if stop.target.kind == "peering" else None
    return peering.other if peering is not None and stop.vpc in peering.vpcs else None


def _is_attached(network: Network, vpc: str, target: Target) -> bool:
    keys = (vpc, *network.vpcs[vpc].may_be)
    return target.kind == "internet gateway" and any(target.key == network.vpcs[key].internet_gateway for key in keys)


def _stops(network: Network, chosen: Iterable[Choice], vpc: str) -> tuple[_Stop, ...]:
    """Where the choices of a VPC's table lead, through transit gateways as far as their tables say.

    It is kept for each table, together with the choices that it is kept for.
    """
    key = f"stops of {vpc}, {id(chosen)}"
    if key not in network.worked_out:
        network.worked_out[key] = (chosen, tuple(_work_out_stops(network, chosen, vpc)))
    return network.worked_out[key][1]  # type: ignore[index,no-any-return]  # what is put there above


def _work_out_stops(network: Network, chosen: Iterable[Choice], vpc: str) -> Iterator[_Stop]:
    for choice in chosen:
        target = choice.route.target
        keeps_groups = _keeps_groups(network, target)
        lead = Lead(choice.addresses, (choice.route,), unless=choice.unless, keeps_groups=keeps_groups)
        if target.kind == "transit gateway":
            yield from _sent_on(network, target.key, vpc, lead, {})
        else:
            yield _Stop(lead, target, vpc, is_own=True)


def _keeps_groups(network: Network, target: Target) -> bool:
    """Whether references to security groups hold between what a route leads from and to.

    Source: VPC user guide, "Security group rules": not for what is routed through an appliance, nor between Regions.
    """
    if target.kind == "peering":
        return target.key not in network.peerings or network.peerings[target.key].keeps_groups
    return target.kind not in ("interface", "appliance")


def _sent_on(network: Network, key: str, origin: str, lead: Lead, sent: _Sent) -> Iterator[_Stop]:
    """Where a transit gateway sends what comes from one of its attachments, of what it did not get from there yet."""
    gateway = network.transit_gateways.get(key)
    if gateway is None:
        yield _Stop(lead, Target("unknown", key), "")
        return
    before = sent.get((key, origin), NOTHING)
    lead = replace(lead, addresses=lead.addresses - before)
    sent[key, origin] = before | lead.addresses
    left = lead.addresses
    for choice in _choices(network, gateway.routes.get(origin, ())):
        target = choice.route.target
        there = _onward(lead, choice)
        if not there.addresses:
            continue
        if choice.route.rule.assumption is None:
            left -= there.addresses
        match target.kind:
            case "blackhole":
                pass
            case "transit gateway" if target.key != key:
                yield from _sent_on(network, target.key, key, replace(there, keeps_groups=False), sent)
            case "local":
                there = replace(there, keeps_groups=there.keeps_groups and {origin, target.key} <= gateway.referencing)
                yield _Stop(there, target, "")
                yield from _passed_on(network, gateway, target.key, there, sent)
            case _:
                yield _Stop(there, target, "")
    if left:
        yield _elsewhere(gateway, replace(lead, addresses=left))


def _passed_on(network: Network, gateway: TransitGateway, vpc: str, lead: Lead, sent: _Sent) -> Iterator[_Stop]:
    """Where a VPC sends on what a transit gateway gives it and is not for its own addresses."""
    if vpc in gateway.outside:
        yield _elsewhere(gateway, lead)
    if vpc not in gateway.subnets:
        yield _Stop(lead, Target("outside", vpc), "")
    tables = {id(subnet.table): subnet.table for subnet in gateway.subnets.get(vpc, ())}
    for table in tables.values():
        for choice in _choices(network, table.routes):
            there, target = replace(_onward(lead, choice), keeps_groups=False), choice.route.target
            if there.addresses and target.kind == "transit gateway":
                yield from _sent_on(network, target.key, vpc, there, sent)
            elif there.addresses and target.kind in _SENT_ON_BY:
                yield _Stop(there, target, vpc)


def _elsewhere(gateway: TransitGateway, lead: Lead) -> _Stop:
    """What is not known to be attached, or of which nothing is known."""
    unless = lead.unless if gateway.elsewhere is None else (*lead.unless, gateway.elsewhere)
    return _Stop(replace(lead, is_assumed=True, unless=unless), Target("transit gateway", gateway.key), "")


def _choices(network: Network, routes: tuple[Route, ...]) -> tuple[Choice, ...]:
    """The choices of a table of the network, kept as long as it."""
    key = f"choices of {id(routes)}"
    if key not in network.worked_out:
        network.worked_out[key] = (routes, choices(routes))
    return network.worked_out[key][1]  # type: ignore[index,no-any-return]  # what is put there above


def _onward(lead: Lead, choice: Choice) -> Lead:
    """A lead after one route more."""
    return replace(
        lead,
        addresses=lead.addresses & choice.addresses,
        routes=(*lead.routes, choice.route),
        unless=(*lead.unless, *choice.unless),
    )


def _key(end: End) -> str:
    return end.key if isinstance(end, External) else ""
