"""Elastic IP addresses: who has one, also through interfaces that are looked up or that services make.

Source: VPC user guide, "Associate Elastic IP addresses with resources in your VPC".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from policies.library.model import Resource
from policies.library.values import Value, label_of
from policies.reachability.network import Node
from policies.reachability.read.interfaces import INSTANCES
from policies.reachability.read.lookups import Lookups
from policies.reachability.read.places import Places
from policies.reachability.read.reading import Reading, could_be_anything, leaves
from policies.reachability.read.servers import TYPES as SERVERS

_TYPES = ("aws_eip", "aws_eip_association")
_NAMES = ("instance", "instance_id", "network_interface", "network_interface_id")


def with_elastic_addresses(places: Places, nodes: Mapping[str, Node]) -> Mapping[str, Node]:
    """The nodes, public where they have, or may have, an elastic address."""
    lookups = Lookups(places, nodes)
    addresses: dict[str, list[Resource]] = {}
    for each in places.reading.configuration.of_type(*_TYPES):
        for value in (leaf for name in _NAMES for leaf in leaves(each.get(name))):
            for key in _owners(value, each, places, lookups, nodes):
                addresses.setdefault(key, []).append(each)
    return {
        key: _public(node, addresses[key], places.reading) if key in addresses else node for key, node in nodes.items()
    }


def _public(node: Node, addresses: list[Resource], reading: Reading) -> Node:
    """A node with some addresses; what they rest on, unless it is public for certain."""
    noted = [reading.about(each) for each in addresses]
    is_certain = node.is_public or not all(noted)
    more = () if is_certain else (assumption for each in noted for assumption in each)
    return replace(node, is_public=True, assumptions=(*node.assumptions, *more))


def _owners(
    value: Value, address: Resource, places: Places, lookups: Lookups, nodes: Mapping[str, Node]
) -> Iterator[str]:
    """The nodes that have an address by what it is associated with."""
    found = list(lookups.nodes(value, address))
    for each in places.reading.configuration.resolve(value):
        holder = places.interfaces.holder(each)
        found += [key for key in (holder.address, f"{holder.address}/tasks") if key in nodes]
        found += _perhaps(each, places)
    if not found and could_be_anything(value):
        places.reading.assume(f"it is not known who has the address ({label_of(value)}): anybody may", address)
        found = [key for key, node in nodes.items() if node.resource.type in SERVERS]
    yield from found


def _perhaps(interface: Resource, places: Places) -> Iterator[str]:
    """The instances that may have an interface."""
    for instance in places.reading.configuration.of_type(*INSTANCES):
        if interface in places.interfaces.perhaps_of(instance):
            yield instance.address
