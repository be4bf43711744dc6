"""Amounts as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from cli.core.cost.model import Range

_CENT = Decimal("0.01")


def rounded(usd: Decimal) -> Decimal:
    """USD to the cent."""
    return usd.quantize(_CENT, rounding=ROUND_HALF_UP)


def amount(cost: Range) -> str:
    """`12.50`, or `12.50 to 1,040.00` for a range."""
    low, high = f"{rounded(cost.low):,}", f"{rounded(cost.high):,}"
    return low if low == high else f"{low} to {high}"


def signed(change: Range) -> str:
    """`+12.50`, `-3.00`, or `+12.50 to +50.00` for a range; of the most there may be fewer than of the least."""
    low, high = (f"{rounded(end):+,}" for end in sorted((change.low, change.high)))
    return low if low == high else f"{low} to {high}"


def number(value: Decimal) -> str:
    """A number without the zeros that say nothing: `1,000,000`, `0.1`."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
