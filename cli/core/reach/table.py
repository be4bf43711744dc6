"""The matrix: who can open connections to whom, with what is alike in one row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from policies.reachability import traffic
from policies.reachability.explain import is_assumed
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.matrix import Group, Matrix, Pairs
from policies.reachability.network import Network
from policies.reachability.placement import end

FEWEST = 3
"""From this many on, names with one prefix are joined, if all names with that prefix are meant."""

MOST = 10
"""The most names that a row shows; the JSON has all of them."""


@dataclass(frozen=True)
class PathSummary:
    """What one path carries, whatever its ends are."""

    through: tuple[str, ...]
    traffic: Intervals
    is_assumed: bool = False
    """Whether it rests on assumptions that any of it passes."""


@dataclass(frozen=True)
class TableRow:
    """Ends that the same path leads from and to."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    path: PathSummary


def path_summaries(network: Network, row: Pairs, allowed: Intervals = traffic.ALL) -> list[PathSummary]:
    """The paths of a row by names, as far as they carry some traffic: what rests on assumptions apart from the rest.

    Several rules that lead the same way are one.
    """
    joined: dict[tuple[tuple[str, ...], bool], Intervals] = {}
    for path in row.answer.paths:
        through = tuple(network.nodes[each.through].name for each in path.forwards)
        carried, guaranteed = path.flows.traffic & allowed, path.guaranteed.traffic & allowed
        for part in (guaranteed, carried - guaranteed):
            if part:
                key = (through, is_assumed(row.answer.narrowed(path, part)))
                joined[key] = joined.get(key, NOTHING) | part
    return [PathSummary(through, part, is_marked) for (through, is_marked), part in joined.items()]


def rows(network: Network, matrix: Matrix, allowed: Intervals = traffic.ALL) -> list[TableRow]:
    """The paths in as few rows as joining targets, then sources, gives, in the order of the sources."""
    from_rank, to_rank = ({key: rank for rank, key in enumerate(keys)} for keys in (matrix.sources, matrix.targets))
    alone = {row.sources[0] for row in matrix.rows if len(row.sources) == 1}
    by_source: dict[tuple[tuple[Group, ...], PathSummary], dict[Group, int]] = {}
    for row in matrix.rows:
        together = tuple(group for group in row.sources if group not in alone)
        parts = [part for part in (together, *((group,) for group in row.sources if group in alone)) if part]
        for position, path in enumerate(path_summaries(network, row, allowed)):
            for part in parts:
                by_source.setdefault((part, path), {}).update(dict.fromkeys(row.targets, position))
    by_targets: dict[tuple[frozenset[Group], PathSummary], list[Group]] = {}
    first: dict[tuple[frozenset[Group], PathSummary], tuple[int, int, int]] = {}
    for (sources, path), targets in by_source.items():
        key = (frozenset(targets), path)
        by_targets.setdefault(key, []).extend(sources)
        begins = (
            min(from_rank[group.keys[0]] for group in sources),
            *min((to_rank[group.keys[0]], position) for group, position in targets.items()),
        )
        first[key] = min(first.get(key, begins), begins)
    return [
        TableRow(
            tuple(end(network, each).name for each in sorted(_keys(sources), key=from_rank.__getitem__)),
            tuple(sorted(end(network, each).name for each in _keys(targets))),
            path,
        )
        for (targets, path), sources in sorted(by_targets.items(), key=lambda item: first[item[0]])
    ]


def _keys(groups: Iterable[Group]) -> Iterator[str]:
    return (key for group in groups for key in group.keys)


def joined(chosen: Sequence[str], every: Iterable[str]) -> str:
    """Names in one text: `endpoint_*` for all that begin so, if they are several; of very many the first."""
    families: dict[str, set[str]] = {}
    for name in every:
        families.setdefault(_beginning(name), set()).add(name)
    meant = set(chosen)
    words: dict[str, None] = {}
    for name in chosen:
        family = families.get(_beginning(name), set())
        words[_all_of(_beginning(name)) if len(family) >= FEWEST and family <= meant else name] = None
    return ", ".join([*list(words)[:MOST], *([f"and {len(words) - MOST} more"] if len(words) > MOST else [])])


def _beginning(name: str) -> str:
    """What a family of names has in common: `web[` of the instances of a resource, else all up to the first `_`."""
    before, bracket, _ = name.partition("[")
    beginning, underscore, _ = before.partition("_")
    return f"{before}[" if bracket else f"{beginning}{underscore}"


def _all_of(beginning: str) -> str:
    return f"{beginning}*]" if beginning.endswith("[") else f"{beginning}*"


def document(network: Network, matrix: Matrix, allowed: Intervals = traffic.ALL) -> Iterator[str]:
    """The JSON of every path, with what was assumed, piece by piece: of 1,000 servers there may be a million paths."""
    whole = {
        "nodes": [
            {"name": node.name, "kind": node.kind, "address": node.resource.address} for node in network.nodes.values()
        ],
        "outside": [each.name for each in network.externals.values()],
        "paths": [],
        "assumptions": assumed(network),
    }
    before, after = json.dumps(whole, indent=2, ensure_ascii=False).split('"paths": []')
    separator = f'{before}"paths": [\n'
    for piece in _paths(network, matrix, allowed):
        yield f"{separator}{piece}"
        separator = ",\n"
    yield f"\n  ]{after}\n" if separator == ",\n" else f'{before}"paths": []{after}\n'


def _paths(network: Network, matrix: Matrix, allowed: Intervals) -> Iterator[str]:
    """The paths from each source, in the order of sources, targets and paths."""
    rows_of: dict[str, list[int]] = {}
    for number, row in enumerate(matrix.rows):
        for key in _keys(row.sources):
            rows_of.setdefault(key, []).append(number)
    bodies = [[_body(path) for path in path_summaries(network, row, allowed)] for row in matrix.rows]
    to_rank = {key: rank for rank, key in enumerate(matrix.targets)}
    names = {key: json.dumps(end(network, key).name, ensure_ascii=False) for key in {*matrix.sources, *matrix.targets}}
    last: tuple[list[int], list[tuple[str, str]]] = ([], [])
    for source in matrix.sources:
        numbers = rows_of.get(source, [])
        if numbers != last[0]:
            targets = [(to_rank[key], key, number) for number in numbers for key in _keys(matrix.rows[number].targets)]
            last = (numbers, [(names[key], body) for _, key, number in sorted(targets) for body in bodies[number]])
        if last[1]:
            head = f'    {{\n      "from": {names[source]},\n      "to": '
            yield ",\n".join(f"{head}{name}{body}" for name, body in last[1])


def _body(path: PathSummary) -> str:
    """All of a path's JSON that comes after the name of its target."""
    about = {"through": list(path.through), "traffic": traffic.describe(path.traffic), "assumed": path.is_assumed}
    lines = json.dumps({"paths": [about]}, indent=2, ensure_ascii=False).splitlines()[3:-2]
    return "\n".join([",", *lines])


def assumed(network: Network) -> list[str]:
    """What the Terraform does not determine, and what was taken in its place."""
    return [
        f"{each.text} ({each.resource.address})" if each.resource is not None else each.text
        for each in network.assumptions
    ]
