"""What connects VPCs with each other and with networks outside: peering, transit gateways, VPN, Direct Connect.

Sources: VPC Peering guide, "VPC peering basics"; Transit Gateways guide, "How transit gateways work"; Site-to-Site VPN
user guide, "Site-to-Site VPN routing options"; Direct Connect user guide, "Virtual private gateway associations"; VPC
user guide, "Dynamic routing with VPC Route Server".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from policies.library.model import Resource
from policies.library.values import Value, label_of
from policies.reachability import addresses
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import (
    Allowance,
    Assumption,
    External,
    Node,
    Peering,
    Route,
    RouteTable,
    Rule,
    Target,
    TransitGateway,
)
from policies.reachability.read.attachments import VPN
from policies.reachability.read.names import own_name
from policies.reachability.read.peers import ANY_LENGTH, Peers, parts_of
from policies.reachability.read.reading import Reading, could_be_anything, leaves
from policies.reachability.read.transit import TransitGateways
from policies.reachability.read.vpcs import ANY_PRIVATE, VPN_GATEWAYS, Vpcs, index_of

_PEERING = "aws_vpc_peering_connection"
_ACCEPTER = "aws_vpc_peering_connection_accepter"
PEERINGS = (_PEERING, _ACCEPTER, f"data.{_PEERING}")
"""What a route to a peering connection names."""
_ATTACHMENT = "aws_vpn_gateway_attachment"
_DIRECT_CONNECT = {
    "aws_dx_gateway_association": "associated_gateway_id",
    "aws_dx_gateway_association_proposal": "associated_gateway_id",
    "aws_dx_private_virtual_interface": "vpn_gateway_id",
    "aws_dx_hosted_private_virtual_interface_accepter": "vpn_gateway_id",
}
"""What connects a virtual private gateway over Direct Connect, and the argument that names it."""

_ROUTE_SERVER = "aws_vpc_route_server"
_CLIENT_VPN = "aws_ec2_client_vpn_endpoint"
_AUTHORIZATION = ("aws_ec2_client_vpn_authorization_rule", "target_network_cidr")
_CLIENT_ROUTE = ("aws_ec2_client_vpn_route", "destination_cidr_block")

_CONNECTIONS = ("peering", "vpn gateway", "outside", "transit gateway")
"""Kinds of targets that connect to networks outside."""
_BEHIND = "/behind"
"""The end of the key of what is behind an instance or appliance, which has the key without it."""
_KINDS = {
    "aws_vpc_peering_connection": "peer",
    "aws_ec2_transit_gateway": "transit",
    "aws_ec2_transit_gateway_peering_attachment": "peer",
    "aws_ec2_transit_gateway_connect": "connect",
    "aws_networkmanager_core_network": "core_network",
    "aws_dx_gateway_association": "direct_connect",
    "aws_dx_gateway_association_proposal": "direct_connect",
    "aws_ec2_client_vpn_endpoint": "clients",
    "aws_vpc_route_server": "route_server",
    "aws_ec2_carrier_gateway": "carrier",
    "aws_ec2_local_gateway": "outpost",
    "aws_vpn_gateway": "vpn",
    "aws_vpn_connection": "vpn",
    "aws_vpn_concentrator": "vpn",
    "aws_networkmanager_connect_attachment": "connect",
    "aws_networkmanager_dx_gateway_attachment": "direct_connect",
    "aws_networkmanager_site_to_site_vpn_attachment": "vpn",
}
"""What is called by its kind and the name of the resource that leads there."""


class Gateways:
    """Keys of what routes lead to, collected while routes are read, and what each is."""

    def __init__(self, reading: Reading, vpcs: Vpcs, peers: Peers) -> None:
        self._reading, self._vpcs, self._peers = reading, vpcs, peers
        self.transit = TransitGateways(reading, vpcs, peers)
        self._peered: dict[str, list[str]] = {}

    def peering(self, value: Value, vpc: str) -> str:
        """The key of the peering connection that a VPC's route leads to."""
        key = label_of(value)
        for each in self._reading.named(value, PEERINGS):
            key = each.address
            if each.type == _ACCEPTER:
                accepted = self._reading.named(each.get("vpc_peering_connection_id"), (_PEERING,))
                key = accepted[0].address if accepted else key
        self._peered.setdefault(key, []).append(vpc)
        return key

    def vpn_gateways(self, value: Value) -> list[str]:
        """The keys of the virtual private gateways that a value names, or may name."""
        gateways: list[str] = []
        for leaf in leaves(value):
            for each in self._reading.named(leaf, (*VPN_GATEWAYS, _ATTACHMENT)):
                gateway = each.get("vpn_gateway_id") if each.type == _ATTACHMENT else None
                gateways += [each.address] if gateway is None else self.vpn_gateways(gateway)
            if not gateways and could_be_anything(leaf):
                self._reading.assume(f"it is not known which virtual private gateway {label_of(leaf)} is: any")
                gateways += [each.address for each in self._reading.configuration.of_type(*VPN_GATEWAYS)]
            gateways = gateways or [label_of(leaf)]
        return list(dict.fromkeys(gateways))

    def propagating(self, propagation: Resource) -> list[str]:
        """The keys of the virtual private gateways, or route servers, that propagate routes."""
        if propagation.has("vpn_gateway_id"):
            return self.vpn_gateways(propagation.get("vpn_gateway_id"))
        value = propagation.get("route_server_id")
        return [each.address for each in self._reading.named(value, (_ROUTE_SERVER,))] or [label_of(value)]

    def propagated(self, key: str, vpc: str, doubt: Assumption | None) -> Iterator[Route]:
        """The routes that a virtual private gateway or route server propagates to a table of a VPC, perhaps.

        What is announced over BGP may be anything: the whole internet, or a part of what other routes name. Only the
        local route is always preferred (VPC user guide, "Route priority").
        """
        resource = self._reading.configuration.resources.get(key)
        if resource is not None and resource.type == _ROUTE_SERVER:
            yield self._announced(Target("appliance", key), resource, vpc)
            return
        connections = self._connected(key, VPN, "vpn_gateway_id")
        for route in self._reading.configuration.of_type("aws_vpn_connection_route"):
            for candidate in self._reading.candidates(route, "vpn_connection_id", (VPN,)):
                if candidate.resource in connections:
                    found = doubt or candidate.assumption or self._reading.presence(route)
                    yield from self._static(route, key, found)
        is_direct = any(self._connected(key, type_, name) for type_, name in _DIRECT_CONNECT.items())
        if is_direct or not connections or not all(map(self._is_static, connections)):
            yield self._announced(Target("vpn gateway", key), resource, vpc)

    def _static(self, route: Resource, key: str, doubt: Assumption | None) -> Iterator[Route]:
        """A static route of a VPN connection."""
        for value in leaves(route.get("destination_cidr_block")):
            for part in self._peers.routed(value, route):
                text = f"{addresses.describe(part.addresses)} -> {key}, propagated"
                rule = Rule(text, route, doubt or part.assumption)
                yield Route(part.addresses, part.length, Target("vpn gateway", key), rule)

    def _announced(self, target: Target, resource: Resource | None, vpc: str) -> Route:
        text = f"which networks {target.key} announces is not known: any but the VPC's own"
        rule = Rule(f"what {target.key} announces, propagated", resource, self._reading.assume(text, resource))
        return Route(addresses.ALL - self._vpcs.extent(vpc).least, ANY_LENGTH, target, rule)

    def _connected(self, gateway: str, type_: str, name: str) -> list[Resource]:
        """What connects a virtual private gateway, by an argument of some type."""
        found = self._reading.configuration.of_type(type_)
        return [each for each in found if each.has(name) and gateway in self.vpn_gateways(each.get(name))]

    def peerings(self) -> Mapping[str, Peering]:
        """Every peering connection."""
        found: dict[str, Peering] = {}
        for each in self._reading.configuration.of_type(_PEERING):
            found[each.address] = Peering(each.address, self._ends(each), keeps_groups=self._is_in_one_region(each))
            if not self._is_accepted(each):
                self._reading.assume("it has to be accepted by the peer: taken for accepted", each)
        for key, vpcs in self._peered.items():
            if key not in found:
                ends_here = sorted(set(vpcs))
                ends = (ends_here[0], ends_here[1] if len(ends_here) > 1 else None)
                text = f"the other VPC of {key} is not known: any"
                found[key] = Peering(key, ends, other=self._reading.assume(text) if ends[1] is None else None)
        return dict(sorted(found.items()))

    def clients(self, nodes: Mapping[str, Node]) -> Mapping[str, External]:
        """The clients of Client VPN endpoints that are nodes, which open their connections."""
        found = {}
        for each in self._reading.configuration.of_type(_CLIENT_VPN):
            if each.address in nodes:
                key = f"{each.address}/clients"
                parts = self._peers.routed(each.get("client_cidr_block"), each)
                networks = Intervals.union(part.addresses for part in parts)
                name = f"{each.name}{index_of(each.address)}"
                local = (
                    Allowance(part.addresses, Rule("the route to the VPC", each, part.assumption))
                    for part in parts_of(self._vpcs, nodes[each.address].vpc)
                )
                allowances = (
                    (f"authorization rules of {name}", tuple(self._allowed(each, *_AUTHORIZATION))),
                    (f"routes of {name}", (*local, *self._allowed(each, *_CLIENT_ROUTE))),
                )
                found[key] = External(key, f"clients.{name}", networks, via=each.address, allowances=allowances)
        return found

    def _allowed(self, endpoint: Resource, type_: str, name: str) -> Iterator[Allowance]:
        """What rules or routes of a type open to the clients of an endpoint; all, if a module that is given it may."""
        opened = self._reading.opened(endpoint)
        if opened is not None:
            yield Allowance(addresses.ALL, Rule("what may be added to it", endpoint, opened))
        for each in self._reading.configuration.of_type(type_):
            for candidate in self._reading.candidates(each, "client_vpn_endpoint_id", (_CLIENT_VPN,)):
                if candidate.resource is endpoint:
                    doubt = candidate.assumption or self._reading.presence(each)
                    for value in leaves(each.get(name)):
                        for part in self._peers.allowed(value, each):
                            rule = Rule(f"to {label_of(value)}", each, doubt or part.assumption)
                            yield Allowance(part.addresses, rule)

    def externals(
        self, tables: Iterable[RouteTable], transit: Mapping[str, TransitGateway], populated: Collection[str]
    ) -> Mapping[str, External]:
        """Networks outside: what routes to gateways, connections and appliances name, or what is announced there.

        A VPC of which nothing is `populated` here is outside, whether it is declared or not: what stands in it is
        declared elsewhere. What comes from a peer or transit gateway may have any private address, also one without a
        route back.
        """
        peerings = self.peerings()
        joined = {key for key, each in peerings.items() if all(vpc in populated for vpc in each.vpcs)}
        networks: dict[str, Intervals] = {}
        for table in tables:
            local = Intervals.union(
                route.destination
                for route in table.routes
                if route.target.kind == "local" and route.rule.assumption is None
            )
            for route in table.routes:
                key = self._outside(route)
                if key is not None and key not in joined:
                    networks[key] = networks.get(key, NOTHING) | (route.destination - local)
        inside = Intervals.union(self._vpcs.extent(vpc).least for vpc in populated)
        for key in (*transit, *(each for each in networks if each in peerings)):
            networks[key] = (networks.get(key, NOTHING) - inside) | (ANY_PRIVATE - inside)
        for gateway in transit.values():
            for route in (route for routes in gateway.routes.values() for route in routes):
                if route.target.kind == "outside":
                    networks[route.target.key] = networks.get(route.target.key, NOTHING) | route.destination
            for origin in gateway.routes.keys() - self._vpcs.all.keys() - transit.keys():
                networks.setdefault(origin, ANY_PRIVATE)
        return {key: External(key, self._name(key), found) for key, found in sorted(networks.items()) if found}

    def _outside(self, route: Route) -> str | None:
        """The key of what is outside behind the target of a route in a VPC's table."""
        kind, key = route.target.kind, route.target.key
        resource = self._reading.configuration.resources.get(key)
        if kind in _CONNECTIONS or (resource is not None and resource.type == _ROUTE_SERVER):
            return key
        if kind in ("interface", "appliance") and not route.destination >= addresses.INTERNET & addresses.ALL_V4:
            return f"{key}{_BEHIND}"
        return None

    def _ends(self, peering: Resource) -> tuple[str | None, str | None]:
        """The VPCs at the ends; one that is not known is one whose routes lead there. None is outside."""
        ends = [self._vpcs.used(peering.get("vpc_id")), self._vpcs.used(peering.get("peer_vpc_id"))]
        for vpc in self._peered.get(peering.address, ()):
            if vpc not in ends and None in ends:
                ends[ends.index(None)] = vpc
        return ends[0], ends[1]

    def _is_in_one_region(self, peering: Resource) -> bool:
        """Whether both VPCs may be in one region. A peer's is only given where it is another one."""
        return not self._reading.text(peering, "peer_region")

    def _name(self, key: str) -> str:
        resource = self._reading.configuration.resources.get(key.removesuffix(_BEHIND))
        if resource is None:
            return key
        kind = "behind" if key.endswith(_BEHIND) else _KINDS.get(resource.type.removeprefix("data."), "outside")
        return own_name(resource) or f"{kind}.{resource.name}{index_of(resource.address)}"

    def _is_accepted(self, peering: Resource) -> bool:
        accepts = self._reading.flag(peering, "auto_accept", if_unknown=True, meaning="taken for accepted")
        accepters = self._reading.configuration.referring(peering, _ACCEPTER, "vpc_peering_connection_id")
        return accepts or bool(accepters)

    def _is_static(self, connection: Resource) -> bool:
        return self._reading.flag(
            connection, "static_routes_only", if_unknown=False, meaning="its networks are taken for any"
        )
