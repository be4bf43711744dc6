"""Placement of nodes in classes of subnets that the rest of the network cannot tell apart."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from policies.reachability import addresses
from policies.reachability.factors.gateways import End
from policies.reachability.intervals import Intervals
from policies.reachability.network import Acl, External, Network, Node, SecurityGroup, Subnet


@dataclass(frozen=True)
class Placement:
    """A node in a class of its subnets."""

    node: Node
    subnets: tuple[Subnet, ...]

    @property
    def addresses(self) -> Intervals:
        """Its addresses there."""
        return Intervals.union(_addresses_in(self.node, subnet) for subnet in self.subnets)

    @property
    def subnet(self) -> Subnet:
        """The subnet that stands for all of the class."""
        return self.subnets[0]


def end(network: Network, key: str) -> End:
    """The node or external of a key. Raises KeyError."""
    return network.nodes[key] if key in network.nodes else network.externals[key]


def addresses_of(end: End) -> Intervals:
    """Every address that an end may have inside: not the public ones that an internet gateway puts in their place."""
    if isinstance(end, External):
        return end.addresses
    return Intervals.union(_addresses_in(end, subnet) for subnet in end.subnets)


def pairs(near: Placement, far: Placement) -> Iterator[tuple[Placement, Placement, bool]]:
    """Two nodes' placements as they meet: across subnets, and then in each that they share (True).

    Across also has the addresses of shared subnets: traffic there passes more, so the union of both is right.
    """
    if len(near.subnets) > 1 or len(far.subnets) > 1 or near.subnet.key != far.subnet.key:
        yield near, far, False
    there = {subnet.key for subnet in far.subnets}
    for subnet in near.subnets:
        if subnet.key in there:
            yield Placement(near.node, (subnet,)), Placement(far.node, (subnet,)), True


def class_of(end: End) -> Hashable:
    """What the network knows of an end: equal for ends that it cannot tell apart."""
    if isinstance(end, External):
        return end.key
    return (
        tuple(id(subnet) for subnet in end.subnets),
        ids(end.groups),
        end.addresses,
        end.is_public,
        end.has_ipv6,
        end.listens,
        end.kind,
    )


def keys(groups: Iterable[SecurityGroup] | None) -> frozenset[str]:
    """The keys of some groups."""
    return frozenset(group.key for group in groups or ())


def ids(groups: Iterable[SecurityGroup] | None) -> Hashable:
    """What tells some groups from others, as objects."""
    return None if groups is None else tuple(id(group) for group in groups)


def signature(acl: Acl) -> Hashable:
    """What an ACL allows, as a value: equal for two ACLs with equal entries."""
    return acl.assumption, tuple(
        tuple((entry.number, entry.allows, entry.peers, entry.traffic, entry.rule.assumption) for entry in entries)
        for entries in (acl.ingress, acl.egress)
    )


def _addresses_in(node: Node, subnet: Subnet) -> Intervals:
    found = node.addresses_in(subnet)
    return found if node.has_ipv6 else found - addresses.ALL_V6
