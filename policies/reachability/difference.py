"""What a change of a network opens: the exact difference of two matrices, end by end.

Ends are compared by key, and where that is another one by name. The addresses of an end are not what it is: a server
that stands in one subnet more opens nothing by that, as long as nothing that was there is reached from more, or by
more. Of what is outside, such as the internet, the addresses count.

What opens from one network to another is what closes from the other to the one. *Unknown is never absent*: what rested
on an assumption before and is certain now, or rests on another one, may have been closed, and so may open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from policies.library.model import Resource
from policies.reachability import traffic as packets
from policies.reachability.addresses import ALL
from policies.reachability.analysis import Answer, Path, answer
from policies.reachability.explain import assumptions, is_assumed, witness
from policies.reachability.flows import EMPTY, Box, Flows
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.matrix import Matrix, Pairs, matrix
from policies.reachability.network import External, Network, Node
from policies.reachability.placement import addresses_of


@dataclass(frozen=True)
class ConnectionDifference:
    """Connections that one network lets through and another one does not, between two ends on one path."""

    source: str
    """Key of an end in the network that lets them through."""
    target: str
    through: tuple[str, ...]
    """The keys of the load balancers and endpoints that pass them on."""
    flows: Flows
    """As the source sends them. Of ends inside, all addresses, unless it is `partly` about some of them."""
    arrives: Intervals
    """The traffic that the target gets."""
    is_assumed: bool = False
    """Whether they rest on an assumption."""
    is_perhaps: bool = False
    """Whether the other network may let them through too: there they rest on an assumption that does not hold here."""
    is_partly: bool = False
    """Whether the two ends connect on these ports in the other network too, but not from or to all of the addresses, or
    not to all that arrives."""

    @property
    def ends(self) -> tuple[str, str, tuple[str, ...]]:
        """Where the connections are opened, where they end, and through what."""
        return self.source, self.target, self.through


@dataclass(frozen=True, eq=False)
class NetworkView:
    """A network with everything that is possible in it."""

    network: Network

    @cached_property
    def matrix(self) -> Matrix:
        """Who reaches whom."""
        return matrix(self.network)

    @cached_property
    def rows(self) -> Mapping[tuple[str, str], Pairs]:
        """The row of the matrix that each pair is in, in the matrix's order."""
        found = {pair: row for row in self.matrix.rows for pair in row.pairs()}
        return {pair: found[pair] for pair in self.matrix.answers}

    @property
    def ends(self) -> Mapping[str, Node | External]:
        """Everything that opens or accepts connections."""
        return {**self.network.externals, **self.network.nodes}


def same_ends(before: NetworkView, after: NetworkView) -> Mapping[str, str]:
    """The keys in `after` of ends that both networks have, by their keys in `before`.

    An end of another key is the same if it is the only one of its kind and name, or tag Name, that is left.
    """
    same = {key: key for key in before.ends.keys() & after.ends.keys()}
    for name_of in (_by_name, _by_tag):
        theirs = _only_ones(name_of(each) for key, each in before.ends.items() if key not in same)
        mine = _only_ones(name_of(each) for key, each in after.ends.items() if key not in set(same.values()))
        same |= {theirs[name]: mine[name] for name in theirs.keys() & mine.keys()}
    return same


def opened(before: NetworkView, after: NetworkView) -> tuple[ConnectionDifference, ...]:
    """Everything that `after` lets through and `before` does not, in the order of the matrix of `after`."""
    return tuple(_opened(before, after, same_ends(before, after)))


def _opened(before: NetworkView, after: NetworkView, same: Mapping[str, str]) -> Iterator[ConnectionDifference]:
    former = {mine: theirs for theirs, mine in same.items()}
    known: dict[tuple[int, int], tuple[ConnectionDifference, ...]] = {}
    for (source, target), row in after.rows.items():
        pair = former.get(source, ""), former.get(target, "")
        past = before.rows.get(pair)
        key = (id(row), id(past))
        if key not in known:
            was = answer(before.network, *pair) if past is not None else None
            now = answer(after.network, source, target)
            carried = _certain(now, {})
            is_alike = was is not None and carried is not None and carried == _certain(was, same)
            known[key] = () if is_alike else tuple(_between(now, was, same))
        yield from (replace(each, source=source, target=target) for each in known[key])


def _certain(found: Answer, same: Mapping[str, str]) -> list[tuple[tuple[str, ...], Flows, Intervals]] | None:
    """Everything that an answer's paths carry, and through what; None if anything of it may rest on an assumption."""
    if any(path.flows != path.guaranteed for path in found.paths):
        return None
    return [
        (tuple(same.get(each.through, each.through) for each in path.forwards), path.flows, path.arrives)
        for path in found.paths
        if path
    ]


def _between(now: Answer, was: Answer | None, same: Mapping[str, str]) -> Iterator[ConnectionDifference]:
    past = _carried(was, same) if was is not None else {}
    for through, carried in _carried(now, {}).items():
        ends = (now.source.key, now.target.key, through)
        before = past.get(through, _NOTHING_CARRIED)
        more = tuple(_more(ends, carried, before))
        yield from more
        if was is not None and before.flows:
            known = packets.ALL - Intervals.union(each.flows.traffic for each in more)
            common = addresses_of(now.source) & addresses_of(was.source)
            yield from _partly(ends, carried, before, sources=common, known=known)


_Ends: TypeAlias = tuple[str, str, tuple[str, ...]]


def _more(ends: _Ends, now: _Carried, was: _Carried) -> Iterator[ConnectionDifference]:
    """What is carried and was not, whatever the addresses of ends inside are; what is certain first."""
    for is_marked, about in ((False, now.certain), (True, now.assumed)):
        flows = (now.projected - was.projected).with_traffic(about)
        if flows:
            yield ConnectionDifference(*ends, flows, now.arriving(flows), is_assumed=is_marked)
    changed = now.certain if now.reasons <= was.reasons else now.certain | now.assumed
    flows = (now.projected & was.projected).with_traffic(was.assumed & changed)
    if flows:
        is_marked = not flows.traffic & now.certain
        yield ConnectionDifference(*ends, flows, now.arriving(flows), is_assumed=is_marked, is_perhaps=True)


def _partly(
    ends: _Ends, now: _Carried, was: _Carried, *, sources: Intervals, known: Intervals
) -> Iterator[ConnectionDifference]:
    """What more of the addresses carry that ends have in both networks, of traffic that some of them carried before."""
    entrances = addresses_of(now.entrance) & addresses_of(was.entrance)
    common = Flows((Box(sources, entrances, packets.ALL),))
    flows = ((now.flows - was.flows) & common).with_traffic(known)
    arrives = now.arrives - was.arrives if ends[2] else NOTHING
    if arrives and not flows:
        flows = now.projected.with_traffic(known)
    if flows:
        arrives = arrives or now.arriving(flows)
        is_marked = not flows.traffic & now.certain
        yield ConnectionDifference(*ends, flows, arrives, is_assumed=is_marked, is_partly=True)


_NOWHERE = External("", "", NOTHING)


@dataclass(frozen=True)
class _Carried:
    """What the paths between two ends through the same load balancers and endpoints carry."""

    flows: Flows = EMPTY
    projected: Flows = EMPTY
    """The same, with all addresses in the place of those of ends inside."""
    arrives: Intervals = NOTHING
    certain: Intervals = NOTHING
    """The traffic of it that rests on no assumption."""
    assumed: Intervals = NOTHING
    reasons: frozenset[str] = frozenset()
    """What the assumed part rests on."""
    entrance: Node | External = _NOWHERE
    """The load balancer or endpoint that takes it in; without one, the target."""
    is_passed_on: bool = False

    def arriving(self, flows: Flows) -> Intervals:
        """What the target gets of some of it."""
        return self.arrives if self.is_passed_on else flows.traffic


_NOTHING_CARRIED = _Carried()


def _carried(found: Answer, key_after: Mapping[str, str]) -> Mapping[tuple[str, ...], _Carried]:
    """What an answer carries, by what it passes; `key_after` has other keys for these."""
    carried: dict[tuple[str, ...], _Carried] = {}
    for path in filter(None, found.paths):
        through = tuple(key_after.get(each.through, each.through) for each in path.forwards)
        one = _of_path(found, path)
        other = carried.get(through, _NOTHING_CARRIED)
        certain = one.certain | other.certain
        carried[through] = _Carried(
            one.flows | other.flows,
            one.projected | other.projected,
            one.arrives | other.arrives,
            certain=certain,
            assumed=(one.assumed | other.assumed) - certain,
            reasons=one.reasons | other.reasons,
            entrance=one.entrance,
            is_passed_on=one.is_passed_on,
        )
    return carried


def _of_path(found: Answer, path: Path) -> _Carried:
    certain, assumed, reasons = NOTHING, NOTHING, frozenset[str]()
    for part in (path.guaranteed.traffic, path.flows.traffic - path.guaranteed.traffic):
        if part:
            narrowed = found.narrowed(path, part)
            if is_assumed(narrowed):
                assumed |= part
                reasons |= reasons_of(narrowed)
            else:
                certain |= part
    entrance = found.network.nodes[path.forwards[0].through] if path.forwards else found.target
    projected = Flows.of(
        Box(
            box.source if isinstance(found.source, External) else ALL,
            box.destination if isinstance(entrance, External) else ALL,
            box.traffic,
        )
        for box in path.flows
    )
    return _Carried(
        path.flows,
        projected,
        path.arrives,
        certain=certain,
        assumed=assumed,
        reasons=reasons,
        entrance=entrance,
        is_passed_on=bool(path.forwards),
    )


def reasons_of(found: Answer) -> frozenset[str]:
    """What an assumed answer rests on, as texts that are equal where the reasons are."""
    hops = [hop for leg in witness(found) for hop in leg.hops if hop.is_assumed]
    said = (*assumptions(found), *(each for hop in hops for each in hop.assumptions))
    unsaid = {f"{hop.place}: {'; '.join(rule.text for rule in hop.rules)}" for hop in hops if not hop.assumptions}
    return frozenset(unsaid | {f"{each.text} {_address(each.resource)} {each.doubt}" for each in said})


def _address(resource: Resource | None) -> str:
    return resource.address if resource is not None else ""


def _by_name(one: Node | External) -> tuple[str, str, str]:
    kind = one.kind if isinstance(one, Node) else "outside"
    return kind, one.name, one.key


def _by_tag(one: Node | External) -> tuple[str, str, str]:
    if isinstance(one, External):
        return "", "", one.key
    tag = one.resource.get("tags")
    name = tag.get("Name") if isinstance(tag, Mapping) else None
    return one.kind, name if isinstance(name, str) else "", one.key


def _only_ones(several: Iterable[tuple[str, str, str]]) -> Mapping[tuple[str, str], str]:
    """Keys by kind and name, of those that no other one shares."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, name, key in several:
        if name:
            found.setdefault((kind, name), []).append(key)
    return {named: keys[0] for named, keys in found.items() if len(keys) == 1}
