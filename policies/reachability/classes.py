"""Nodes that the network cannot tell apart: what holds for one of a class holds for all.

What a node reaches depends on what stands around it, and on which addresses it has of those that rules, routes and
entries tell apart. It depends neither on its name nor on which of several subnets that are alike it stands in. For two
nodes it also matters which subnets they share. What a node lets in makes no difference to what it reaches, nor what it
lets out to what reaches it, as groups are stateful: a node has a class as a source and one as a target.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Literal, TypeAlias

from policies.library.model import Resource
from policies.reachability import addresses
from policies.reachability.intervals import Intervals
from policies.reachability.network import (
    Acl,
    Assumption,
    Forward,
    Network,
    Node,
    Permission,
    RouteTable,
    Rule,
    SecurityGroup,
    Subnet,
)

Role: TypeAlias = Literal["source", "target"]

_OF_THE_OTHER: Mapping[Role, tuple[str, ...]] = {"source": ("ingress", "listens"), "target": ("egress",)}
"""The fields of groups and nodes that decide only in the other role."""

_KEYED = (Node, Subnet, SecurityGroup, Acl, RouteTable)
"""Parts whose key tells them from others only where something else in the network names it."""


class Classes:
    """The classes of a network's nodes."""

    def __init__(self, network: Network) -> None:
        self._named, sets = _named_and_sets(network)
        groups = {id(group): group for node in network.nodes.values() for group in node.groups or ()}.values()
        self._named_groups: Mapping[Role, frozenset[str]] = {
            "source": frozenset(key for group in groups for rule in group.ingress for key in rule.groups),
            "target": frozenset(key for group in groups for rule in group.egress for key in rule.groups),
        }
        """The groups that rules name: of sources those that let in, of targets those that let out."""
        self._atoms = _Atoms(sets | _overlapping(network.nodes.values()))
        self._standing: dict[str, set[str]] = {}
        """The nodes in a subnet that others are reached through: who shares it with them matters too."""
        for node in network.nodes.values():
            for subnet in node.subnets if node.key in self._named else ():
                self._standing.setdefault(subnet.key, set()).add(node.key)
        self._forwards: dict[str, list[Hashable]] = {}
        self._numbers: dict[Hashable, int] = {}
        self._of_part: dict[tuple[int, Role | None], int] = {}
        for forward in network.forwards:
            about = tuple(self._signature(getattr(forward, name)) for name in _names(forward) if name != "target")
            self._forwards.setdefault(forward.target, []).append(about)

    def of(self, node: Node, role: Role) -> int:
        """The number of a node's class."""
        apart = ("key", "subnets", "addresses", "groups", *_OF_THE_OTHER[role])
        return self._number(
            (
                role,
                self._key(node.key),
                tuple((self._signature(each), self._atoms.of(node.addresses_in(each))) for each in node.subnets),
                None if node.groups is None else tuple(self._group(each, role) for each in node.groups),
                tuple(self._forwards.get(node.key, ())) if role == "target" else (),
                *(self._signature(getattr(node, name)) for name in _names(node) if name not in apart),
            )
        )

    def _group(self, group: SecurityGroup, role: Role) -> int:
        if (id(group), role) not in self._of_part:
            rest = (name for name in _names(group) if name not in ("key", *_OF_THE_OTHER[role]))
            key = group.key if group.key in self._named_groups[role] else self._key(group.key)
            signature = (SecurityGroup, key, *(self._signature(getattr(group, name)) for name in rest))
            self._of_part[id(group), role] = self._number(signature)
        return self._of_part[id(group), role]

    def _signature(self, part: object) -> Hashable:
        """What decides of a part, equal for parts that decide the same."""
        if isinstance(part, tuple):
            return tuple(map(self._signature, part))
        if isinstance(part, Mapping):
            return tuple((key, self._signature(value)) for key, value in part.items())
        if isinstance(part, Rule):
            return part.assumption is not None
        if isinstance(part, Assumption):
            return True
        if isinstance(part, Intervals) or not is_dataclass(part):
            return part
        if (id(part), None) not in self._of_part:
            self._of_part[id(part), None] = self._number((type(part), *self._fields(part)))
        return self._of_part[id(part), None]

    def _fields(self, part: object) -> Iterator[Hashable]:
        for name in _names(part):
            value = getattr(part, name)
            if name == "key" and isinstance(part, _KEYED):
                yield self._key(value)
                if isinstance(part, Subnet):
                    yield frozenset(self._standing.get(value, ()))
            elif name == "addresses" and isinstance(part, Subnet):
                yield self._atoms.of(value)
            else:
                yield self._signature(value)

    def _key(self, key: str) -> str | None:
        return key if key in self._named else None

    def _number(self, signature: Hashable) -> int:
        return self._numbers.setdefault(signature, len(self._numbers))


class _Atoms:
    """The addresses in pieces that none of some sets cuts, with one number for all pieces of the same sets."""

    def __init__(self, sets: Iterable[Intervals]) -> None:
        begin: dict[int, list[int]] = {0: []}
        end: dict[int, list[int]] = {}
        for number, each in enumerate(sets):
            for first, last in each.spans:
                begin.setdefault(first, []).append(number)
                end.setdefault(last + 1, []).append(number)
        self._edges = sorted({*begin, *end})
        self._labels: list[int] = []
        self._known: dict[Intervals, frozenset[int]] = {}
        numbers: dict[frozenset[int], int] = {}
        inside: set[int] = set()
        for edge in self._edges:
            inside.difference_update(end.get(edge, ()))
            inside.update(begin.get(edge, ()))
            self._labels.append(numbers.setdefault(frozenset(inside), len(numbers)))

    def of(self, numbers: Intervals) -> frozenset[int]:
        """The pieces that a set has some of."""
        if numbers not in self._known:
            self._known[numbers] = frozenset(
                label
                for first, last in numbers.spans
                for label in self._labels[bisect_right(self._edges, first) - 1 : bisect_right(self._edges, last)]
            )
        return self._known[numbers]


def _named_and_sets(network: Network) -> tuple[set[str], set[Intervals]]:
    """The keys that parts of a network name, besides their own, and the sets of addresses but those of interfaces."""
    named: set[str] = set()
    sets = {addresses.ALL_V4, addresses.ALL_V6, addresses.V4_FAMILY, addresses.INTERNET}
    seen: set[int] = set()
    waiting: list[object] = [
        getattr(network, each.name) for each in fields(network) if each.init and each.name != "nodes"
    ]
    waiting += network.nodes.values()
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            named.add(part)
        elif isinstance(part, Intervals):
            sets.add(part)
        elif isinstance(part, Mapping):
            waiting += part.keys()
            waiting += part.values()
        elif isinstance(part, tuple | frozenset):
            waiting += part
        elif is_dataclass(part) and not isinstance(part, Resource | Rule | Assumption) and id(part) not in seen:
            seen.add(id(part))
            waiting += (getattr(part, name) for name in _names(part) if not _is_own(part, name))
    return named, sets


def _is_own(part: object, name: str) -> bool:
    """Whether a field says which part it is, or where an interface stands, and not what it does to others."""
    return (
        (name == "key" and isinstance(part, _KEYED))
        or (name == "addresses" and isinstance(part, Node | Subnet))
        or (name == "target" and isinstance(part, Forward))
        or (name == "groups" and isinstance(part, Permission))
    )


def _overlapping(nodes: Iterable[Node]) -> set[Intervals]:
    """The addresses of subnets that have some in common: there it matters which of them an interface stands in."""
    found = {(subnet.key, subnet.addresses) for node in nodes for subnet in node.subnets}
    spans = ((*span, each) for _, each in found for span in each.spans)
    overlapping: set[Intervals] = set()
    widest: tuple[int, Intervals] | None = None
    for first, last, each in sorted(spans, key=lambda span: span[:2]):
        if widest is not None and first <= widest[0]:
            overlapping |= {each, widest[1]}
        if widest is None or last > widest[0]:
            widest = (last, each)
    return overlapping


def _names(part: Any) -> tuple[str, ...]:
    """The names of a part's fields that decide something: not those for explanations."""
    return tuple(each.name for each in fields(part) if each.name not in ("name", "resource"))
