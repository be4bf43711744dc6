"""Sets of whole numbers as closed intervals: the algebra under addresses and ports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Intervals:
    """A finite set of whole numbers. Equal sets are equal objects: the spans are sorted, apart and not adjacent."""

    spans: tuple[tuple[int, int], ...] = ()
    """First and last number of each span, both included. Build with `of`, which puts spans in order."""

    @staticmethod
    def of(spans: Iterable[tuple[int, int]]) -> Intervals:
        """The union of spans in any order; one whose ends are swapped holds nothing."""
        joined: list[tuple[int, int]] = []
        for first, last in sorted(span for span in spans if span[0] <= span[1]):
            if joined and first <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], max(joined[-1][1], last))
            else:
                joined.append((first, last))
        return Intervals(tuple(joined))

    @staticmethod
    def union(sets: Iterable[Intervals]) -> Intervals:
        """The union of any number of sets."""
        return Intervals.of(span for each in sets for span in each.spans)

    def __or__(self, other: Intervals) -> Intervals:
        return Intervals.of((*self.spans, *other.spans)) if other.spans and self.spans else (self if self else other)

    def __and__(self, other: Intervals) -> Intervals:
        for one, two in ((self, other), (other, self)):  # often one of them is nearly everything
            if one.spans and two.spans and len(two.spans) == 1:
                first, last = two.spans[0]
                if first <= one.spans[0][0] and one.spans[-1][1] <= last:
                    return one
        spans: list[tuple[int, int]] = []
        mine, theirs = 0, 0
        while mine < len(self.spans) and theirs < len(other.spans):
            first = max(self.spans[mine][0], other.spans[theirs][0])
            last = min(self.spans[mine][1], other.spans[theirs][1])
            if first <= last:
                spans.append((first, last))
            if self.spans[mine][1] < other.spans[theirs][1]:
                mine += 1
            else:
                theirs += 1
        return Intervals(tuple(spans))

    def __sub__(self, other: Intervals) -> Intervals:
        spans: list[tuple[int, int]] = []
        for first, last in self.spans:
            for start, end in other.spans:
                if end < first:
                    continue
                if start > last:
                    break
                if start > first:
                    spans.append((first, start - 1))
                first = end + 1
                if first > last:
                    break
            if first <= last:
                spans.append((first, last))
        return Intervals(tuple(spans))

    def __le__(self, other: Intervals) -> bool:
        return not (self - other).spans

    def __ge__(self, other: Intervals) -> bool:
        return other <= self

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __contains__(self, number: int) -> bool:
        for first, last in self.spans:  # noqa: SIM110  # any() with a generator takes three times as long
            if first <= number <= last:
                return True
        return False

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return sum(last - first + 1 for first, last in self.spans)

    @property
    def first(self) -> int:
        """The smallest number. Raises IndexError for the empty set."""
        return self.spans[0][0]


NOTHING = Intervals()
