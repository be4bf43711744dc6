"""What data sources may have found: instances, interfaces and others that are declared here, as far as they fit.

A data source finds what exists when Terraform plans, which may be what this configuration made before. What it asks
for, as `data_sources` reads it, narrows that down as far as it refers to something that is declared here, or to a tag.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from policies.library.model import Resource
from policies.library.values import Unknown, Value
from policies.reachability.network import Node
from policies.reachability.read.data_sources import Match, criteria, matches
from policies.reachability.read.interfaces import INSTANCES, INTERFACE
from policies.reachability.read.places import Places
from policies.reachability.read.reading import Reading, could_be_anything
from policies.reachability.read.servers import FLEETS

_SERVERS = (*INSTANCES, *FLEETS, "aws_eks_node_group")
_FOUND: Mapping[str, Collection[str]] = {
    "data.aws_instance": _SERVERS,
    "data.aws_instances": _SERVERS,
    "data.aws_autoscaling_group": FLEETS,
    "data.aws_autoscaling_groups": FLEETS,
}
"""The types of what some data sources find; of others it is the type of their own name, and of interfaces any."""

_OF_INTERFACES = ("data.aws_network_interface", "data.aws_network_interfaces", "data.aws_eip", "data.aws_eips")


class Lookups:
    """The nodes that data sources may have found."""

    def __init__(self, places: Places, nodes: Mapping[str, Node]) -> None:
        self._reading, self._interfaces, self._nodes = places.reading, places.interfaces, nodes

    def nodes(self, value: Value, user: Resource) -> list[str]:
        """The nodes that a value names through data sources, or may; for `user`, of which it is assumed."""
        keys: dict[str, None] = {}
        for data in self._data(value):
            for key in self._found(data):
                self._reading.assume(f"{data.address} is looked up: it may have found {key}", user)
                keys[key] = None
        return list(keys)

    def _data(self, value: Value) -> Iterator[Resource]:
        for each in self._reading.configuration.resolve(value):
            if each.type.startswith("data."):
                yield each

    def _found(self, data: Resource) -> list[str]:
        types = _FOUND.get(data.type, () if data.type in _OF_INTERFACES else (data.type.removeprefix("data."),))
        fitting = [key for key, node in self._nodes.items() if not types or node.resource.type in types]
        for name, values in criteria(data):
            fitting = self._narrowed(fitting, name, values, data)
        return fitting

    def _narrowed(self, keys: list[str], name: str, values: tuple[Value, ...], data: Resource) -> list[str]:
        """Those of some nodes that one argument or filter asks for, or may: by tags, or by what it names."""
        reading = self._reading
        if name.startswith("tag:"):
            found = {
                key: matches(name, values, self._nodes[key].resource, data, resolve=reading.resolve) for key in keys
            }
            return [key for key, match in found.items() if match is not Match.NO]
        if any(map(could_be_anything, values)):
            return keys
        asked = [self._interfaces.holder(each) for each in reading.configuration.resolve(values)]
        fits = [key for key in keys if any(_is_of(self._nodes[key], resource) for resource in asked)]
        return fits if fits or any(map(_is_place, asked)) else keys


def declared(value: Value, types: Sequence[str], reading: Reading, user: Resource) -> list[Resource]:
    """The resources of some types that a value of ``user`` is about: as `Reading.choices`, or by a written name."""
    if isinstance(value, Unknown):
        return [each.resource for each in reading.choices(value, types, user)]
    return reading.named(value, types) or [
        each
        for each in reading.configuration.of_type(*types)
        if isinstance(each.get("name"), str) and each.get("name") == value
    ]


def _is_place(resource: Resource) -> bool:
    return resource.type in ("aws_vpc", "aws_subnet", "aws_security_group", INTERFACE, *INSTANCES)


def _is_of(node: Node, resource: Resource) -> bool:
    """Whether a node is what a resource makes, or stands in it."""
    key = resource.address
    return (
        node.resource.address == key
        or node.vpc == key
        or any(subnet.key == key for subnet in node.subnets)
        or any(group.key == key for group in node.groups or ())
    )
