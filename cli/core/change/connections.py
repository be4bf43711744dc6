"""The connections that a change opens or closes, in words: what is alike in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from cli.core.change.model import Certainty, Effect, Loosened
from cli.core.reach.table import joined
from policies.library.terraform.addresses import without_indexes
from policies.reachability import addresses, text, traffic
from policies.reachability.analysis import Answer, answer
from policies.reachability.barriers import BarrierDifference
from policies.reachability.difference import ConnectionDifference, NetworkView, reasons_of
from policies.reachability.explain import assumptions, witness
from policies.reachability.flows import Box, Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import External

_EXCEPTED = 4
"""The most ranges of ports that are told as left out of everything."""


@dataclass(frozen=True)
class Ends:
    """What is known of the ends of a network."""

    known: Set[str]
    """The keys of those that the other network has too."""
    uncounted: Set[str]
    """The addresses, without indexes, of those of which nobody knows how many there are, here or there."""


def connections(view: NetworkView, found: Iterable[ConnectionDifference], ends: Ends) -> Iterator[Effect]:
    """A line for each kind of connections; `view` is of the network that lets them through, with its `ends`."""
    by_targets: dict[tuple[str, str, Certainty], list[ConnectionDifference]] = {}
    for each in found:
        by_targets.setdefault((each.source, _manner(view, each), _certainty(each, ends)), []).append(each)
    by_sources: dict[tuple[tuple[str, ...], str, Certainty], list[ConnectionDifference]] = {}
    for (_, manner, certainty), several in by_targets.items():
        targets = tuple(each.target for each in several)
        by_sources.setdefault((targets, manner, certainty), []).extend(several)
    for (targets, manner, certainty), several in by_sources.items():
        sources = dict.fromkeys(each.source for each in several)
        yield Effect(
            text=f"{names(view, sources)} -> {names(view, targets)} {manner}",
            kind="connection",
            identity=tuple(sorted(_identity(view, each) for each in several)),
            certainty=certainty,
            witness=tuple(_witness(view, several[0])),
            is_new=not ends.known >= {key for each in several for key in (each.source, each.target)},
        )


def barriers(view: NetworkView, found: Iterable[BarrierDifference]) -> Iterator[Loosened]:
    """A line for each barrier that became looser, and what still stops what it lets through."""
    groups: dict[tuple[str, tuple[str, ...]], list[BarrierDifference]] = {}
    for each in found:
        groups.setdefault((each.place, each.stopped_by), []).append(each)
    for (place, stopped_by), several in groups.items():
        about = _traffic(Intervals.union(each.traffic for each in several))
        sources = names(view, dict.fromkeys(each.source for each in several))
        targets = names(view, dict.fromkeys(each.target for each in several))
        yield Loosened(place, f"{place}: {about} {sources} -> {targets}", stopped_by)


def names(view: NetworkView, keys: Iterable[str]) -> str:
    """Ends by name, as the table of `infra reach` joins them; the internet first."""
    every = [each.name for each in view.network.nodes.values()]
    outside = [view.ends[key].name for key in keys if isinstance(view.ends[key], External)]
    inside = [view.ends[key].name for key in keys if not isinstance(view.ends[key], External)]
    return joined([*outside, *inside], every)


def _certainty(found: ConnectionDifference, ends: Ends) -> Certainty:
    if found.is_perhaps or not ends.uncounted.isdisjoint(map(without_indexes, (found.source, found.target))):
        return Certainty.PERHAPS
    return Certainty.ASSUMED if found.is_assumed else Certainty.CERTAIN


def _manner(view: NetworkView, found: ConnectionDifference) -> str:
    """Everything of a connection but its ends."""
    words = [_traffic(found.flows.traffic)]
    words += [f"through {view.network.nodes[each].name}" for each in found.through]
    if found.through and found.is_partly:
        words.append(f"as {traffic.describe(found.arrives)}")
    elif found.is_partly:
        words.append("from or to more of their addresses")
    for key, own, way in (
        (found.source, found.flows.sources, "from"),
        (found.target, found.flows.destinations, "to"),
    ):
        end = view.ends[key]
        if isinstance(end, External) and not (found.through and way == "to"):
            outside = end.addresses - Intervals.union(each.addresses for each in view.network.vpcs.values())
            words += _addresses(own & outside, outside, way)
    return " ".join(words)


def _traffic(about: Intervals) -> str:
    """In words; of nearly everything what is left out."""
    rest = traffic.ALL - about
    is_nearly_all = rest and about.size > rest.size and len(rest.spans) <= _EXCEPTED
    return f"everything but {traffic.describe(rest)}" if is_nearly_all else traffic.describe(about)


def _addresses(some: Intervals, every: Intervals, way: str) -> list[str]:
    """Which addresses of what is outside it is about; nothing for all, also where that is all of IPv4 alone."""
    if some >= every & addresses.V4_FAMILY and (some & addresses.V4_FAMILY or some >= every):
        return []
    if some == every & addresses.ALL_V6:
        return ["over IPv6"]
    return [f"{way} {addresses.describe(some)}"]


def _identity(view: NetworkView, found: ConnectionDifference) -> str:
    """Everything that tells a difference from others, exactly."""
    ends = [view.ends[found.source].name, view.ends[found.target].name]
    reply = _narrowed(view, found) if found.is_assumed or found.is_perhaps else None
    rests_on = sorted(reasons_of(reply)) if reply else []
    return repr((*ends, found.through, _spans(found.flows), found.arrives.spans, found.is_partly, rests_on))


def _spans(flows: Flows) -> Sequence[tuple[tuple[tuple[int, int], ...], ...]]:
    return [(box.source.spans, box.destination.spans, box.traffic.spans) for box in flows]


def _narrowed(view: NetworkView, found: ConnectionDifference) -> Answer:
    """The answer about its ends, as far as it is about the difference."""
    reply = answer(view.network, found.source, found.target)
    paths = [each for each in reply.paths if tuple(forward.through for forward in each.forwards) == found.through]
    front = Flows.of(Box(box.source, box.destination, box.traffic) for box in found.flows)
    return replace(reply, paths=tuple(each.within(front) for each in paths))


def _witness(view: NetworkView, found: ConnectionDifference) -> Iterator[str]:
    narrowed = _narrowed(view, found)
    if narrowed:
        yield from text.lines(witness(narrowed))
        for each in assumptions(narrowed):
            where = f" ({each.resource.address})" if each.resource is not None else ""
            yield f"assumed: {each.text}{where}"
