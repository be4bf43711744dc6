"""Text for people: problems, findings worst first, what is suppressed, and a line per target."""

from __future__ import annotations

import os
import shutil
import sys
from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.core.base.text import count
from cli.core.gate.model import SEVERITIES, Finding, Outcome, Severity
from cli.core.gate.report.text import by_severity, details, suppression_groups, terms, verdict

_STYLES: dict[Severity, str] = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "unrated": ""}


def render(outcome: Outcome) -> str:
    """In colour and as wide as the terminal where standard output is one, else plain and 120 columns wide."""
    file = StringIO()
    is_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_terminal else 120
    console = Console(
        file=file, width=width, force_terminal=is_terminal, no_color="NO_COLOR" in os.environ, highlight=False
    )
    for problem in outcome.all_problems:
        console.print(Text.assemble(("problem", "bold red"), f"  {problem.kind}"))
        console.print(Padding(Text(problem.text), (0, 0, 1, 2)))
    for finding in outcome.findings:
        _print_finding(console, finding)
    _print_suppressed(console, outcome)
    _print_summary(console, outcome)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def _print_finding(console: Console, finding: Finding) -> None:
    """A finding: severity and rule, where, what, how to fix it."""
    rule, at = finding.rule, finding.at
    style = _STYLES[rule.severity]
    console.print(Text.assemble((f"{rule.severity}", style), f"  {rule.id}  ", (rule.name, "bold")))
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim")
    grid.add_column(overflow="fold")
    if at.construct_path:
        grid.add_row("construct", Text(at.construct_path))
    grid.add_row("resource", Text(at.address))
    grid.add_row("file", Text(f"{at.file}:{at.line}"))
    for label, text in details(finding):
        grid.add_row(label, Text(text))
    console.print(Padding(grid, (0, 0, 1, 2)))


def _print_suppressed(console: Console, outcome: Outcome) -> None:
    """What is accepted, alike ones together."""
    groups = suppression_groups(outcome.results)
    if not groups:
        return
    total = sum(len(result.suppressed) for result in outcome.results)
    console.print(Text(count(total, "suppressed finding"), style="bold"))
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right")
    grid.add_column(overflow="fold")
    for group in groups:
        reason = f"{group.first.reason} ({terms(group.first)})"
        grid.add_row(Text(group.first.rule.id), str(len(group.resources)), Text(reason))
    console.print(Padding(grid, (0, 0, 1, 2)))


def _print_summary(console: Console, outcome: Outcome) -> None:
    """A line per target, and the verdict."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("")
    shown = [each for each in SEVERITIES if any(by_severity(result.findings)[each] for result in outcome.results)]
    for title in ("resources", "passed", *shown, "suppressed"):
        table.add_column(title, justify="right")
    for result in outcome.results:
        counts = by_severity(result.findings)
        table.add_row(
            Text(result.target.name),
            str(result.resources),
            str(result.passed),
            *(str(counts[each] or "-") for each in shown),
            str(len(result.suppressed)),
        )
    if outcome.results:
        console.print(table)
    console.print(Text(verdict(outcome), style="bold green" if outcome.exit_code == 0 else "bold red"))
