"""Everything that can open a connection to everything.

Nodes that the network cannot tell apart are asked about once: what is worked out grows with their classes, not with
their number.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from policies.reachability.addresses import SERVICES
from policies.reachability.analysis import Answer, answer
from policies.reachability.classes import Classes, Role
from policies.reachability.network import Network, Node
from policies.reachability.placement import end

_OPEN_NOTHING = ("endpoint", "nat gateway")

_Pattern = tuple[tuple[int, int], ...]
"""Which subnets two nodes share: the position of each in the one and in the other."""


@dataclass(frozen=True, eq=False)
class Group:
    """Ends that are alike: one outside, or nodes of one class that stand in the same subnets."""

    keys: tuple[str, ...]
    """In order."""
    subnets: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Pairs:
    """Ends of which each source reaches each target alike; also itself, as several interfaces of one node."""

    sources: tuple[Group, ...]
    targets: tuple[Group, ...]
    answer: Answer
    """The answer for one of the pairs. Of all others, the paths carry the same traffic through the same nodes."""

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The keys of source and target of every pair."""
        for source in self.sources:
            for key in source.keys:
                yield from ((key, each) for target in self.targets for each in target.keys)


@dataclass(frozen=True, eq=False)
class Matrix:
    """Who reaches whom, by key."""

    sources: tuple[str, ...]
    """What opens connections: those outside first, then nodes; NAT gateways only send on what others open."""
    targets: tuple[str, ...]
    """What accepts them."""
    rows: tuple[Pairs, ...]
    """Only where something reaches; every pair is in one of them at most."""

    @cached_property
    def answers(self) -> Mapping[tuple[str, str], Answer]:
        """By source and target in order, where something reaches: the answer for it, or for another pair of its row."""
        found = {pair: row.answer for row in self.rows for pair in row.pairs()}
        ranks = [{key: rank for rank, key in enumerate(keys)} for keys in (self.sources, self.targets)]
        return {pair: found[pair] for pair in sorted(found, key=lambda pair: (ranks[0][pair[0]], ranks[1][pair[1]]))}


def matrix(network: Network, sources: Collection[str] | None = None, targets: Collection[str] | None = None) -> Matrix:
    """What reaches what, of some sources and targets or of all; a node's path to itself is one to its equals."""
    nodes = [network.nodes[key] for key in sorted(network.nodes)]
    outside = sorted(network.externals)
    opening = [key for key in outside if key not in SERVICES]
    opening += [node.key for node in nodes if node.kind not in _OPEN_NOTHING]
    accepting = [*outside, *(node.key for node in nodes if node.kind != "nat gateway")]
    asked = [key for key in opening if sources is None or key in sources]
    about = [key for key in accepting if targets is None or key in targets]
    return Matrix(tuple(asked), tuple(about), tuple(_rows(network, asked, about)))


def _rows(network: Network, sources: Sequence[str], targets: Sequence[str]) -> Iterator[Pairs]:
    classes = Classes(network)
    accepting = _grouped(network, classes, targets, "target")
    for source in _grouped(network, classes, sources, "source"):
        for target in accepting:
            if source[0].keys[0] in network.nodes or target[0].keys[0] in network.nodes:
                yield from _joined(network, source, target)


def _grouped(network: Network, classes: Classes, keys: Sequence[str], role: Role) -> list[tuple[Group, ...]]:
    """Some ends by class, and each class by subnets."""
    found: dict[Hashable, dict[tuple[str, ...], list[str]]] = {}
    for key in keys:
        one = end(network, key)
        where = tuple(subnet.key for subnet in one.subnets) if isinstance(one, Node) else ()
        found.setdefault(classes.of(one, role) if isinstance(one, Node) else key, {}).setdefault(where, []).append(key)
    return [tuple(Group(tuple(alike), where) for where, alike in groups.items()) for groups in found.values()]


def _joined(network: Network, sources: tuple[Group, ...], targets: tuple[Group, ...]) -> Iterator[Pairs]:
    """The rows between two classes: one, where it makes no difference which subnets two nodes share."""
    answers: dict[_Pattern, Answer] = {}
    met: dict[_Pattern, dict[Group, list[Group]]] = {}
    for source, pattern, others in _meetings(sources, targets):
        if pattern not in answers:
            answers[pattern] = answer(network, source.keys[0], others[0].keys[0])
        met.setdefault(pattern, {}).setdefault(source, []).extend(others)
    if len({_carried(each) for each in answers.values()}) == 1:
        found = next(iter(answers.values()))
        if found:
            yield Pairs(sources, targets, found)
        return
    for pattern, found in answers.items():
        if found:
            for source, others in met[pattern].items():
                yield Pairs((source,), tuple(others), found)


def _meetings(sources: tuple[Group, ...], targets: tuple[Group, ...]) -> Iterator[tuple[Group, _Pattern, list[Group]]]:
    """Each source with the targets with which it shares subnets in the same way, and last with those it shares none."""
    by_subnet: dict[str, list[Group]] = {}
    for target in targets:
        for key in target.subnets:
            by_subnet.setdefault(key, []).append(target)
    for source in sources:
        near = list(dict.fromkeys(target for key in source.subnets for target in by_subnet.get(key, ())))
        for target in near:
            yield source, _pattern(source, target), [target]
        if len(near) < len(targets):
            yield source, (), [target for target in targets if target not in near]


def _pattern(one: Group, other: Group) -> _Pattern:
    return tuple(
        (mine, theirs)
        for mine, subnet in enumerate(one.subnets)
        for theirs, another in enumerate(other.subnets)
        if subnet == another
    )


def _carried(found: Answer) -> Hashable:
    """What the paths of an answer carry, and through what."""
    return tuple(
        (tuple(each.through for each in path.forwards), path.flows.traffic, path.arrives)
        for path in found.paths
        if path
    )
