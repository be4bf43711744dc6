"""What one condition key can hold, cut into as few sets of values as its conditions can tell apart.

Bit 0 of each set is the key that is absent (see policies.access.boxes); the values are the bits above.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Protocol

from policies.access.atoms import Partition, first_bit
from policies.access.boxes import ABSENT_BIT
from policies.access.globs import Glob
from policies.reachability import addresses
from policies.reachability.intervals import Intervals


@dataclass(frozen=True)
class Span:
    """Numbers, from one to the other; None has no end. Ends are included unless `is_open`."""

    first: Fraction | None
    last: Fraction | None
    is_open: bool = False


class Domain(Protocol):
    """The values of a key."""

    @property
    def values(self) -> int:
        """All values, without the absent key."""

    def example(self, mask: int) -> str:
        """A value of a set that has some."""


class Texts:
    """Texts that patterns tell apart."""

    def __init__(self, made: Partition) -> None:
        self._made = made
        self.values = made.everything << 1

    def mask(self, patterns: Iterable[Glob]) -> int:
        """The values that match one of some patterns, of those that the partition was made from."""
        return self._made.union(patterns) << 1

    def example(self, mask: int) -> str:
        """A value of a set that has some."""
        return self._made.example(mask >> 1)


class Numbers:
    """Numbers that limits tell apart: each limit is a value, and so is all between two of them."""

    def __init__(self, limits: Iterable[Fraction], is_date: bool) -> None:
        self._limits = sorted(set(limits))
        self._is_date = is_date
        self.values = ((1 << (2 * len(self._limits) + 1)) - 1) << 1

    def mask(self, span: Span) -> int:
        """The numbers of a span whose ends are limits."""
        first = 0 if span.first is None else 2 * bisect_left(self._limits, span.first) + 1 + span.is_open
        last = (
            2 * len(self._limits) if span.last is None else 2 * bisect_left(self._limits, span.last) + 1 - span.is_open
        )
        return ((1 << (last + 1)) - (1 << first)) << 1 if first <= last else 0

    def example(self, mask: int) -> str:
        """A value of a set that has some."""
        at, is_limit = divmod(first_bit(mask >> 1), 2)
        limits = self._limits
        if is_limit:
            value = limits[at]
        elif not limits:
            value = Fraction(0)
        elif at == 0:
            value = limits[0] - 1
        else:
            value = (limits[at - 1] + limits[at]) / 2 if at < len(limits) else limits[-1] + 1
        if self._is_date:
            return datetime.fromtimestamp(float(value), UTC).isoformat().replace("+00:00", "Z")
        return str(int(value)) if value.denominator == 1 else str(float(value))


class Addresses:
    """IP addresses that networks tell apart."""

    def __init__(self, networks: Iterable[Intervals]) -> None:
        whole = addresses.ALL_V4 | addresses.ALL_V6
        spans = [span for each in (whole, *networks) for span in each.spans]
        self._starts = sorted({first for first, _ in spans} | {last + 1 for _, last in spans})
        self.values = self.mask(whole)

    def mask(self, network: Intervals) -> int:
        """The addresses of a network that the domain was made from."""
        mask = 0
        for first, last in network.spans:
            mask |= (1 << bisect_left(self._starts, last + 1)) - (1 << bisect_left(self._starts, first))
        return mask << 1

    def example(self, mask: int) -> str:
        """A value of a set that has some."""
        return addresses.address(self._starts[first_bit(mask >> 1)])


def described(domain: Domain, mask: int, somes: Sequence[int]) -> tuple[str, ...]:
    """What a key may hold in one request, of those that a box has: nothing if it may be absent."""
    if somes:
        return tuple(dict.fromkeys(domain.example(mask & some) for some in somes))
    return () if mask & ABSENT_BIT else (domain.example(mask),)
