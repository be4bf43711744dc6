"""Drift as text: for people, as Markdown for an issue, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cli.core.base.text import count, escaped
from cli.core.operations.drift import Drift
from cli.core.plans.model import Attribute, Change, Kind
from cli.core.plans.report.data import change as change_data
from cli.core.plans.report.text import arrow, place

MARKER = "<!-- infra-drift -->"
"""First line of the Markdown, by which an issue is found again."""

_LONGEST = 60_000
"""Characters; GitHub takes issues of 65,536."""


def as_table(drifts: Sequence[Drift]) -> str:
    """Each stack: what opens access first, then each resource with its attributes. In the end the summary."""
    return "\n".join([*(line for drift in drifts for line in _lines(drift)), summary(drifts), ""])


def as_markdown(drifts: Sequence[Drift]) -> str:
    """The summary, and a section for each stack of which there is anything to say."""
    lines = [MARKER, f"**{escaped(summary(drifts))}**", ""]
    for drift in drifts:
        first, *rest = _lines(drift)
        if rest or drift.problem:
            lines += [f"### {escaped(first)}", "", *(_item(line) for line in rest), ""]
    return _short(lines)


def as_json(drifts: Sequence[Drift]) -> str:
    """A list with a stack each."""
    return json.dumps(list(map(_as_data, drifts)), indent=2, ensure_ascii=False) + "\n"


FORMATS: Mapping[str, Callable[[Sequence[Drift]], str]] = {
    "table": as_table,
    "json": as_json,
    "markdown": as_markdown,
}
"""The formats by name."""


def summary(drifts: Sequence[Drift]) -> str:
    """One line about all stacks."""
    compared = [drift for drift in drifts if not drift.problem]
    opening = [drift for drift in compared if drift.opens]
    parts = [f"{count(len(compared), 'stack')} compared", f"{sum(bool(drift.changes) for drift in compared)} drifted"]
    parts += [f"{len(opening)} with access opened"] if opening else []
    missing = [drift.stack for drift in drifts if drift.problem]
    return ", ".join([*parts, *([f"not compared: {', '.join(missing)}"] if missing else [])])


def _lines(drift: Drift) -> Iterator[str]:
    if drift.problem:
        yield f"{drift.stack}: not compared: {drift.problem}"
        return
    number = len(drift.changes)
    yield f"{drift.stack}: {count(number, 'resource') if number else 'nothing'} drifted"
    if drift.opens:
        yield "  opens access:"
    for entry in drift.opens:
        yield f"    {place(entry.construct_path, entry.address)}: {entry.text}"
    for change in drift.changes:
        yield from (f"  {line}" for line in _change_lines(_without(change, drift.added)))
    for gap in drift.gaps:
        yield f"  not looked at: {gap}"


def _without(change: Change, added: Mapping[str, Sequence[Attribute]]) -> Change:
    """A change without what others added, which is said before."""
    others = added.get(change.address, ())
    return replace(change, attributes=tuple(each for each in change.attributes if each not in others))


def _change_lines(change: Change) -> list[str]:
    """What happened to a resource outside of terraform; nothing for what only others added to."""
    name = place(change.construct_path, change.address)
    if change.kind is Kind.DESTROY:
        return [f"{name} is gone"]
    if not change.attributes:
        return []
    return [f"{name} was changed", *(f"  {attribute.path}: {arrow(attribute)}" for attribute in change.attributes)]


def _item(line: str) -> str:
    """An indented line as an item of a list."""
    text = line.lstrip()
    return f"{line[: len(line) - len(text) - 2]}- {escaped(text)}"


def _short(lines: Sequence[str]) -> str:
    """Lines, as many as fit into an issue."""
    length = 0
    for at, line in enumerate(lines):
        length += len(line) + 1
        if length > _LONGEST:
            return "\n".join([*lines[:at], "", f"{len(lines) - at} lines are left out; infra drift shows all.", ""])
    return "\n".join([*lines, ""])


def _as_data(drift: Drift) -> dict[str, Any]:
    return {
        "environment": drift.environment,
        "stack": drift.stack,
        "not_compared": drift.problem,
        "opens": [
            {"address": each.address, "construct_path": each.construct_path, "text": each.text} for each in drift.opens
        ],
        "drift": list(map(change_data, drift.changes)),
        "not_looked_at": list(drift.gaps),
    }
