"""What connects VPCs with each other and with networks outside: peering, transit gateways, VPN.

Sources: VPC Peering guide, "VPC peering basics"; Transit Gateways guide, "How transit gateways work"; Site-to-Site VPN
user guide, "Site-to-Site VPN routing options".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from policies.library.model import Resource
from policies.library.values import Value, label_of
from policies.reachability.intervals import Intervals
from policies.reachability.network import External, Peering, RouteTable, TransitGateway
from policies.reachability.read.names import own_name
from policies.reachability.read.peers import Part, Peers, blocks
from policies.reachability.read.reading import Reading, could_be_anything, leaves
from policies.reachability.read.transit import TYPES as TRANSIT_GATEWAYS
from policies.reachability.read.transit import transit_gateway
from policies.reachability.read.vpcs import ANY_PRIVATE, VPN_GATEWAYS, Vpcs

_PEERING = "aws_vpc_peering_connection"
_ACCEPTER = "aws_vpc_peering_connection_accepter"
PEERINGS = (_PEERING, _ACCEPTER, f"data.{_PEERING}")
"""What a route to a peering connection names."""
_CONNECTION = "aws_vpn_connection"
_ATTACHMENT = "aws_vpn_gateway_attachment"


class Gateways:
    """Keys of what routes lead to, collected while routes are read, and what each is."""

    def __init__(self, reading: Reading, vpcs: Vpcs, peers: Peers) -> None:
        self._reading, self._vpcs, self._peers = reading, vpcs, peers
        self._peered: dict[str, list[str]] = {}
        self._transit: dict[str, set[str]] = {}

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

    def transit_gateway(self, value: Value, vpc: str) -> str:
        """The key of the transit gateway that a VPC's route leads to."""
        found = self._reading.named(value, TRANSIT_GATEWAYS)
        key = found[0].address if found else label_of(value)
        self._transit.setdefault(key, set()).add(vpc)
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

    def propagated(self, gateway: str) -> Iterator[tuple[Part, Resource | None]]:
        """The networks behind a virtual private gateway, which it propagates, and what says so."""
        connections = [
            each
            for each in self._reading.configuration.of_type(_CONNECTION)
            if gateway in self.vpn_gateways(each.get("vpn_gateway_id"))
        ]
        for connection in connections:
            for route in self._reading.configuration.of_type("aws_vpn_connection_route"):
                if connection not in self._reading.owners(route, "vpn_connection_id", (_CONNECTION,)):
                    continue
                for value in leaves(route.get("destination_cidr_block")):
                    for part in self._peers.routed(value, route):
                        yield part, route
        if not connections or not all(map(self._is_static, connections)):
            resource = self._reading.configuration.resources.get(gateway)
            self._reading.assume(f"which networks are behind {gateway} is not known: any private address", resource)
            for network, length in blocks(ANY_PRIVATE):
                yield Part(network, length), resource

    def peerings(self) -> Mapping[str, Peering]:
        """Every peering connection."""
        found: dict[str, Peering] = {}
        for each in self._reading.configuration.of_type(_PEERING):
            found[each.address] = Peering(each.address, self._ends(each))
            if not self._is_accepted(each):
                self._reading.assume("it has to be accepted by the peer: taken for accepted", each)
        for key, vpcs in self._peered.items():
            if key not in found:
                ends_here = sorted(set(vpcs))
                found[key] = Peering(key, (ends_here[0], ends_here[1] if len(ends_here) > 1 else None))
        return dict(sorted(found.items()))

    def transit_gateways(self) -> Mapping[str, TransitGateway]:
        """Every transit gateway that routes lead to."""
        return {
            key: transit_gateway(key, sorted(vpcs), self._reading, self._vpcs, self._peers)
            for key, vpcs in sorted(self._transit.items())
        }

    def externals(self, tables: Iterable[RouteTable]) -> Mapping[str, External]:
        """Networks outside: what routes to peers and virtual private gateways name, or are behind a VPN."""
        networks: dict[str, Intervals] = {}
        routes = [route for table in tables for route in table.routes]
        routes += [
            route for each in self.transit_gateways().values() for routes in each.routes.values() for route in routes
        ]
        for route in routes:
            if route.target.kind in ("peering", "vpn gateway"):
                key = route.target.key
                networks[key] = networks.get(key, Intervals()) | route.destination
        peerings = self.peerings()
        outside = {key for key, each in peerings.items() if None in each.vpcs}
        return {
            key: External(key, self._name(key), found)
            for key, found in sorted(networks.items())
            if key in outside or key not in peerings
        }

    def _ends(self, peering: Resource) -> tuple[str | None, str | None]:
        """The VPCs at the ends; one that is not known is one whose routes lead there. None is outside."""
        ends = [self._vpcs.used(peering.get("vpc_id")), self._vpcs.used(peering.get("peer_vpc_id"))]
        for vpc in self._peered.get(peering.address, ()):
            if vpc not in ends and None in ends:
                ends[ends.index(None)] = vpc
        return ends[0], ends[1]

    def _name(self, key: str) -> str:
        resource = self._reading.configuration.resources.get(key)
        kind = "peer" if resource is not None and "peering" in resource.type else "vpn"
        return (own_name(resource) or f"{kind}.{resource.name}") if resource else key

    def _is_accepted(self, peering: Resource) -> bool:
        accepts = self._reading.flag(peering, "auto_accept", if_unknown=True, meaning="taken for accepted")
        accepters = self._reading.configuration.referring(peering, _ACCEPTER, "vpc_peering_connection_id")
        return accepts or bool(accepters)

    def _is_static(self, connection: Resource) -> bool:
        return self._reading.flag(
            connection, "static_routes_only", if_unknown=False, meaning="its networks are taken for any private address"
        )
