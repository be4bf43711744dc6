"""What is used in a month, what it costs, and what is not known of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

Kind = Literal["fixed", "usage"]
"""`fixed` costs as long as it exists; `usage` as much as is used of it."""

HOURS = Decimal(730)
"""Hours of a month, as in AWS's own calculator: 365 * 24 / 12."""


@dataclass(frozen=True)
class Range:
    """A number from the least to the most that the Terraform allows."""

    low: Decimal
    high: Decimal

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        """How much least and most grow; not a set difference."""
        return Range(self.low - other.low, self.high - other.high)

    def times(self, factor: Decimal | int) -> Range:
        """Both ends, multiplied with a number that is not negative."""
        return Range(self.low * factor, self.high * factor)


NOTHING = Range(Decimal(0), Decimal(0))


def exactly(number: Decimal | int) -> Range:
    """A number without doubt."""
    return Range(Decimal(number), Decimal(number))


def added(ranges: Iterable[Range]) -> Range:
    """The sum of ranges; of none, nothing."""
    return sum(ranges, NOTHING)


@dataclass(frozen=True)
class Use:
    """So much of one thing that AWS has a price for, in a month and in the unit of that price."""

    service: str
    """AWS's code of the service, as in its Price List: `AmazonEC2`."""
    item: str
    quantity: Range
    kind: Kind = "fixed"


@dataclass(frozen=True)
class Unsaid:
    """Something that a resource costs too, and of which the Terraform does not say how much it is."""

    reason: str


@dataclass(frozen=True)
class Charge:
    """What a resource costs in a month for one thing."""

    part: str
    address: str
    service: str
    item: str
    unit: str
    kind: Kind
    quantity: Range
    price_usd: Decimal
    source: str
    """Key of the source of the price."""

    @property
    def cost(self) -> Range:
        """USD in a month."""
        return self.quantity.times(self.price_usd)


@dataclass(frozen=True)
class Missing:
    """A cost that is not in the sums, and why."""

    part: str
    address: str
    reason: str
    about: Hashable = None
    """What decides how much it is, to tell whether it changes: the quantity where only the price is not known, else
    what the Terraform says."""


@dataclass(frozen=True)
class Assumption:
    """A number that the Terraform does not say: so much used of each of some resources."""

    type: str
    """The type, or the address of the only resource that it is for."""
    quantity: str
    value: Decimal
    resources: int
    """Of how many resources it is assumed."""


@dataclass(frozen=True)
class Estimate:
    """What a configuration costs in a month, in USD."""

    charges: tuple[Charge, ...] = ()
    missing: tuple[Missing, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[str, ...] = ()
    """What else is assumed, in sentences."""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The parts that cost something, or of which it is not known."""
        return tuple(sorted({each.part for each in self.charges} | {each.part for each in self.missing}))

    def cost(self, kind: Kind, part: str | None = None) -> Range:
        """The cost of one kind, of one part or of all."""
        return added(each.cost for each in self.charges if each.kind == kind and part in (None, each.part))
