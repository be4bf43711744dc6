"""What a change costs: the difference of two estimates, in one line. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from decimal import Decimal

from cli.core.base.addresses import declared
from cli.core.cost.model import Estimate, Missing, Range
from cli.core.cost.text import rounded, signed

NOTHING_MORE = "Costs nothing more."


def cost_change(before: Estimate, after: Estimate, differing: Collection[str] = ()) -> str:
    """One line: how much more or less it costs in a month, by part, and what is newly not known, or not known of what
    is differing, by address.

    `Costs nothing more.`, `Costs +59.57 USD a month (servers +59.57).`
    """
    fixed = after.cost("fixed") - before.cost("fixed")
    used = after.cost("usage") - before.cost("usage")
    clauses = [_clause(before, after, fixed)]
    if _shows(used):
        clauses.append(f"usage-driven {signed(used)} USD a month, as assumed")
    clauses += _not_known("not known", after, before, differing)
    clauses += _not_known("no longer there, and not known", before, after, ())
    return f"{'; '.join(clauses)}."


def _not_known(title: str, one: Estimate, other: Estimate, differing: Collection[str]) -> Iterator[str]:
    """What is missing in one estimate and not in the other, if only at another address; and what is differing of which
    nothing is known."""
    known = {each.address for estimate in (one, other) for each in estimate.charges}
    elsewhere = Counter(_kind(each) for each in other.missing)
    new: dict[str, None] = {}
    for each in one.missing:
        if elsewhere[_kind(each)]:
            elsewhere[_kind(each)] -= 1
            if each.address not in differing or each.address in known:
                continue
        new[each.address] = None
    if new:
        more = f" and {len(new) - 1} more" if len(new) > 1 else ""
        yield f"{title}: {next(iter(new))}{more}"


def _kind(missing: Missing) -> tuple[str, str]:
    """What is missing, in whatever module it is."""
    return declared(missing.address), missing.reason


def _clause(before: Estimate, after: Estimate, fixed: Range) -> str:
    by_part = {
        part: after.cost("fixed", part) - before.cost("fixed", part) for part in sorted({*before.parts, *after.parts})
    }
    changed = [f"{part or 'root module'} {signed(change)}" for part, change in by_part.items() if _shows(change)]
    if not changed or not _shows(fixed):
        return "Costs nothing more"
    share = _share(before.cost("fixed"), fixed)
    return f"Costs {signed(fixed)} USD a month{share} ({', '.join(changed)})"


def _shows(change: Range) -> bool:
    """Whether it is a cent at least."""
    return bool(rounded(change.low) or rounded(change.high))


def _share(before: Range, change: Range) -> str:
    """How much that is of what it cost, where both ends change alike or nothing is a range."""
    if not before.low or change.low != change.high or before.low != before.high:
        return ""
    return f", {change.low / before.low * Decimal(100):+.0f}%"
