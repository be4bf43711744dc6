"""Traffic as a set of packets: from which addresses, to which addresses, of which protocols and ports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policies.reachability.addresses import ALL_V6, V4_FAMILY
from policies.reachability.intervals import NOTHING, Intervals


@dataclass(frozen=True)
class Box:
    """All combinations of some sources, destinations and traffic."""

    source: Intervals
    destination: Intervals
    traffic: Intervals

    def __bool__(self) -> bool:
        return bool(self.source and self.destination and self.traffic)

    def __and__(self, other: Box) -> Box:
        return Box(self.source & other.source, self.destination & other.destination, self.traffic & other.traffic)

    def __sub__(self, other: Box) -> tuple[Box, ...]:
        """What is left, as boxes that do not overlap."""
        common = self & other
        if not common:
            return (self,)
        pieces = (
            Box(self.source - other.source, self.destination, self.traffic),
            Box(common.source, self.destination - other.destination, self.traffic),
            Box(common.source, common.destination, self.traffic - other.traffic),
        )
        return tuple(piece for piece in pieces if piece)


@dataclass(frozen=True)
class Flows:
    """A union of boxes. Two objects with different boxes can be the same set: compare with `same` or `<=`."""

    boxes: tuple[Box, ...] = ()

    @staticmethod
    def of(boxes: Iterable[Box]) -> Flows:
        """A union of boxes, with as few as simple merging gives."""
        found = tuple(box for box in boxes if box)
        return Flows(_merged(found) if len(found) > 1 else found)

    @staticmethod
    def between(source: Intervals, destination: Intervals, traffic: Intervals) -> Flows:
        """All traffic between addresses; IPv4 only talks to IPv4 and IPv6 to IPv6."""
        return Flows.of(Box(source & family, destination & family, traffic) for family in (V4_FAMILY, ALL_V6))

    @staticmethod
    def union(each: Iterable[Flows]) -> Flows:
        """All of some flows."""
        return Flows.of(box for flows in each for box in flows)

    def __bool__(self) -> bool:
        return bool(self.boxes)

    def __or__(self, other: Flows) -> Flows:
        return Flows.of((*self.boxes, *other.boxes))

    def __and__(self, other: Flows) -> Flows:
        return Flows.of(one & two for one in self.boxes for two in other.boxes)

    def __sub__(self, other: Flows) -> Flows:
        left = list(self.boxes)
        for box in other.boxes:
            left = [piece for each in left for piece in each - box]
        return Flows.of(left)

    def __le__(self, other: Flows) -> bool:
        return not self - other

    def __ge__(self, other: Flows) -> bool:
        return other <= self

    def same(self, other: Flows) -> bool:
        """Whether both are the same set."""
        return self <= other and other <= self

    @property
    def sources(self) -> Intervals:
        """Every address that some of it comes from."""
        return Intervals.union(box.source for box in self.boxes)

    @property
    def destinations(self) -> Intervals:
        """Every address that some of it goes to."""
        return Intervals.union(box.destination for box in self.boxes)

    @property
    def traffic(self) -> Intervals:
        """Every protocol and port in it."""
        return Intervals.union(box.traffic for box in self.boxes)

    def with_traffic(self, traffic: Intervals) -> Flows:
        """What of it is of some protocols and ports."""
        within = [box.traffic & traffic for box in self.boxes]
        if all(left is box.traffic for left, box in zip(within, self.boxes, strict=True)):
            return self
        return Flows.of(Box(box.source, box.destination, left) for left, box in zip(within, self.boxes, strict=True))

    def __iter__(self) -> Iterator[Box]:
        return iter(self.boxes)


EMPTY = Flows()


def _merged(boxes: tuple[Box, ...]) -> tuple[Box, ...]:
    """The same set with fewer boxes: those that differ in one side only become one."""
    by_ends: dict[tuple[Intervals, Intervals], Intervals] = {}
    for box in boxes:
        ends = (box.source, box.destination)
        by_ends[ends] = by_ends.get(ends, NOTHING) | box.traffic
    by_sources: dict[tuple[Intervals, Intervals], Intervals] = {}
    for (source, destination), traffic in by_ends.items():
        by_sources[destination, traffic] = by_sources.get((destination, traffic), NOTHING) | source
    by_destinations: dict[tuple[Intervals, Intervals], Intervals] = {}
    for (destination, traffic), source in by_sources.items():
        by_destinations[source, traffic] = by_destinations.get((source, traffic), NOTHING) | destination
    found = (Box(source, destination, traffic) for (source, traffic), destination in by_destinations.items())
    return tuple(sorted(found, key=lambda box: (box.traffic.spans, box.source.spans, box.destination.spans)))
