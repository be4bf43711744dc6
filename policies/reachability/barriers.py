"""What stops less than before, though nothing more gets through: the defence in depth that a change takes away.

A connection passes routes, network ACLs, security groups and gateways, and each stops on its own what it does not let
through. Where one of them lets more through than before and another one still stops all of it, nothing opens; this says
what became looser, between which ends, and what stops it now.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policies.reachability.classes import Classes
from policies.reachability.connections import ConnectionPath, connections_of
from policies.reachability.difference import NetworkView, same_ends
from policies.reachability.factors.factor import Factor
from policies.reachability.factors.gateways import End
from policies.reachability.flows import EMPTY, Box, Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import Node
from policies.reachability.placement import addresses_of
from policies.reachability.traffic import ALL

_Barrier = tuple[str, str]
"""What a mechanism is, and where on the path."""


@dataclass(frozen=True)
class BarrierDifference:
    """Something that lets more through between two ends than before, all of which is stopped elsewhere."""

    place: str
    """What became looser, in words: `network ACL private, outbound`."""
    source: str
    """Key of an end in the network after the change."""
    target: str
    traffic: Intervals
    """What it lets through now, and did not."""
    stopped_by: tuple[str, ...]
    """What stops all of it on its own; empty where only several together do."""


def loosened(before: NetworkView, after: NetworkView) -> tuple[BarrierDifference, ...]:
    """Everything that stops less in `after` than in `before`, where nothing gets through by it."""
    former = {mine: theirs for theirs, mine in same_ends(before, after).items()}
    classes = [Classes(each.network) for each in (before, after)]
    known: dict[Hashable, tuple[BarrierDifference, ...]] = {}
    found: list[BarrierDifference] = []
    for source in after.matrix.sources:
        for target in after.matrix.targets:
            pair = (former.get(source), former.get(target))
            if source == target or pair[0] is None or pair[1] is None:
                continue
            ends = (before.ends[pair[0]], after.ends[source], before.ends[pair[1]], after.ends[target])
            key = (_class(classes, ends[:2], "source"), _class(classes, ends[2:], "target"))
            if key not in known:
                known[key] = tuple(_loosened(before, after, (ends[0], ends[2]), (ends[1], ends[3])))
            found += (
                BarrierDifference(each.place, source, target, each.traffic, each.stopped_by) for each in known[key]
            )
    return tuple(found)


def _class(classes: Sequence[Classes], ends: Sequence[End], role: str) -> Hashable:
    """What both networks know of an end."""
    return tuple(
        made.of(each, "source" if role == "source" else "target") if isinstance(each, Node) else each.key
        for made, each in zip(classes, ends, strict=True)
    )


def _loosened(
    before: NetworkView, after: NetworkView, past: tuple[End, End], now: tuple[End, End]
) -> Iterator[BarrierDifference]:
    if not isinstance(now[0], Node) and not isinstance(now[1], Node):
        return
    was, are = (connections_of(view.network).between(*ends) for view, ends in ((before, past), (after, now)))
    if _written(was) == _written(are):
        return
    passing = Flows.union(path.flows for path in are)
    inside = Intervals.union(each.addresses for view in (before, after) for each in view.network.vpcs.values())
    common = Flows((Box(_both(past[0], now[0], inside), _both(past[1], now[1], inside), ALL),))
    allowed_before, allowed = _allowed(was), _allowed(are)
    for barrier, (factor, flows) in allowed.items():
        if barrier not in allowed_before:
            continue
        more = (flows - allowed_before[barrier][1] - passing) & common
        if more:
            stops = tuple(
                other.place for kind, (other, through) in allowed.items() if kind != barrier and not through & more
            )
            yield BarrierDifference(factor.place, now[0].key, now[1].key, more.traffic, tuple(dict.fromkeys(stops)))


def _written(paths: Sequence[ConnectionPath]) -> list[tuple[Flows, list[tuple[_Barrier, Flows]]]]:
    """What the mechanisms on each path let through."""
    return [(path.ends, [(_kind(each), each.allowed) for each in path.own_factors]) for path in paths]


def _both(past: End, now: End, inside: Intervals) -> Intervals:
    """The addresses that an end has on both sides; what is outside has none of a VPC."""
    both = addresses_of(past) & addresses_of(now)
    return both if isinstance(now, Node) else both - inside


def _allowed(paths: Sequence[ConnectionPath]) -> Mapping[_Barrier, tuple[Factor, Flows]]:
    """What each mechanism lets through between two ends, over all paths."""
    found: dict[_Barrier, tuple[Factor, Flows]] = {}
    for path in paths:
        own: dict[_Barrier, tuple[Factor, Flows]] = {}
        for factor in path.own_factors:
            kind = _kind(factor)
            flows = factor.allowed & path.ends
            own[kind] = (factor, flows & own[kind][1] if kind in own else flows)
        for kind, (factor, flows) in own.items():
            found[kind] = (factor, flows | found.get(kind, (factor, EMPTY))[1])
    return found


def _kind(factor: Factor) -> _Barrier:
    """A mechanism without its name, so that a group that is called otherwise is still the same one."""
    side = factor.place.rpartition(", ")[2] if ", " in factor.place else ""
    if factor.parts:
        return f"{type(factor.parts[0]).__name__} {side}", factor.direction
    return factor.place.partition(" (")[0] if side == "" else side, factor.direction
