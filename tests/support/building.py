"""Networks by hand, in few words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from policies.library.model import Resource
from policies.reachability import addresses, traffic
from policies.reachability.flows import Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import (
    Acl,
    Assumption,
    Entry,
    External,
    Forward,
    Network,
    Node,
    Permission,
    Route,
    RouteTable,
    Rule,
    SecurityGroup,
    Subnet,
    Target,
    Vpc,
)

PART = TypeVar("PART", Entry, Permission, Route)

WORLD = "0.0.0.0/0"
LOCAL = ("10.0.0.0/16", Target("local"))
TO_INTERNET = (WORLD, Target("internet gateway", "igw"))
EPHEMERAL = traffic.tcp(*traffic.EPHEMERAL)


def uncertain(part: PART, text: str = "it is there") -> PART:
    """An entry, a permission or a route that may not be there."""
    return replace(part, rule=replace(part.rule, assumption=Assumption(text)))


def resource(key: str) -> Resource:
    """A resource to point at."""
    type_, _, name = key.rpartition(".")
    return Resource({}, key, key, type=type_ or "aws_instance", name=name, file="main.tf")


def peers(*cidrs: str) -> Intervals:
    """Networks of rules that allow; the names of services stand for their prefix lists."""
    return Intervals.union(
        addresses.service(each) if each in addresses.SERVICES else addresses.allowed(each) for each in cidrs
    )


def allow(number: int, cidr: str, about: Intervals = traffic.ALL) -> Entry:
    """An entry of a network ACL that allows."""
    return Entry(number, True, addresses.allowed(cidr), traffic=about, rule=Rule(f"allow {number}"))


def deny(number: int, cidr: str, about: Intervals = traffic.ALL) -> Entry:
    """An entry of a network ACL that denies."""
    return Entry(number, False, addresses.denied(cidr), traffic=about, rule=Rule(f"deny {number}"))


def acl(ingress: Iterable[Entry], egress: Iterable[Entry], name: str = "acl") -> Acl:
    """A network ACL."""
    return Acl(name, name, tuple(ingress), tuple(egress))


OPEN = acl([allow(100, WORLD), allow(101, "::/0")], [allow(100, WORLD), allow(101, "::/0")], "default")


def table(*routes: tuple[str, Target], name: str = "table") -> RouteTable:
    """A route table: CIDR or service, and target."""
    return RouteTable(
        name,
        name,
        tuple(
            Route(
                peers(destination),
                33 if destination in addresses.SERVICES else int(destination.rpartition("/")[2]),
                target,
                Rule(f"{destination} -> {target.kind}"),
            )
            for destination, target in routes
        ),
    )


PUBLIC = table(LOCAL, TO_INTERNET, name="public")
PRIVATE = table(LOCAL, name="private")


def subnet(key: str, cidrs: str, routes: RouteTable = PRIVATE, around: Acl = OPEN, vpc: str = "vpc") -> Subnet:
    """A subnet; its CIDRs are apart by spaces."""
    return Subnet(
        key, key, vpc, addresses=Intervals.union(map(addresses.network, cidrs.split())), table=routes, acl=around
    )


def permission(*whom: str, about: Intervals = traffic.ALL) -> Permission:
    """A rule of a security group, for CIDRs, services' prefix lists and keys of security groups."""
    groups = frozenset(each for each in whom if each.startswith("sg-"))
    others = [each for each in whom if each not in groups]
    return Permission(peers(*others), groups, about, Rule(f"{' '.join(whom)} {traffic.describe(about)}"))


def group(key: str, ingress: Iterable[Permission] = (), egress: Iterable[Permission] | None = None) -> SecurityGroup:
    """A security group; everything may leave where nothing else is said."""
    anywhere = [permission(WORLD, "::/0")]
    return SecurityGroup(key, key, tuple(ingress), tuple(anywhere if egress is None else egress))


def node(key: str, stands: Subnet | Iterable[Subnet], *groups: SecurityGroup | None, **more: Any) -> Node:
    """A server, or what `kind` says; None as its group stands for what no group is around."""
    around = None if groups == (None,) else tuple(each for each in groups if each is not None)
    places = (stands,) if isinstance(stands, Subnet) else tuple(stands)
    return Node(key, key, more.pop("kind", "server"), resource=resource(key), subnets=places, groups=around, **more)


def network(
    *nodes: Node,
    forwards: Iterable[Forward] = (),
    externals: Mapping[str, str] | None = None,
    vpcs: Iterable[Vpc] = (),
    **more: Any,
) -> Network:
    """A network with one VPC, 10.0.0.0/16, an attached internet gateway and what is given."""
    own = Vpc("vpc", "vpc", addresses.network("10.0.0.0/16"), internet_gateway="igw", vpn_gateway="vgw")
    outside = {"internet": addresses.INTERNET, **{name: addresses.service(name) for name in addresses.SERVICES}}
    outside |= {key: addresses.network(cidr) for key, cidr in (externals or {}).items()}
    return Network(
        vpcs={each.key: each for each in (own, *vpcs)},
        nodes={each.key: each for each in nodes},
        externals={key: External(key, key, found) for key, found in outside.items()},
        forwards=tuple(forwards),
        **more,
    )


def between(source: str, destination: str, about: Intervals) -> Flows:
    """All of some traffic between two networks."""
    return Flows.between(addresses.network(source), addresses.network(destination), about)
