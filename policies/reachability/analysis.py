"""Who can reach whom: over one connection, and through what passes connections on.

Ends are keys of `network.nodes` or `network.externals`; one that is neither is a KeyError.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from policies.reachability import traffic as packets
from policies.reachability.addresses import ALL, ALL_V6, V4_FAMILY
from policies.reachability.chains import chains_to, entering
from policies.reachability.connections import ConnectionPath, connections_of
from policies.reachability.factors.gateways import End
from policies.reachability.flows import EMPTY, Box, Flows
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Forward, Network
from policies.reachability.placement import addresses_of, end


@dataclass(frozen=True, eq=False)
class Connection:
    """What one connection between two ends can carry, no load balancer in between."""

    network: Network
    source: End
    target: End
    flows: Flows
    """What gets there, assumptions included, and whose answers get back on some port of the client."""
    guaranteed: Flows
    """What gets there without assumptions, and whose answers get back on every ephemeral port of the client."""

    def __bool__(self) -> bool:
        return bool(self.flows)

    @property
    def paths(self) -> tuple[ConnectionPath, ...]:
        """Every path for the connection, with the factors that it must pass; also those that carry nothing."""
        return connections_of(self.network).between(self.source, self.target)

    def is_universal_on(self, traffic: Intervals) -> bool:
        """Whether all of some traffic surely passes between all addresses that the ends may have."""
        return not self.missing(traffic)

    def missing(self, traffic: Intervals) -> Flows:
        """What keeps `is_universal_on` from being so. Of ends with IPv4 and IPv6 addresses, IPv4 counts."""
        return _everything(self.source, self.target, traffic) - self.guaranteed


@dataclass(frozen=True, eq=False)
class Path:
    """A path between two ends: directly (`forwards` is empty), or through what passes traffic on."""

    forwards: tuple[Forward, ...]
    flows: Flows
    """As the source sees them: to the addresses and ports of the first load balancer or endpoint on the path."""
    guaranteed: Flows
    """Of these, what is passed on surely and to every address of the target: see `Connection.guaranteed`."""
    arrives: Intervals
    """The traffic that the target gets."""

    def __bool__(self) -> bool:
        return bool(self.flows)

    def within(self, flows: Flows) -> Path:
        """Of what the source sees, only some."""
        return replace(self, flows=self.flows & flows, guaranteed=self.guaranteed & flows)


@dataclass(frozen=True, eq=False)
class Answer:
    """Whether and how one end reaches another."""

    network: Network
    source: End
    target: End
    traffic: Intervals
    """What was asked about: traffic that the target gets, whatever port it came in by on the path."""
    paths: tuple[Path, ...]
    """The direct path first, then those through load balancers and endpoints; also those that carry nothing."""
    sources: Intervals = ALL
    """The addresses of the source that were asked about."""
    targets: Intervals = ALL
    """Those of the target."""

    def __bool__(self) -> bool:
        return any(self.paths)

    @cached_property
    def flows(self) -> Flows:
        """What the source can send, over all paths, as it sees it."""
        return Flows.union(path.flows for path in self.paths)

    @cached_property
    def arrives(self) -> Intervals:
        """The traffic that the target can get, over all paths."""
        return Intervals.union(path.arrives for path in self.paths)

    def narrowed(self, path: Path, traffic: Intervals) -> Answer:
        """The answer for one of the paths, and for some of the traffic that the source sends."""
        return replace(self, paths=(path.within(Flows((Box(ALL, ALL, traffic),))),))

    def limited(self, sources: Intervals, targets: Intervals) -> Answer:
        """The answer about some addresses of the ends only. A load balancer may pass on to any of the target's."""
        ends = Flows((Box(sources, targets, packets.ALL),))
        front = Flows((Box(sources, ALL, packets.ALL),))
        paths = tuple(path.within(front if path.forwards else ends) for path in self.paths)
        return replace(self, paths=paths, sources=sources, targets=targets)

    def is_universal_on(self, traffic: Intervals) -> bool:
        """Whether one of the paths carries all of some traffic, as the source sees it, surely and from and to every
        address that may be."""
        return any(not self._missing(path, traffic) for path in self.paths)

    def missing(self, traffic: Intervals) -> Flows:
        """What the path that lacks least of some traffic lacks, of those that carry any."""
        lacking = [(not path, self._missing(path, traffic)) for path in self.paths]
        return min(lacking, key=lambda each: (each[0], len(each[1].boxes)))[1]

    def _missing(self, path: Path, traffic: Intervals) -> Flows:
        first = self.network.nodes[path.forwards[0].through] if path.forwards else self.target
        return _everything(self.source, first, traffic) - path.guaranteed


def direct(network: Network, source: str, target: str) -> Connection:
    """What one connection can carry. Raises KeyError for an end that the network has not."""
    one, other = end(network, source), end(network, target)
    return Connection(network, one, other, *connections_of(network).carried(one, other))


def answer(network: Network, source: str, target: str, traffic: Intervals = packets.ALL) -> Answer:
    """All paths from one end to another for traffic that the target gets. Raises KeyError as `direct` does."""
    one, other = end(network, source), end(network, target)
    return Answer(network, one, other, traffic=traffic, paths=tuple(_paths(network, one, other, traffic)))


def _paths(network: Network, source: End, target: End, traffic: Intervals) -> Iterator[Path]:
    connections = connections_of(network)
    flows, guaranteed = (each.with_traffic(traffic) for each in connections.carried(source, target))
    yield Path((), flows, guaranteed, flows.traffic)
    for chain in connections.cached(("chains", target.key), lambda: chains_to(network, target.key)):
        if source.key in (forward.through for forward in chain):
            continue
        flows, guaranteed = (
            each.with_traffic(chain[0].front) for each in connections.carried(source, network.nodes[chain[0].through])
        )
        if not flows:
            yield Path(chain, EMPTY, EMPTY, NOTHING)
            continue
        entry = entering(connections, chain, traffic)
        passed = [(box & Box(each.source, each.destination, packets.ALL), each) for box in flows for each in entry.some]
        found = Flows.of(box for box, _ in passed)
        arrives = Intervals.union(each.traffic for box, each in passed if box)
        yield Path(chain, found, found & guaranteed & entry.every, arrives)


def _everything(source: End, target: End, traffic: Intervals) -> Flows:
    """All traffic between two ends over the family that both have."""
    one, other = addresses_of(source), addresses_of(target)
    family = V4_FAMILY if one & V4_FAMILY and other & V4_FAMILY else ALL_V6
    return Flows.between(one & family, other & family, traffic)
