"""Small networks drawn at random, in which everything that the analyser looks at meets everything else.

A network draws few addresses and ports, so that the rules, routes and entries overlap in odd ways, and the classes of
packets that it tells apart can be tried one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

from policies.library.model import Resource
from policies.reachability import addresses, traffic
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import (
    Acl,
    Assumption,
    Entry,
    External,
    Forward,
    Network,
    Node,
    NodeKind,
    Peering,
    Permission,
    Route,
    RouteTable,
    Rule,
    SecurityGroup,
    Subnet,
    Target,
    TransitGateway,
    Vpc,
)

_T = TypeVar("_T")

RULE = Rule("a rule")
UNCERTAIN = Rule("a rule that may not be there", assumption=Assumption("it is there"))
INTERNET = addresses.network("203.0.113.0/24") | addresses.network("198.51.100.7") | addresses.network("2800::/16")
"""The internet has few addresses here, so that they can be tried one by one."""

TRAFFIC = (
    traffic.ALL,
    traffic.ALL,
    traffic.TCP,
    traffic.tcp(443),
    traffic.tcp(80, 2000),
    traffic.tcp(1024, 65535),
    traffic.tcp(1024, 40000),
    traffic.tcp(32768, 65535),
    traffic.ports("udp", 53, 53),
    traffic.ports("icmp", 0, 65535),
)


class Drawing:
    """One network, drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._traffic = [self._one(TRAFFIC) for _ in range(3)]
        self._has_v6 = self._is(0.25)
        self._second = self._random.choice(
            (0, 1, 1, 1)
        )  # of VPCs with the same networks, each has the other's addresses
        self._vpcs = ["a", "b"] if self._is(0.5) else ["a"]
        self._places = [(vpc, number) for vpc in self._vpcs for number in range(self._random.randint(1, 3))]
        self._cidrs = self._draw_cidrs()

    def network(self) -> Network:
        """Draw it."""
        vpcs = {
            vpc: Vpc(
                vpc,
                vpc,
                self._vpc_addresses(vpc),
                internet_gateway=f"igw-{vpc}" if self._is(0.8) else None,
                vpn_gateway=f"vgw-{vpc}",
            )
            for vpc in self._vpcs
        }
        acls = [self._acl(number) for number in range(2)]
        tables = {vpc: [self._table(vpc, number) for number in range(2)] for vpc in self._vpcs}
        subnets = [
            Subnet(
                f"{vpc}{number}",
                f"{vpc}{number}",
                vpc,
                addresses=self._addresses(vpc, number),
                table=self._one(tables[vpc]),
                acl=self._one(acls),
            )
            for vpc, number in self._places
        ]
        groups = [self._group(key) for key in ("g0", "g1", "g2")]
        nodes = [
            self._node(f"n{number}", "server", self._one(self._vpcs), subnets=subnets, groups=groups)
            for number in range(2)
        ]
        if self._is(0.3):
            nodes[1] = self._twin(nodes[0], "n1")
        nodes += [self._single(key, kind, vpc, subnets=subnets, groups=groups) for key, kind, vpc in self._extras()]
        forwards = tuple(self._forwards(nodes))
        externals = {"internet": INTERNET, "s3": addresses.service("s3"), "vgw-a": self._one(self._cidrs[-2:])}
        return Network(
            vpcs=vpcs,
            nodes={node.key: node for node in nodes},
            externals={key: External(key, key, found) for key, found in externals.items()},
            forwards=forwards,
            peerings={"pcx": Peering("pcx", ("a", "b")), "pcx-third": Peering("pcx-third", ("a", "c"))},
            transit_gateways={"tgw": self._transit_gateway(subnets)},
        )

    def _extras(self) -> Iterator[tuple[str, NodeKind, str]]:
        for vpc in self._vpcs:
            yield f"nat-{vpc}", "nat gateway", vpc
        yield "appliance", "server", "a"
        if self._is(0.7):
            yield "lb0", "load balancer", self._one(self._vpcs)
            if self._is(0.3):
                yield "lb1", "load balancer", self._one(self._vpcs)
            if self._is(0.3):
                yield "endpoint", "endpoint", self._one(self._vpcs)

    def _draw_cidrs(self) -> list[Intervals]:
        own = [self._addresses(*place) for place in self._places]
        single = [Intervals.of([(each.first, each.first)]) for each in own]
        found = [
            addresses.allowed("0.0.0.0/0"),
            self._vpc_addresses("a"),
            self._vpc_addresses("b"),
            *own,
            *single,
            addresses.service("s3"),
        ]
        if self._has_v6:
            found += [addresses.network("::/0"), addresses.network("2600::/127")]
        found = self._random.sample(found, min(5, len(found)))
        return [
            addresses.allowed("0.0.0.0/0"),
            *found,
            addresses.network("203.0.113.0/24"),
            addresses.network("10.9.0.0/31"),
        ]

    def _vpc_addresses(self, vpc: str) -> Intervals:
        v4 = addresses.network("10.0.0.0/28" if vpc == "a" else f"10.{self._second}.0.0/28")
        return v4 | addresses.network(f"2600::{vpc}0/124") if self._has_v6 else v4

    def _addresses(self, vpc: str, number: int) -> Intervals:
        v4 = addresses.network(f"10.{self._second if vpc == 'b' else 0}.0.{2 * number}/31")
        return v4 | addresses.network(f"2600::{vpc}{2 * number}/127") if self._has_v6 else v4

    def _acl(self, number: int) -> Acl:
        return Acl(f"acl{number}", f"acl{number}", self._entries(), self._entries())

    def _entries(self) -> tuple[Entry, ...]:
        drawn = [
            Entry(number, self._is(0.65), self._one(self._cidrs), traffic=self._one(self._traffic), rule=self._rule())
            for number in range(self._random.randint(0, 3))
        ]
        if self._is(0.75):
            drawn.append(Entry(100, True, addresses.ALL, traffic=traffic.ALL, rule=RULE))
        return tuple(drawn)

    def _table(self, vpc: str, number: int) -> RouteTable:
        routes = [Route(self._vpc_addresses(vpc), 28, Target("local"), RULE)]
        default = addresses.allowed("0.0.0.0/0")
        menu = [
            *[(default, 0, self._target(vpc)) for _ in range(3)],
            (addresses.network("203.0.113.0/24"), 24, self._target(vpc)),
            (addresses.network("10.9.0.0/31"), 31, self._one([Target("vpn gateway", "vgw-a"), self._target(vpc)])),
            (self._addresses(*self._one(self._places)), 31, self._target(vpc)),
            (addresses.service("s3"), 33, Target("gateway endpoint", "vpce")),
        ]
        menu += [
            (
                self._vpc_addresses(each),
                27,
                self._one([Target("peering", "pcx"), Target("peering", "pcx-third"), Target("transit gateway", "tgw")]),
            )
            for each in self._vpcs
            if each != vpc
            for _ in range(4)
        ]
        if self._has_v6:
            everywhere = addresses.network("::/0")
            menu += [(everywhere, 0, Target("egress-only gateway", "eigw")), (everywhere, 0, self._not_nat(vpc))]
        drawn = self._random.sample(menu, self._random.randint(1, 4))
        routes += [Route(destination, length, target, self._rule()) for destination, length, target in drawn]
        return RouteTable(f"{vpc}-{number}", f"{vpc}-{number}", tuple(routes))

    def _not_nat(self, vpc: str) -> Target:
        """A target for IPv6 that is no NAT gateway: NAT64 gets from one family to the other, which is tested alone."""
        target = self._target(vpc)
        return target if target.kind != "nat gateway" else Target("egress-only gateway", "eigw")

    def _target(self, vpc: str) -> Target:
        menu = [
            Target("internet gateway", f"igw-{vpc}"),
            Target("internet gateway", f"igw-{vpc}"),
            Target("internet gateway", "igw-gone"),
            Target("nat gateway", f"nat-{vpc}"),
            Target("nat gateway", f"nat-{vpc}"),
            Target("transit gateway", "tgw"),
            Target("transit gateway", "tgw-elsewhere"),
            Target("peering", "pcx"),
            Target("peering", "pcx-third"),
            Target("vpn gateway", f"vgw-{vpc}"),
            Target("unknown"),
            Target("blackhole"),
            Target("interface", "eni-elsewhere"),
            Target("appliance", "firewall"),
        ]
        if vpc == "a":
            menu.append(Target("interface", "appliance"))
        return self._one(menu)

    def _transit_gateway(self, subnets: Sequence[Subnet]) -> TransitGateway:
        return TransitGateway(
            "tgw",
            {vpc: self._transit_routes() for vpc in self._vpcs},
            subnets={
                vpc: tuple(each for each in subnets if each.vpc == vpc and self._is(0.6))
                for vpc in self._vpcs
                if self._is(0.6)
            },
            referencing=frozenset(vpc for vpc in self._vpcs if self._is(0.7)),
        )

    def _transit_routes(self) -> tuple[Route, ...]:
        menu = [
            (self._vpc_addresses("a"), 28, Target("local", "a")),
            (self._vpc_addresses("b"), 28, Target("local", "b")),
            (self._addresses(*self._one(self._places)), 31, Target("blackhole")),
            (addresses.allowed("0.0.0.0/0"), 0, Target("local", self._one(self._vpcs))),
            (addresses.network("10.9.0.0/31"), 31, Target("vpn gateway", "vgw-a")),
            (addresses.network("203.0.113.0/24"), 24, self._one([Target("unknown"), Target("blackhole")])),
        ]
        drawn = self._random.sample(menu, self._random.randint(1, 5))
        return tuple(Route(destination, length, target, self._rule()) for destination, length, target in drawn)

    def _group(self, key: str) -> SecurityGroup:
        ingress, egress = (
            tuple(self._permission() for _ in range(self._random.randint(1, 3))) for _ in ("ingress", "egress")
        )
        return SecurityGroup(key, key, ingress, egress)

    def _permission(self) -> Permission:
        if self._is(0.4):
            return Permission(
                NOTHING, frozenset([self._one(["g0", "g1", "g2"])]), self._one(self._traffic), self._rule()
            )
        return Permission(self._one(self._cidrs), frozenset(), self._one(self._traffic), self._rule())

    def _node(
        self, key: str, kind: NodeKind, vpc: str, subnets: Sequence[Subnet], groups: Sequence[SecurityGroup]
    ) -> Node:
        own = [subnet for subnet in subnets if subnet.vpc == vpc]
        stands = self._random.sample(own, self._random.randint(1, len(own)))
        node = Node(
            key,
            key,
            kind,
            resource=Resource({}, key, f"aws_instance.{key}", type="aws_instance", name=key, file="main.tf"),
            subnets=tuple(sorted(stands, key=lambda subnet: subnet.key)),
            groups=tuple(self._random.sample(groups, self._random.randint(1, 2))),
            is_public=self._is(0.6),
            has_ipv6=self._has_v6 and self._is(0.7),
        )
        if self._is(0.2):
            known = stands[0].addresses.first
            node = replace(node, subnets=(stands[0],), addresses=Intervals.of([(known, known)]), has_ipv6=False)
        return node

    def _twin(self, node: Node, key: str) -> Node:
        """A node that stands where another does, and is almost like it."""
        return replace(
            node,
            key=key,
            is_public=self._is(0.5),
            has_ipv6=self._has_v6 and self._is(0.5),
            listens=self._one((None, self._traffic[0])),
        )

    def _single(
        self, key: str, kind: NodeKind, vpc: str, subnets: Sequence[Subnet], groups: Sequence[SecurityGroup]
    ) -> Node:
        node = self._node(key, kind, vpc, subnets=subnets, groups=groups)
        if kind == "load balancer":
            has_groups = self._is(0.6)
            return replace(
                node,
                groups=node.groups if has_groups else None,
                listens=self._one([*self._traffic, traffic.ALL]),
                meets_own_acl=self._is(0.2),
            )
        if kind == "nat gateway":
            return replace(node, subnets=node.subnets[:1], groups=None)
        return replace(node, subnets=node.subnets[:1]) if key == "appliance" else node

    def _forwards(self, nodes: Sequence[Node]) -> Iterator[Forward]:
        keys = [node.key for node in nodes]
        balancers = [node for node in nodes if node.kind == "load balancer"]
        for node in balancers:
            assert node.listens is not None
            targets = ["n0", "n1", *(key for key in keys if key == "lb1" != node.key)]
            for target in self._random.sample(targets, self._random.randint(1, 2)):
                front = node.listens & self._one([*self._traffic, traffic.ALL])
                yield Forward(
                    node.key,
                    front,
                    target,
                    back=self._one(self._traffic),
                    keeps_client=self._is(0.5),
                    rule=self._rule(),
                    clients=self._clients(),
                    zones=self._zones(node) if self._is(0.1) else None,
                )
        if "endpoint" in keys:
            passed, keeps = self._one(self._traffic), self._is(0.3)
            yield Forward(
                "endpoint", passed, "lb0", back=passed, keeps_client=keeps, rule=RULE, clients=self._clients()
            )

    def _clients(self) -> Intervals:
        if self._is(0.9):
            return addresses.ALL
        return self._one((addresses.ALL_V4, addresses.ALL_V6, *self._cidrs))

    def _zones(self, balancer: Node) -> tuple[tuple[Intervals, Intervals], ...]:
        everywhere = [self._addresses(*place) for place in self._places]
        return tuple((subnet.addresses, self._one(everywhere)) for subnet in balancer.subnets)

    def _rule(self) -> Rule:
        return UNCERTAIN if self._is(0.08) else RULE

    def _one(self, menu: Sequence[_T]) -> _T:
        return self._random.choice(menu)

    def _is(self, probability: float) -> bool:
        return self._random.random() < probability
