"""What a change costs: the difference of two estimates, in one line. Pure.

What is not known is never nothing: where the cost of something is not known before or after, and it is not certain to
be the same on both sides, the difference of its part and of all is not known either, and is marked with `?`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from cli.core.base.addresses import declared
from cli.core.cost.model import Estimate, Missing, Range
from cli.core.cost.text import rounded, signed

NOTHING_MORE = "Costs nothing more."


def cost_change(before: Estimate, after: Estimate) -> str:
    """One line: how much more or less it costs in a month, by part, and of what that is not known before or after.

    `Costs nothing more.`, `Costs +59.57 USD a month (servers +59.57).`, `Costs ? USD a month (broker ?); not known: x.`
    """
    fixed = after.cost("fixed") - before.cost("fixed")
    used = after.cost("usage") - before.cost("usage")
    was, now, changes = _unknown(before, after)
    clauses = [_clause(before, after, fixed, {each.part for each in (*was, *now, *changes)})]
    if _shows(used):
        clauses.append(f"usage-driven {signed(used)} USD a month, as assumed")
    clauses += _named("not known", now)
    clauses += _named("changes, price not known", changes)
    clauses += _named("was not known", was)
    return f"{'; '.join(clauses)}."


def _unknown(before: Estimate, after: Estimate) -> tuple[list[Missing], list[Missing], list[Missing]]:
    """What was not known, what is not, and what is not known on both sides and is not certain to cost the same."""
    was, now, changes = list(before.missing), [], []
    later: list[Missing] = []
    for each in after.missing:
        if each in was:
            was.remove(each)
            if not _costs_alike(before, after, each, each):
                changes.append(each)
        else:
            later.append(each)
    for each in later:
        kinds = ((each.address, each.reason), (declared(each.address), each.reason))  # the same, or in another module
        same = next((one for kind in kinds for one in was if kind in ((one.address, one.reason), _kind(one))), None)
        if same is None:
            now.append(each)
            continue
        was.remove(same)
        if not _costs_alike(before, after, same, each):
            changes.append(each)
    return was, now, changes


def _costs_alike(before: Estimate, after: Estimate, was: Missing, now: Missing) -> bool:
    """Whether what is not known on both sides costs the same: as much of the same, or said and used in the same way."""
    if was.about != now.about:
        return False
    return isinstance(now.about, Range) or _uses(before, was.address) == _uses(after, now.address)


def _uses(estimate: Estimate, address: str) -> list[tuple[str, str, Range, Decimal]]:
    """What is known of the cost of a resource."""
    return [
        (each.service, each.item, each.quantity, each.price_usd) for each in estimate.charges if each.address == address
    ]


def _named(title: str, missing: Iterable[Missing]) -> Iterator[str]:
    addresses = list(dict.fromkeys(each.address for each in missing))
    if addresses:
        more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
        yield f"{title}: {addresses[0]}{more}"


def _kind(missing: Missing) -> tuple[str, str]:
    """What is missing, in whatever module it is."""
    return declared(missing.address), missing.reason


def _clause(before: Estimate, after: Estimate, fixed: Range, unknown: Collection[str]) -> str:
    by_part = {
        part: after.cost("fixed", part) - before.cost("fixed", part) for part in sorted({*before.parts, *after.parts})
    }
    changed = [
        f"{part or 'root module'} {_change(change, part in unknown)}"
        for part, change in by_part.items()
        if _shows(change) or part in unknown
    ]
    if not changed or not (_shows(fixed) or unknown):
        return "Costs nothing more"
    share = "" if unknown else _share(before.cost("fixed"), fixed)
    return f"Costs {_change(fixed, bool(unknown))} USD a month{share} ({', '.join(changed)})"


def _change(change: Range, is_partial: bool) -> str:
    """`+12.50`; `+12.50 + ?` and `?` where not all of it is known."""
    if not is_partial:
        return signed(change)
    return f"{signed(change)} + ?" if _shows(change) else "?"


def _shows(change: Range) -> bool:
    """Whether it is a cent at least."""
    return bool(rounded(change.low) or rounded(change.high))


def _share(before: Range, change: Range) -> str:
    """How much that is of what it cost, where both ends change alike or nothing is a range."""
    if not before.low or change.low != change.high or before.low != before.high:
        return ""
    return f", {change.low / before.low * Decimal(100):+.0f}%"
