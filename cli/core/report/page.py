"""The page: one HTML file with its styles, its script and its pictures, which asks nobody for anything."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cli.core.base.text import count
from cli.core.change.text import headlines
from cli.core.cost import report as cost
from cli.core.cost.change import cost_change
from cli.core.cost.prices import price_table
from cli.core.diff.model import AttributeDifference
from cli.core.gate.report.groups import groups
from cli.core.gate.report.text import EXPIRY_WARNING, suppression_groups, verdict
from cli.core.plans.texts import arrow, changed_lines, decoded, list_lines
from cli.core.promotion.status_report import drift_text, next_text, notes, release_text
from cli.core.records.model import ApplyRecord, PromotionRecord, time_of
from cli.core.records.report import log_text
from cli.core.report.model import ReportContent, Verdict
from cli.core.synthesis.publish import BOOTSTRAP

_HERE = Path(__file__).parent

_SHOWN = 20
"""Records that are shown of the log and of each environment; the commands list all."""


def page(report: ReportContent) -> str:
    """The document. The same report gives the same bytes."""
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            report=report,
            style=Markup((_HERE / "page.css").read_text(encoding="utf-8")),
            script=Markup(_script()),
            script_digest=base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode(),
            answers=_answers(report),
            groups=groups(report.outcome),
            suppressions=suppression_groups(report.outcome.results),
            soon=report.outcome.today + EXPIRY_WARNING,
            verdict=verdict(report.outcome),
            Verdict=Verdict,
            cost=cost,
            cost_change=cost_change,
            price_table=price_table(),
            headlines=headlines,
            drift_text=drift_text,
            next_text=next_text,
            notes=notes,
            release_text=release_text,
            log_text=log_text,
            places=lambda resources: _places(resources, report.names),
            changed=_changed,
            is_promotion=lambda data: isinstance(data, PromotionRecord),
            is_apply=lambda data: isinstance(data, ApplyRecord),
            time_of=time_of,
            shown=_SHOWN,
        )
    )


@cache
def _script() -> str:
    return (_HERE / "page.js").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"time": _time, "count": lambda number, noun: count(number, noun), "value": _value}
    environment.globals["arrow"] = arrow
    return environment


def _time(moment: datetime.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _value(value: Any) -> str:
    """A setting or an attribute as text."""
    if value is None:
        return "not set"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _places(resources: Sequence[str], environments: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Construct paths below the stack, each with the environments that have it; none beside a path that all have, and
    beside an address."""
    having: dict[str, list[str]] = {}
    for name in resources:
        stack, _, path = name.partition("/")
        environment = stack.removesuffix(BOOTSTRAP)
        is_path = path and environment in environments
        having.setdefault(path if is_path else name, []).extend([environment] if is_path else [])
    return [(path, () if len(found) in (0, len(environments)) else tuple(found)) for path, found in having.items()]


def _changed(attribute: AttributeDifference) -> tuple[str, ...]:
    """The lines, or values, that differ in a text, a JSON or a list; none of what is neither."""
    before, after = attribute.before, attribute.after
    if isinstance(before, list) and isinstance(after, list):
        return list_lines(before, after)
    one, other = decoded(attribute.name, before), decoded(attribute.name, after)
    return changed_lines(one, other) if one and other else ()


def _answers(report: ReportContent) -> dict[str, Any]:
    """What each cell opens: numbers of lines, since most lines are in several answers."""
    numbers: dict[str, int] = {}
    cells = {
        f"{environment.name}-{row}-{column}": [numbers.setdefault(line, len(numbers)) for line in cell.lines]
        for environment in report.environments
        for row, (_, line) in enumerate(environment.grid.rows)
        for column, cell in enumerate(line)
        if cell is not None
    }
    return {"lines": list(numbers), "cells": cells}
