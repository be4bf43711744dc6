"""The names of the claims, found in a configuration: which interfaces and ports they stand for there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from policies.library.model import Block, Configuration, Resource
from policies.library.values import UnknownValue
from policies.reachability.claims.models import ANYTHING, EXTERNALS, OUTSIDE, PRIVATE, PUBLIC, At, Claims, PortAt
from policies.reachability.intervals import Intervals
from policies.reachability.matrix import Matrix, matrix
from policies.reachability.network import Network, Node
from policies.reachability.traffic import EPHEMERAL, tcp


class Missing(Exception):
    """The configuration does not tell a port; the text says which, and where it was expected."""

    def __init__(self, text: str, absent: str = "") -> None:
        super().__init__(text)
        self.absent = absent
        """What is not there, where it would tell the port."""


def is_of_this_toolkit(configuration: Configuration, claims: Claims) -> bool:
    """Whether a configuration has any part that the claims know, so that it must have all of them."""
    places: list[At] = [*claims.parts.values(), *claims.outside.values(), claims.public_subnets]
    return any(place.pattern.matches(each) for place in places for each in configuration.of_type(place.type))


@dataclass(frozen=True, eq=False)
class System:
    """A network with the names of the claims."""

    claims: Claims
    configuration: Configuration
    network: Network

    @cached_property
    def matrix(self) -> Matrix:
        """Everything that is possible in the network."""
        return matrix(self.network)

    @cached_property
    def by_part(self) -> dict[str, tuple[str, ...]]:
        """Keys of nodes and of what is outside, by the names of parts; none where a part is not there."""
        keys = {
            name: tuple(sorted(key for key in self._keys(self.claims.parts[name]) if key in self.network.nodes))
            for name in self.claims.parts
        }
        for name, place in self.claims.outside.items():
            keys[name] = tuple(sorted(key for key in self._keys(place) if key in self.network.externals))
        for name in EXTERNALS:
            keys[name] = (name,) if name in self.network.externals else ()
        return keys

    @cached_property
    def part_of(self) -> dict[str, str]:
        """The part of each node and of what is outside; those that belong to none are not in it."""
        return {key: part for part, keys in self.by_part.items() for key in keys}

    def keys(self, names: Collection[str]) -> frozenset[str]:
        """Everything that some names stand for; what is not there is told by `missing`, once."""
        keys: set[str] = set()
        for name in sorted(self.claims.members(*names)):
            if name in (ANYTHING, OUTSIDE):
                keys |= self.network.externals.keys()
            if name == ANYTHING:
                keys |= self.network.nodes.keys()
            if name == PRIVATE:
                keys |= {node.key for node in self.network.nodes.values() if self._is_private(node)}
            if name == PUBLIC:
                keys |= {node.key for node in self.network.nodes.values() if self._is_public(node)}
            keys |= set(self.by_part.get(name, ()))
        return frozenset(keys)

    def missing(self) -> Iterator[tuple[str, str]]:
        """The name of each part that is not there, and what is wrong with it."""
        for name, place in sorted({**self.claims.parts, **self.claims.outside}.items()):
            is_declared = next(self._resources(place), None) is not None
            if not self.by_part[name] and (is_declared or not place.optional):
                yield name, f"there is no {name}: nothing in a network is made by a {place.type} at {place.path}"

    def misplaced(self) -> Iterator[tuple[Node, str]]:
        """Nodes with an interface where their part must not be, and where it must be."""
        for name, place in sorted(self.claims.parts.items()):
            for key in self.by_part[name] if place.subnets else ():
                node = self.network.nodes[key]
                if self._is_public(node) if place.subnets == PRIVATE else self._is_private(node):
                    yield node, str(place.subnets)

    def unknown(self) -> Iterator[str]:
        """The keys of nodes, and of what is outside, that no name of the claims stands for."""
        return (key for key in sorted((*self.network.nodes, *self.network.externals)) if key not in self.part_of)

    def ports(self, names: Collection[str]) -> Intervals:
        """The ports that some names stand for; none for one that may be missing, and is. Raises Missing."""
        return Intervals.union(tcp(self._number(name)) for name in names if not self._is_absent(name))

    def client_ports(self, key: str) -> tuple[int, int]:
        """The ports from which a node, or what is outside, opens connections: first and last."""
        for name, ports in self.claims.client_ports.items():
            if any(key in self.by_part.get(part, ()) for part in self.claims.members(name)):
                return ports
        return EPHEMERAL

    def _keys(self, place: At) -> Iterator[str]:
        return (each.address for each in self._resources(place))

    def _resources(self, place: At) -> Iterator[Resource]:
        return (each for each in self.configuration.of_type(place.type) if place.pattern.matches(each))

    def _is_private(self, node: Node) -> bool:
        return any(subnet.key not in self._public_subnets for subnet in node.subnets)

    def _is_public(self, node: Node) -> bool:
        return any(subnet.key in self._public_subnets for subnet in node.subnets)

    @cached_property
    def _public_subnets(self) -> frozenset[str]:
        return frozenset(self._keys(self.claims.public_subnets))

    def _is_absent(self, name: str) -> bool:
        value = self.claims.ports[name]
        return isinstance(value, PortAt) and value.optional and next(self._resources(value), None) is None

    def _number(self, name: str) -> int:
        value = self.claims.ports[name]
        if not isinstance(value, PortAt):
            return value
        resource = next(self._resources(value), None)
        if resource is None:
            text = f"there is no {value.type} at {value.path}, which tells the port {name}"
            raise Missing(text, absent=f"the port {name}")
        text = _text(resource, value.attribute)
        word = value.words.get(text, text)
        if isinstance(word, str) and word in self.claims.ports:
            return self._number(word)
        try:
            return int(word)
        except ValueError:
            raise Missing(f"{resource.address}: {value.attribute} is {text!r}, which tells no port {name}") from None


def _text(block: Block, attribute: str) -> str:
    """An attribute as text. Raises Missing if it is unknown or not there."""
    *blocks, last = attribute.split(".")
    place = block.place
    try:
        for name in blocks:
            inner = block.block(name)
            if inner is None:
                raise Missing(f"{place}: has no block {name}")
            block = inner
        return block.text(last)
    except UnknownValue as unknown:
        raise Missing(f"{place}: {attribute} is unknown until applied: {unknown}") from None
