"""One packet at a time through a network: what the analyser says about sets is held against this.

It knows nothing of factors, paths or flows: a packet has one address of each end, one protocol and one port, and walks
from subnet to subnet; then its answers walk back, to one port of the client after the other. Written from the documents
that docs/reachability.md names, not from the analyser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from policies.reachability.network import (
    Entry,
    Forward,
    Network,
    Node,
    Permission,
    Route,
    SecurityGroup,
    Subnet,
    Target,
)

V6 = range(1 << 32, (1 << 32) + (1 << 128))
TCP = range(6 << 16, 7 << 16)
TRANSLATED = (1, 6, 17)
"""Protocols that NAT gateways translate: ICMP, TCP and UDP (VPC user guide, "NAT gateways")."""

SERVICES = ("s3", "dynamodb")
SERVED = ((6 << 16) + 80, (6 << 16) + 443)
"""What services answer: HTTP and HTTPS."""


@dataclass(frozen=True)
class Interface:
    """One address of a node in one of its subnets."""

    node: Node
    subnet: Subnet
    address: int


@dataclass(frozen=True)
class Outside:
    """One address outside the VPCs: of the external with this key."""

    key: str
    address: int


@dataclass(frozen=True)
class Stop:
    """Where a transit gateway sent a packet, or a VPC that it sent it to; `vpc` is empty for the gateway's own."""

    target: Target
    vpc: str
    keeps_groups: bool


@dataclass(frozen=True)
class Simulator:
    """`strict` questions want an answer on every port of the client and accept no assumption; others some port."""

    network: Network
    client_ports: Sequence[int]
    """TCP packets' numbers: of the ports that a client can have one of each class that the network tells apart."""
    ephemeral_ports: Sequence[int]
    """Those of them that clients usually have."""
    packets: Sequence[int]
    """A packet of each class that the network tells apart."""
    interfaces: Callable[[Node], Sequence[Interface]]
    """The addresses of a node: one of each class that the network tells apart."""

    def connects(
        self,
        client: Interface | Outside,
        server: Interface | Outside,
        packet: int,
        strict: bool,
        passed: tuple[str, ...] = (),
    ) -> bool:
        """Whether a connection to one address and port is made, and answered."""
        if isinstance(client, Outside):
            return isinstance(server, Interface) and self._comes_in(client, server, packet, strict)
        if client.node.kind == "endpoint" or (client.node.kind == "nat gateway" and packet >> 16 not in TRANSLATED):
            return False
        if isinstance(server, Outside) and server.key in SERVICES and packet not in SERVED:
            return False
        if isinstance(server, Interface) and server.subnet.key == client.subnet.key:
            passes = not client.node.meets_own_acl or acl_allows(
                client.subnet.acl.egress, server.address, packet, strict
            )
            return passes and self._permitted(client, server, packet, strict)
        return acl_allows(client.subnet.acl.egress, server.address, packet, strict) and any(
            self._connects_by(route, client, server, packet=packet, strict=strict, passed=passed)
            for route in choose(client.subnet.table.routes, server.address, strict)
        )

    def _connects_by(
        self,
        route: Route,
        client: Interface,
        server: Interface | Outside,
        packet: int,
        strict: bool,
        passed: tuple[str, ...],
    ) -> bool:
        """Whether a connection to one address and port is made, and answered, if a route is chosen."""
        vias = list(self._senders_on(route, client, server, strict))
        if not isinstance(server, Interface) or vias:
            members = groups_of(server)
            may_leave = permits(
                client.node.groups, "egress", server.address, members=members, packet=packet, strict=strict
            )
            if not may_leave and not isinstance(server, Interface):
                return False
            if may_leave and any(
                via.key not in (client.node.key, key_of(server), *passed)
                and self._sent_on(client, via, server, packet=packet, strict=strict, passed=(*passed, client.node.key))
                for via in vias
            ):
                return True
        if vias and route.target.kind != "transit gateway":
            return False
        if isinstance(server, Interface):
            return (
                any(
                    self._joins(
                        route, client.subnet.vpc, server.subnet.vpc, server.address, strict=strict, keeps_groups=keeps
                    )
                    and self._permitted(client, server, packet, strict, keeps_groups=keeps)
                    for keeps in (True, False)
                )
                and acl_allows(server.subnet.acl.ingress, client.address, packet, strict)
                and self._answers(server, client, packet, strict)
                and self._returns(
                    packet,
                    strict,
                    lambda port: (
                        acl_allows(server.subnet.acl.egress, client.address, port, strict)
                        and acl_allows(client.subnet.acl.ingress, server.address, port, strict)
                    ),
                )
            )
        return self._goes_out(route, client, server, strict) and self._returns(
            packet, strict, lambda port: acl_allows(client.subnet.acl.ingress, server.address, port, strict)
        )

    def _permitted(
        self, client: Interface, server: Interface, packet: int, strict: bool, keeps_groups: bool = True
    ) -> bool:
        """Whether security groups let a packet pass, with references to groups or without."""
        servers, clients = (groups_of(each) if keeps_groups else frozenset[str]() for each in (server, client))
        groups = client.node.groups
        return permits(
            groups, "egress", server.address, members=servers, packet=packet, strict=strict
        ) and self._accepts(server, client.address, clients, packet, strict)

    def arriving(
        self, client: int, balancer: Interface, chain: Sequence[Forward], packets: Sequence[int], linked: bool = False
    ) -> set[int]:
        """Which packets the end of a chain can get when a client's reach its first load balancer or endpoint.

        `linked`: it came from an endpoint, so that load balancers pass on from their own addresses.
        """
        found: set[int] = set()
        for target, packet, own in self._forwarded(client, balancer, chain, packets, linked=linked):
            for sender in self._senders(balancer, target) if own else (balancer,):
                if not is_in_zone(chain[0], sender, target):
                    continue
                seen = sender.address if own else client
                if self._passes_on(sender, target, packet, None if own else client, strict=False):
                    is_endpoint = balancer.node.kind == "endpoint"
                    found |= (
                        self.arriving(seen, target, chain[1:], packets=packets, linked=is_endpoint)
                        if chain[1:]
                        else {packet}
                    )
        return found

    def all_arrive(
        self, client: int, balancer: Interface, chain: Sequence[Forward], packets: Sequence[int], linked: bool = False
    ) -> bool:
        """Whether the end of a chain surely gets all that is passed on, at every address of the client's family."""
        is_endpoint = balancer.node.kind == "endpoint"
        if not is_certain(chain[0]):
            return False
        for target, packet, own in self._forwarded(client, balancer, chain, packets, linked=linked):
            seen = balancer.address if own else client
            if (seen in V6) != (target.address in V6) or not is_in_zone(chain[0], balancer, target):
                continue
            if not self._passes_on(balancer, target, packet, None if own else client, strict=True):
                return False
            if chain[1:] and not self.all_arrive(seen, target, chain[1:], packets=packets, linked=is_endpoint):
                return False
        return True

    def _senders(self, balancer: Interface, target: Interface) -> Iterable[Interface]:
        """The addresses with which a load balancer that was reached at one sends: it, or one that the target can be
        sent to from."""
        if balancer.node.kind == "endpoint" or (balancer.address in V6) == (target.address in V6):
            return (balancer,)
        own = (each for each in self.interfaces(balancer.node) if each.subnet is balancer.subnet)
        return [each for each in own if (each.address in V6) == (target.address in V6)]

    def _forwarded(
        self, client: int, balancer: Interface, chain: Sequence[Forward], packets: Sequence[int], linked: bool
    ) -> Iterator[tuple[Interface, int, bool]]:
        """Where the first of a chain may pass something on: to whom, which packet, whether as coming from itself."""
        forward = chain[0]
        if client not in forward.clients:
            return
        for target in self.interfaces(self.network.nodes[forward.target]):
            for packet in packets if len(chain) == 1 else self.packets:
                if packet in forward.back and (len(chain) == 1 or packet in chain[1].front):
                    yield target, packet, linked or not forward.keeps_client

    def _passes_on(self, balancer: Interface, target: Interface, packet: int, client: int | None, strict: bool) -> bool:
        """Whether a load balancer's packet gets to a target: one with its own address, or with a client's."""
        if balancer.node.kind == "endpoint":
            return client is None or (
                (client in V6) == (target.address in V6)
                and permits(target.node.groups, "ingress", client, members=frozenset(), packet=packet, strict=strict)
            )
        if client is None:
            same_family = (balancer.address in V6) == (target.address in V6)
            return same_family and self.connects(balancer, target, packet, strict)
        if (client in V6) != (target.address in V6):
            return False
        sender = Interface(balancer.node, balancer.subnet, client)
        if balancer.subnet.key == target.subnet.key:
            return self._permitted(sender, target, packet, strict)
        return (
            any(
                (route.target.kind == "transit gateway" or not any(self._senders_on(route, balancer, target, strict)))
                and self._joins(
                    route, balancer.subnet.vpc, target.subnet.vpc, target.address, strict=strict, keeps_groups=keeps
                )
                and self._permitted(sender, target, packet, strict, keeps_groups=keeps)
                for route in choose(balancer.subnet.table.routes, target.address, strict)
                for keeps in (True, False)
            )
            and acl_allows(balancer.subnet.acl.egress, target.address, packet, strict)
            and acl_allows(target.subnet.acl.ingress, client, packet, strict)
            and self._returns(
                packet,
                strict,
                lambda port: (
                    acl_allows(target.subnet.acl.egress, client, port, strict)
                    and acl_allows(balancer.subnet.acl.ingress, target.address, port, strict)
                ),
            )
        )

    def _comes_in(self, client: Outside, server: Interface, packet: int, strict: bool) -> bool:
        if client.key in SERVICES:
            return False
        if client.key == "internet":
            if self.network.vpcs[server.subnet.vpc].internet_gateway is None:
                return False
            if not (server.node.has_ipv6 if server.address in V6 else server.node.is_public):
                return False
        return (
            acl_allows(server.subnet.acl.ingress, client.address, packet, strict)
            and self._accepts(server, client.address, frozenset(), packet, strict)
            and self._answers(server, client, packet, strict)
            and self._returns(
                packet, strict, lambda port: acl_allows(server.subnet.acl.egress, client.address, port, strict)
            )
        )

    def _accepts(self, server: Interface, source: int, members: frozenset[str], packet: int, strict: bool) -> bool:
        if server.node.kind == "nat gateway":
            return False
        if server.node.listens is not None and packet not in server.node.listens:
            return False
        return permits(server.node.groups, "ingress", source, members=members, packet=packet, strict=strict)

    def _returns(self, packet: int, strict: bool, passes: Callable[[int], bool]) -> bool:
        if packet not in TCP:
            return True
        return all(map(passes, self.ephemeral_ports)) if strict else any(map(passes, self.client_ports))

    def _answers(self, server: Interface, client: Interface | Outside, packet: int, strict: bool) -> bool:
        """Whether the server's subnet has a route to the client, which only TCP needs."""
        if packet not in TCP:
            return True
        return any(
            self._answers_by(route, server, client, strict)
            for route in choose(server.subnet.table.routes, client.address, strict)
        )

    def _answers_by(self, route: Route, server: Interface, client: Interface | Outside, strict: bool) -> bool:
        """Whether a route leads back to the client."""
        if isinstance(client, Interface):
            return self._joins(route, server.subnet.vpc, client.subnet.vpc, address=client.address, strict=strict)
        if client.key != "internet":
            return self._goes_out(route, server, client, strict)
        if route.target.kind == "internet gateway":
            return route.target.key == self.network.vpcs[server.subnet.vpc].internet_gateway
        return route.target.kind in ("unknown", "interface", "appliance") and not strict

    def _joins(
        self, route: Route, vpc: str, other: str, address: int, strict: bool, keeps_groups: bool | None = None
    ) -> bool:
        """Whether a route in one VPC leads to an address in another, or in the same.

        And whether references to groups hold on the way there, or do not, where that is asked.
        """
        kind, key = route.target.kind, route.target.key
        if kind == "transit gateway":
            return self._transits(key, vpc, address, end=other, strict=strict, keeps_groups=keeps_groups)
        if keeps_groups is not None and keeps_groups is (kind in ("interface", "appliance")):
            return False
        if kind == "local":
            return vpc == other
        if kind == "peering":
            return (
                vpc != other and key in self.network.peerings and {vpc, other} == set(self.network.peerings[key].vpcs)
            )
        return kind in ("unknown", "interface", "appliance") and not strict

    def _transits(
        self, key: str, vpc: str, address: int, end: str, strict: bool, keeps_groups: bool | None = None
    ) -> bool:
        """Whether a transit gateway sends on what comes from a VPC to an end; references may hold between VPCs."""
        return any(
            self._ends_at(stop, end, strict)
            for stop in self._stops(key, vpc, address, strict=strict, keeps_groups=True, passed=())
            if keeps_groups in (None, stop.keeps_groups)
        )

    def _ends_at(self, stop: Stop, end: str, strict: bool) -> bool:
        """Whether packets get to an end from where a transit gateway sent them."""
        kind, key = stop.target.kind, stop.target.key
        is_elsewhere = kind in ("interface", "nat gateway") and key not in self.network.nodes
        if end in ("internet", *SERVICES):
            return (kind in ("unknown", "appliance", "vpn gateway", "outside") or is_elsewhere) and not strict
        if kind in ("unknown", "interface", "appliance"):
            return not strict
        return key == end and kind in ("local", "vpn gateway", "outside")

    def _stops(
        self, key: str, origin: str, address: int, strict: bool, keeps_groups: bool, passed: tuple[tuple[str, str], ...]
    ) -> Iterator[Stop]:
        """Where a packet from an attachment gets to, through as many VPCs as lead it on."""
        gateway = self.network.transit_gateways.get(key)
        if gateway is None:
            yield Stop(Target("unknown", key), "", keeps_groups)
            return
        passed = (*passed, (key, origin))
        for route in choose(gateway.routes.get(origin, ()), address, strict):
            vpc = route.target.key
            if route.target.kind == "local":
                yield Stop(route.target, "", keeps_groups and {origin, vpc} <= gateway.referencing)
                if vpc not in gateway.subnets:
                    yield Stop(Target("outside", vpc), "", keeps_groups=False)
                for subnet in gateway.subnets.get(vpc, ()):
                    yield from self._passed_on(subnet, key, address, strict, passed)
            elif route.target.kind != "blackhole":
                yield Stop(route.target, "", keeps_groups)

    def _passed_on(
        self, subnet: Subnet, key: str, address: int, strict: bool, passed: tuple[tuple[str, str], ...]
    ) -> Iterator[Stop]:
        """Where the subnet of an attachment sends a packet that is not for its VPC."""
        for route in choose(subnet.table.routes, address, strict):
            kind = route.target.kind
            if kind == "transit gateway" and (route.target.key, subnet.vpc) not in passed:
                yield from self._stops(
                    route.target.key, subnet.vpc, address, strict=strict, keeps_groups=False, passed=passed
                )
            elif kind in ("unknown", "interface", "appliance", "nat gateway"):
                yield Stop(route.target, subnet.vpc, keeps_groups=False)

    def _goes_out(self, route: Route, client: Interface, server: Outside, strict: bool) -> bool:
        """Whether a route leads to somebody outside, with an address that they can answer to."""
        kind, key = route.target.kind, route.target.key
        if kind == "transit gateway":
            return self._transits(key, client.subnet.vpc, server.address, end=server.key, strict=strict)
        if server.key not in ("internet", *SERVICES):
            return (kind in ("peering", "vpn gateway") and key == server.key) or (
                kind in ("unknown", "interface", "appliance") and not strict
            )
        if kind == "internet gateway":
            has_address = client.node.has_ipv6 if client.address in V6 else client.node.is_public
            return has_address and key == self.network.vpcs[client.subnet.vpc].internet_gateway
        if kind == "egress-only gateway":
            return client.address in V6 and client.node.has_ipv6
        if kind == "gateway endpoint":
            return server.key in SERVICES
        unknown = kind in ("unknown", "vpn gateway", "appliance") or (kind in ("interface", "nat gateway"))
        return unknown and not strict

    def _senders_on(self, route: Route, client: Interface, server: Interface | Outside, strict: bool) -> Iterator[Node]:
        """The NAT gateways and instances that a route leads to."""
        stops = [Stop(route.target, client.subnet.vpc, keeps_groups=True)]
        if route.target.kind == "transit gateway":
            vpc, address = client.subnet.vpc, server.address
            stops = list(self._stops(route.target.key, vpc, address, strict=strict, keeps_groups=True, passed=()))
        is_public = isinstance(server, Outside) and server.key in ("internet", *SERVICES)
        for stop in stops:
            via = self.network.nodes.get(stop.target.key)
            is_sender = stop.target.kind == "nat gateway" or (stop.target.kind == "interface" and is_public)
            if via is not None and via.vpc == stop.vpc and is_sender:
                yield via

    def _sent_on(
        self,
        client: Interface,
        via: Node,
        server: Interface | Outside,
        packet: int,
        strict: bool,
        passed: tuple[str, ...],
    ) -> bool:
        """Whether a NAT gateway or instance takes a packet and makes the connection in the client's place."""

        def takes(middle: Interface) -> bool:
            if not permits(
                via.groups, "ingress", client.address, members=groups_of(client), packet=packet, strict=strict
            ):
                return False
            if middle.subnet.key == client.subnet.key:
                return True
            return (
                acl_allows(middle.subnet.acl.ingress, client.address, packet, strict)
                and self._answers(middle, client, packet, strict)
                and self._returns(
                    packet,
                    strict,
                    lambda port: (
                        acl_allows(middle.subnet.acl.egress, client.address, port, strict)
                        and acl_allows(client.subnet.acl.ingress, server.address, port, strict)
                    ),
                )
            )

        made = [
            takes(middle) and self.connects(middle, server, packet, strict=strict, passed=passed)
            for middle in self.interfaces(via)
        ]
        return (all if strict else any)(made)


def choose(routes: Iterable[Route], address: int, strict: bool) -> list[Route]:
    """The routes that may be chosen: the longest prefix, of equal ones the first, if those before it may not be there.

    Strictly, none if that is not certain.
    """
    found: list[Route] = []
    for route in sorted(routes, key=lambda each: -each.prefix_length):
        if address in route.destination:
            found.append(route)
            if is_certain(route):
                break
    return [] if strict and not all(map(is_certain, found)) else found


def acl_allows(entries: Iterable[Entry], peer: int, packet: int, strict: bool) -> bool:
    """Whether some entry that may be the first to match allows it; strictly, whether the first surely does."""
    is_doubtful = False
    for entry in entries:
        if peer in entry.peers and packet in entry.traffic:
            if is_certain(entry):
                return entry.allows and not (strict and is_doubtful)
            if entry.allows and not strict:
                return True
            is_doubtful = is_doubtful or not entry.allows
    return False


def is_certain(part: Entry | Forward | Permission | Route) -> bool:
    """Whether something is surely there."""
    return part.rule.assumption is None


def permits(
    groups: tuple[SecurityGroup, ...] | None, way: str, peer: int, members: frozenset[str], packet: int, strict: bool
) -> bool:
    """Whether any rule of any group lets a packet through, strictly a certain one; without groups everything passes."""
    if groups is None:
        return True
    for group in groups:
        rules: tuple[Permission, ...] = group.ingress if way == "ingress" else group.egress
        for rule in rules:
            if (
                packet in rule.traffic
                and (peer in rule.peers or rule.groups & members)
                and not (strict and not is_certain(rule))
            ):
                return True
    return False


def is_in_zone(forward: Forward, sender: Interface, target: Interface) -> bool:
    """Whether a load balancer passes on from one of its addresses to one of the target's."""
    return forward.zones is None or any(sender.address in near and target.address in far for near, far in forward.zones)


def groups_of(end: Interface | Outside) -> frozenset[str]:
    """The groups that an end is a member of."""
    if isinstance(end, Outside) or end.node.groups is None:
        return frozenset()
    return frozenset(group.key for group in end.node.groups)


def key_of(end: Interface | Outside) -> str:
    """The key of an end."""
    return end.key if isinstance(end, Outside) else end.node.key
