"""Text for people: what goes first, then what widens access, then the rest, then counts per part."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.core.plans.model import Access, Change, Kind, Plan
from cli.core.plans.report import Report
from cli.core.plans.report.text import arrow, groups, image, place, summary, why

_STYLES = {Kind.DESTROY: "bold red", Kind.REPLACE: "red", Kind.UPDATE: "yellow", Kind.CREATE: "green"}
_SHOWN_ACCESS = 20
_SHOWN_TEXT = 200
_SHOWN_ATTRIBUTES = 8


def render(report: Report) -> str:
    """In colour and as wide as the terminal where standard output is one, else plain and 120 columns wide."""
    file = StringIO()
    is_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_terminal else 120
    console = Console(
        file=file, width=width, force_terminal=is_terminal, no_color="NO_COLOR" in os.environ, highlight=False
    )
    plan = report.plan
    _print_losses(console, plan)
    for how, found in groups(plan.access).items():
        _print_access(console, f"{how} access", found)
    _print_images(console, plan)
    _print_updates(console, plan)
    _print_drift(console, plan)
    _print_counts(console, plan)
    for note in report.notes:
        console.print(Text(note, style="dim"))
    console.print(Text(f"{plan.stack}: {summary(plan)}", style="bold"))
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def _print_losses(console: Console, plan: Plan) -> None:
    """Destroys and replacements, with what forces them."""
    for change in plan.of(Kind.DESTROY, Kind.REPLACE):
        data = " (holds data)" if change.address in plan.stateful_losses else ""
        console.print(
            Text.assemble((change.kind, _STYLES[change.kind]), f"  {change.address}", (data, "bold red")),
        )
        for line in [*([change.construct_path] if change.construct_path else []), *why(change)]:
            console.print(Padding(Text(line), (0, 0, 0, 9)))
    if plan.of(Kind.DESTROY, Kind.REPLACE):
        console.print()


def _print_access(console: Console, title: str, found: Sequence[Access]) -> None:
    """What widens access, a line per place."""
    console.print(Text(f"{title} ({len(found)})", style="bold yellow"))
    for each in found[:_SHOWN_ACCESS]:
        text = each.text if len(each.text) <= _SHOWN_TEXT else f"{each.text[: _SHOWN_TEXT - 3]}..."
        console.print(Padding(Text(f"{place(each.construct_path, each.address)}: {text}"), (0, 0, 0, 2)))
    if len(found) > _SHOWN_ACCESS:
        console.print(Padding(Text(f"and {len(found) - _SHOWN_ACCESS} more; --json has them all"), (0, 0, 0, 2)))
    console.print()


def _print_images(console: Console, plan: Plan) -> None:
    """Which servers get which image, a line per server."""
    if plan.images:
        console.print(Text(f"images of servers ({len(plan.images)})", style="bold"))
        for each in plan.images:
            console.print(Padding(Text(image(each)), (0, 0, 0, 2)))
        console.print()


def _print_updates(console: Console, plan: Plan) -> None:
    """What is updated in place, moved, imported or forgotten."""
    others = plan.of(Kind.UPDATE, Kind.MOVE, Kind.IMPORT, Kind.FORGET)
    for change in others:
        moved = f" (was {change.previous_address})" if change.previous_address else ""
        console.print(
            Text.assemble(
                (change.kind, _STYLES.get(change.kind, "")), f"  {place(change.construct_path, change.address)}{moved}"
            )
        )
        _print_attributes(console, change)
    if others:
        console.print()


def _print_attributes(console: Console, change: Change) -> None:
    for each in change.attributes[:_SHOWN_ATTRIBUTES]:
        console.print(Padding(Text(f"{each.path}: {arrow(each)}"), (0, 0, 0, 8)))
    if len(change.attributes) > _SHOWN_ATTRIBUTES:
        rest = f"and {len(change.attributes) - _SHOWN_ATTRIBUTES} more attributes"
        console.print(Padding(Text(rest), (0, 0, 0, 8)))


def _print_drift(console: Console, plan: Plan) -> None:
    """What has changed outside of terraform."""
    if plan.drift:
        console.print(Text(f"changed outside of terraform ({len(plan.drift)})", style="bold yellow"))
        for change in plan.drift:
            names = "is gone" if change.kind is Kind.DESTROY else ", ".join(each.path for each in change.attributes)
            console.print(Padding(Text(f"{place(change.construct_path, change.address)}: {names}"), (0, 0, 0, 2)))
        console.print()


def _print_counts(console: Console, plan: Plan) -> None:
    """A row per part, a column per thing that happens."""
    kinds = list(plan.counts())
    if not kinds:
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("")
    for kind in kinds:
        table.add_column(kind, justify="right")
    for part, counts in plan.counts_by_part().items():
        table.add_row(part, *(str(counts.get(kind, "-")) for kind in kinds))
    console.print(table)
