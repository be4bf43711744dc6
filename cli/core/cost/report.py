"""An estimate as rows, sentences and data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cli.core.cost.model import Charge, Estimate, Kind, Range
from cli.core.cost.prices import PriceSource, PriceTable
from cli.core.cost.text import amount, number

TITLES = ("part", "fixed", "usage-driven", "not known")

ASSUMED_TITLES = ("assumed in a month", "each", "of")

NOT_IN_IT = (
    "Not in it: data transfer, requests between services, CPU credits, support, taxes, free tiers, discounts, and the "
    "lower prices of large numbers."
)
"""What no estimate has, in words."""

_NONE = "-"


def rows(estimate: Estimate) -> list[tuple[str, str, str, str]]:
    """A row for each part and one for all, under `TITLES`."""
    parts = [_row(estimate, part, part or "(root module)") for part in estimate.parts]
    return [*parts, _row(estimate, None, f"total{at_least([estimate])}")]


def comparison(estimates: Mapping[str, Estimate]) -> list[tuple[str, ...]]:
    """A row for each part, and for all, with a column for each estimate, in whole dollars."""
    parts = sorted({part for estimate in estimates.values() for part in estimate.parts})
    least = at_least(estimates.values())
    return [
        *((part or "(root module)", *(_cell(each, "fixed", part) for each in estimates.values())) for part in parts),
        (f"fixed{least}", *(_cell(each, "fixed", None) for each in estimates.values())),
        (f"usage-driven{least}", *(_cell(each, "usage", None) for each in estimates.values())),
    ]


def at_least(estimates: Iterable[Estimate]) -> str:
    """What follows the name of a sum that does not have everything."""
    return ", at least" if any(each.missing for each in estimates) else ""


def fixed_in_all(estimates: Iterable[Estimate]) -> str:
    """The fixed cost of several together, in whole dollars; `at least` where not all of it is known."""
    all_of_them = list(estimates)
    charges = tuple(charge for each in all_of_them for charge in each.charges)
    least = "at least " if charges and any(each.missing for each in all_of_them) else ""
    return least + _cell(Estimate(charges), "fixed", None)


def not_known(estimates: Iterable[Estimate]) -> list[tuple[str, list[str]]]:
    """Each reason for which something is not in the sums, and of which resources."""
    by_reason: dict[str, list[str]] = {}
    for estimate in estimates:
        for each in estimate.missing:
            by_reason.setdefault(each.reason, []).append(each.address)
    return [(reason, list(dict.fromkeys(addresses))) for reason, addresses in sorted(by_reason.items())]


def assumed(estimates: Iterable[Estimate]) -> list[tuple[str, str, str]]:
    """Each number that is assumed, and of how many resources, under `ASSUMED_TITLES`."""
    resources: dict[tuple[str, str], int] = {}
    for estimate in estimates:
        for each in estimate.assumptions:
            key = (f"{each.type} {each.quantity}", number(each.value))
            resources[key] = resources.get(key, 0) + each.resources
    return [(name, value, str(count)) for (name, value), count in sorted(resources.items())]


def sentences(estimates: Iterable[Estimate], table: PriceTable) -> list[str]:
    """What else is assumed, where the prices come from, and what is not in them."""
    all_of_them = list(estimates)
    prices = ["Prices: on demand, none was found."]
    if used := sources(all_of_them, table):
        published, read = sorted(each.published for each in used), sorted(each.read for each in used)
        dates = f"published {_days(published)}, read {_days(read)}"
        prices = [f"Prices: on demand, {dates}."]
    notes = dict.fromkeys(note for each in all_of_them for note in each.notes)
    return ["Amounts: US dollars a month of 730 hours.", *notes, *prices, NOT_IN_IT]


def sources(estimates: Iterable[Estimate], table: PriceTable) -> list[PriceSource]:
    """Where the prices that are in the sums come from, by name."""
    keys = {each.source for estimate in estimates for each in estimate.charges}
    return sorted((table.sources[key] for key in keys), key=lambda each: each.name)


def data(name: str, estimate: Estimate, table: PriceTable) -> dict[str, Any]:
    """An estimate for programs. Amounts are decimal numbers in text, exact."""
    return {
        "name": name,
        "is_complete": not estimate.missing,
        "usd_a_month": {kind: _range(estimate.cost(kind)) for kind in ("fixed", "usage")},
        "parts": {
            part: {kind: _range(estimate.cost(kind, part)) for kind in ("fixed", "usage")} for part in estimate.parts
        },
        "charges": [_charge(each, table) for each in estimate.charges],
        "not_known": [{"part": each.part, "address": each.address, "reason": each.reason} for each in estimate.missing],
        "assumed": [
            {"name": each.type, "quantity": each.quantity, "value": f"{each.value:f}", "resources": each.resources}
            for each in estimate.assumptions
        ],
        "notes": [*estimate.notes, NOT_IN_IT],
    }


def _days(days: Sequence[str]) -> str:
    """`2027-03-01`, or the first and the last of several."""
    return days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"


def _row(estimate: Estimate, part: str | None, title: str) -> tuple[str, str, str, str]:
    missing = sum(1 for each in estimate.missing if part in (None, each.part))
    nothing = "?" if missing else _NONE
    fixed, used = (
        amount(estimate.cost(kind, part)) if _has(estimate, kind, part) else nothing for kind in ("fixed", "usage")
    )
    return title, fixed, used, str(missing) if missing else ""


def _cell(estimate: Estimate, kind: Kind, part: str | None) -> str:
    """An amount in whole dollars; `?` for what is not known of it."""
    is_partial = any(part in (None, each.part) for each in estimate.missing)
    if not _has(estimate, kind, part):
        return "?" if is_partial else _NONE
    cost = estimate.cost(kind, part)
    low, high = f"{cost.low:,.0f}", f"{cost.high:,.0f}"
    return f"{low if low == high else f'{low} to {high}'}{' + ?' if is_partial else ''}"


def _has(estimate: Estimate, kind: Kind, part: str | None) -> bool:
    return any(each.kind == kind and part in (None, each.part) for each in estimate.charges)


def _charge(charge: Charge, table: PriceTable) -> dict[str, Any]:
    source = table.sources[charge.source]
    return {
        "part": charge.part,
        "address": charge.address,
        "service": charge.service,
        "item": charge.item,
        "kind": charge.kind,
        "quantity": _range(charge.quantity),
        "unit": charge.unit,
        "price_usd": f"{charge.price_usd:f}",
        "usd_a_month": _range(charge.cost),
        "source": source.name,
        "published": source.published,
        "read": source.read,
    }


def _range(cost: Range) -> dict[str, str]:
    return {"low": f"{cost.low.normalize():f}", "high": f"{cost.high.normalize():f}"}
