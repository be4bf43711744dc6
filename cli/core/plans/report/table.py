"""Text for people: the verdict, what goes, what widens access, the rest, counts per part, the verdict again."""

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

from cli.core.base.text import count
from cli.core.change.model import ChangeProof
from cli.core.change.text import examples, headlines
from cli.core.plans.model import Kind, Plan
from cli.core.plans.names import noun
from cli.core.plans.report import Report
from cli.core.plans.report.text import (
    Line,
    alike,
    attribute_lines,
    dangers,
    image,
    made_in,
    notes_of,
    opened,
    others_opened,
    place,
    summary,
    why,
    within,
)

_STYLES = {Kind.DESTROY: "bold red", Kind.REPLACE: "red", Kind.UPDATE: "yellow", Kind.CREATE: "green"}
_SIGN_STYLES = {"+": "green", "-": "red", "~": "yellow", "": ""}
_SHOWN_ACCESS = 20
_SHOWN_LINES = 40
"""Lines that are shown of one change."""
_INDENT = 9
_WIDTH = 80
"""Where standard output is no terminal, and COLUMNS does not say another width."""


def render(report: Report) -> str:
    """In colour and as wide as the terminal where standard output is one, else plain and 80 columns wide."""
    file = StringIO()
    is_terminal = sys.stdout.isatty()
    console = Console(
        file=file,
        width=shutil.get_terminal_size((_WIDTH, 24)).columns,
        force_terminal=is_terminal,
        no_color="NO_COLOR" in os.environ,
        highlight=False,
    )
    plan = report.plan
    if report.proof is not None:
        _print_proof(console, report.proof)
    verdict = f"{plan.stack}: {summary(plan)}"
    if not plan.is_empty:
        console.print(
            Text.assemble(
                (verdict, "bold"),
                ("; ", ""),
                (dangers(plan, report.proof), "bold red" if _is_dangerous(plan, report.proof) else ""),
            )
        )
        console.print()
    _print_losses(console, plan)
    _print_access(console, plan)
    _print_images(console, plan)
    _print_drift(console, plan)
    _print_updates(console, plan)
    _print_created(console, plan)
    _print_counts(console, plan)
    for note in report.notes:
        console.print(Text(note, style="dim"))
    console.print(Text(verdict, style="bold"))
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def _is_dangerous(plan: Plan, proof: ChangeProof | None) -> bool:
    is_wider = plan.widened and not (proof is not None and proof.is_proved)
    return bool(plan.stateful_losses or is_wider or plan.drift)


def _print_proof(console: Console, proof: ChangeProof) -> None:
    """What opens, what closes, what is looser; an example of each thing that opens below its name."""
    for line in headlines(proof):
        is_bad = line.startswith(("Opens ", "May open", "Destroys")) and not line.startswith("Opens nothing")
        _print_item(console, line.strip(), indent=len(line) - len(line.lstrip()), style="bold red" if is_bad else "")
    for effect in examples(proof)[0]:
        if effect.witness:
            console.print()
            _print_item(console, effect.text, indent=0)
        for line in effect.witness:
            _print_item(console, line.strip(), indent=2 + len(line) - len(line.lstrip()), style="dim")
    console.print()


def _print_losses(console: Console, plan: Plan) -> None:
    """Destroys and replacements, with what forces them and what is lost."""
    changes = plan.of(Kind.DESTROY, Kind.REPLACE)
    for change in changes:
        data = " (holds data)" if change.address in plan.stateful_losses else ""
        kind = (change.kind, _STYLES[change.kind])
        _print_head(console, Text.assemble(kind, f"  {change.address}", (data, "bold red"), made_in(change)))
        notes = [*([change.construct_path] if change.construct_path else []), *why(change), *notes_of(change)]
        rest = [each for each in change.attributes if not each.forces_replacement]
        _print_lines(console, [*(("", note) for note in notes), *attribute_lines(rest)])
    if changes:
        console.print()


def _print_access(console: Console, plan: Plan) -> None:
    """What widens access, a line per place; of the rest that opens something, how much there is."""
    found = plan.widened
    if found:
        console.print(Text(f"widens access ({len(found)})", style="bold yellow"))
        for each in found[:_SHOWN_ACCESS]:
            _print_item(console, opened(each))
        if len(found) > _SHOWN_ACCESS:
            _print_item(console, f"and {len(found) - _SHOWN_ACCESS} more; --json has them all")
        console.print()
    others = others_opened(plan)
    for title in others:
        _print_item(console, f"{title}; --json names them", indent=0)
    if others:
        console.print()


def _print_images(console: Console, plan: Plan) -> None:
    """Which servers get which image, a line per server."""
    if plan.images:
        console.print(Text(f"images of servers ({len(plan.images)})", style="bold"))
        for each in plan.images:
            _print_item(console, image(each))
        console.print()


def _print_updates(console: Console, plan: Plan) -> None:
    """What is updated in place, moved, imported or forgotten; what is the same for several resources once."""
    others = plan.of(Kind.UPDATE, Kind.MOVE, Kind.IMPORT, Kind.FORGET)
    for (kind, lines), changes in alike(others).items():
        for at, change in enumerate(changes):
            sign = (kind, _STYLES.get(kind, "")) if not at else " " * len(kind)
            where = place(change.construct_path, change.address)
            _print_head(console, Text.assemble(sign, f"  {where}", made_in(change)))
        _print_lines(console, lines)
    if others:
        console.print()


def _print_created(console: Console, plan: Plan) -> None:
    """What is created, by part, with the arguments that tell what it is."""
    created = plan.of(Kind.CREATE)
    for part in dict.fromkeys(change.part for change in created):
        changes = [change for change in created if change.part == part]
        console.print(Text.assemble((Kind.CREATE, _STYLES[Kind.CREATE]), f"  {part} ({len(changes)})"))
        for change in changes:
            facts = f": {', '.join(change.facts)}" if change.facts else ""
            _print_item(console, f"{within(change)}  {noun(change.type)}{facts}", indent=_INDENT - 1)
    if created:
        console.print()


def _print_head(console: Console, head: Text) -> None:
    """A resource, and where it is made; what does not fit stands further in."""
    for at, line in enumerate(head.wrap(console, console.width)):
        console.print(Padding(line, (0, 0, 0, _INDENT + 1 if at else 0)))


def _print_lines(console: Console, lines: Sequence[Line]) -> None:
    for sign, text in lines[:_SHOWN_LINES]:
        if sign:
            _print_item(console, f"{sign} {text}", indent=_INDENT + 2, style=_SIGN_STYLES[sign])
        else:
            _print_item(console, text, indent=_INDENT)
    if len(lines) > _SHOWN_LINES:
        _print_item(
            console, f"and {count(len(lines) - _SHOWN_LINES, 'more line')}; --json has them all", indent=_INDENT
        )


def _print_item(console: Console, text: str, *, indent: int = 2, style: str = "") -> None:
    """A line of a list; what does not fit stands further in."""
    for at, line in enumerate(Text(text, style=style).wrap(console, console.width - indent - 2) or [Text()]):
        console.print(Padding(line, (0, 0, 0, indent + (2 if at else 0))))


def _print_drift(console: Console, plan: Plan) -> None:
    """What has changed outside of terraform."""
    if plan.drift:
        console.print(Text(f"changed outside of terraform ({len(plan.drift)})", style="bold yellow"))
        for change in plan.drift:
            gone = change.kind is Kind.DESTROY
            _print_item(console, f"{place(change.construct_path, change.address)}{' is gone' if gone else ''}")
            _print_lines(console, () if gone else tuple(attribute_lines(change.attributes)))
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
        table.add_row(part, *(str(counts.get(kind, "")) for kind in kinds))
    console.print(table)
