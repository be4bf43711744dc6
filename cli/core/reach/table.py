"""The matrix: who can open connections to whom, with what is alike in one row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.reachability import traffic
from policies.reachability.analysis import end
from policies.reachability.intervals import Intervals
from policies.reachability.matrix import Matrix
from policies.reachability.network import Network

FEWEST = 3
"""From this many on, names with one prefix are joined, if all names with that prefix are meant."""


@dataclass(frozen=True)
class PathSummary:
    """What one end can open to another over one path."""

    source: str
    target: str
    through: tuple[str, ...]
    traffic: Intervals


@dataclass(frozen=True)
class Row:
    """Paths that differ in their ends only."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    through: tuple[str, ...]
    traffic: Intervals


def path_summaries(network: Network, matrix: Matrix) -> list[PathSummary]:
    """Every path, by names; several listeners or rules that lead the same path are one."""
    joined: dict[tuple[str, str, tuple[str, ...]], Intervals] = {}
    for (source, target), answer in matrix.answers.items():
        for path in answer.paths:
            if path:
                through = tuple(network.nodes[each.through].name for each in path.forwards)
                key = (end(network, source).name, end(network, target).name, through)
                joined[key] = joined.get(key, Intervals()) | path.flows.traffic
    return [PathSummary(*key, allowed) for key, allowed in joined.items()]


def rows(summaries: Sequence[PathSummary]) -> list[Row]:
    """The paths in as few rows as joining targets, then sources, gives."""
    by_source: dict[tuple[str, tuple[str, ...], Intervals], list[str]] = {}
    for path in summaries:
        by_source.setdefault((path.source, path.through, path.traffic), []).append(path.target)
    by_targets: dict[tuple[tuple[str, ...], tuple[str, ...], Intervals], list[str]] = {}
    for (source, through, allowed), targets in by_source.items():
        by_targets.setdefault((tuple(sorted(targets)), through, allowed), []).append(source)
    return [
        Row(tuple(sources), targets, through, allowed) for (targets, through, allowed), sources in by_targets.items()
    ]


def joined(chosen: Sequence[str], every: Iterable[str]) -> str:
    """Names in one text: `endpoint_*` for all that begin so, if they are several."""
    families: dict[str, set[str]] = {}
    for name in every:
        families.setdefault(_beginning(name), set()).add(name)
    words: list[str] = []
    for name in chosen:
        family = families.get(_beginning(name), set())
        word = f"{_beginning(name)}_*" if len(family) >= FEWEST and family <= set(chosen) else name
        if word not in words:
            words.append(word)
    return ", ".join(words)


def _beginning(name: str) -> str:
    return name.partition("_")[0]


def data(network: Network, summaries: Sequence[PathSummary]) -> Mapping[str, Any]:
    """Every path for programs, with what was assumed."""
    return {
        "nodes": [
            {"name": node.name, "kind": node.kind, "address": node.resource.address} for node in network.nodes.values()
        ],
        "outside": [each.name for each in network.externals.values()],
        "paths": [
            {
                "from": path.source,
                "to": path.target,
                "through": list(path.through),
                "traffic": traffic.describe(path.traffic),
            }
            for path in summaries
        ],
        "assumptions": assumed(network),
    }


def assumed(network: Network) -> list[str]:
    """What the Terraform does not determine, and what was taken in its place."""
    return [
        f"{each.text} ({each.resource.address})" if each.resource is not None else each.text
        for each in network.assumptions
    ]
