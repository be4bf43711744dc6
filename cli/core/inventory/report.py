"""An inventory as text, as data and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from cli.core.base.text import count
from cli.core.inventory.items import ListedResource, groups, parts

TITLES = ("part", "number", "type", "with data")


def rows(found: Sequence[ListedResource]) -> list[tuple[str, str, str, str]]:
    """A row for each type in each part, under `TITLES`; the part is named once."""
    result = []
    last = None
    for group in groups(found):
        part = group.part or "(root module)"
        shown = "" if part == last else part
        result.append(
            (shown, _number(group.items), group.type, "yes" if any(item.loses for item in group.items) else "")
        )
        last = part
    return result


def summary(found: Sequence[ListedResource], missing: Sequence[str]) -> list[str]:
    """What there is in all, and what is not known of it."""
    holding = [item for item in found if item.loses]
    more = " or more" if missing else ""
    resources, with_data = (each.removesuffix(more) + more for each in (_number(found), _number(holding)))
    lines = [f"{resources} resources in {count(len(parts(found)), 'part')}; {with_data} hold data"]
    lines += [f"not known how many: {item.address} ({item.number_unknown})" for item in found if item.number_unknown]
    return [*lines, *(f"not read, so there may be more: {gap}" for gap in missing)]


def data(found: Sequence[ListedResource], missing: Sequence[str]) -> Mapping[str, Any]:
    """The inventory for programs."""
    return {"resources": [asdict(item) for item in found], "not_read": list(missing)}


def csv_text(found: Sequence[ListedResource]) -> str:
    """A line for each resource under the names of its fields, for spreadsheets."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow([field.name for field in fields(ListedResource)])
    writer.writerows([_cell(value) for value in asdict(item).values()] for item in found)
    return text.getvalue()


def _cell(value: str) -> str:
    """A value that no spreadsheet takes for a formula: OWASP, "CSV Injection"."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _number(found: Sequence[ListedResource]) -> str:
    """How many there are; where the number of one is not known, how many there are at least without it."""
    known = sum(1 for item in found if not item.number_unknown)
    return str(known) if known == len(found) else f"{known} or more"
