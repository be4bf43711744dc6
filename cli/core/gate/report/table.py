"""Text for people: problems, a line per rule, the findings of each rule by cause, and a line per target."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from io import StringIO
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.core.gate.model import SEVERITIES, Outcome, Problem, Severity, TargetResult
from cli.core.gate.report.groups import AffectedResource, Cause, RuleGroup, groups, issues_of
from cli.core.gate.report.text import accepted, by_severity, expiring, suppressed, verdict

_STYLES: dict[Severity, str] = {
    "critical": "bold red",
    "high": "red",
    "medium": "yellow",
    "low": "cyan",
    "unknown": "magenta",
    "unrated": "",
}
_LONGEST = max(map(len, SEVERITIES))


def render(outcome: Outcome) -> str:
    """Everything that is wrong; in colour where standard output is a terminal, and as wide as `COLUMNS` or the
    terminal says, or 80 columns."""
    return _render(outcome, is_short=False)


def render_short(outcome: Outcome) -> str:
    """Problems, a line per rule, and the verdict."""
    return _render(outcome, is_short=True)


def _render(outcome: Outcome, *, is_short: bool) -> str:
    file = StringIO()
    console = Console(
        file=file,
        width=shutil.get_terminal_size((80, 24)).columns,
        force_terminal=sys.stdout.isatty(),
        no_color="NO_COLOR" in os.environ,
        highlight=False,
    )
    _print_problems(console, outcome.all_problems)
    by_rule = groups(outcome)
    _print_rules(console, by_rule)
    if not is_short:
        for group in by_rule:
            _print_group(console, group)
        for note in dict.fromkeys(note for result in outcome.results for note in result.notes):
            console.print(Text(f"note  {note.kind}"))
            console.print(Padding(Text(note.text), (0, 0, 1, 2)))
        for line in filter(None, (accepted(outcome), suppressed(outcome), expiring(outcome))):
            console.print(Padding(Text(line), (0, 0, 1, 0)))
        _print_targets(console, outcome.results)
    console.print(Text(verdict(outcome), style="bold green" if outcome.exit_code == 0 else "bold red"))
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def _print_problems(console: Console, problems: Sequence[Problem]) -> None:
    """Those of a kind together."""
    for kind in dict.fromkeys(problem.kind for problem in problems):
        console.print(Text.assemble(("problem", "bold red"), f"  {kind}"))
        for problem in dict.fromkeys(each for each in problems if each.kind == kind):
            console.print(Padding(Text(problem.text), (0, 0, 0, 2)))
        console.print()


def _print_rules(console: Console, by_rule: Sequence[RuleGroup]) -> None:
    """A line per rule, worst first."""
    if not by_rule:
        return
    digits = len(str(max(group.issues for group in by_rule)))
    longest = max(len(group.rule.id) for group in by_rule)
    for group in by_rule:
        line = Text.assemble(
            (group.severity.ljust(_LONGEST), _STYLES[group.severity]),
            f"  {group.rule.id:{longest}}  {group.issues:{digits}}  {group.rule.name}",
        )
        line.truncate(console.width, overflow="ellipsis")
        console.print(line)
    console.print()


def _print_group(console: Console, group: RuleGroup) -> None:
    """What breaks a rule: its name, how to fix it, and the resources by cause."""
    title = Text.assemble((group.severity, _STYLES[group.severity]), f"  {group.rule.id}  ", (group.rule.name, "bold"))
    console.print(title)
    if group.also:
        _print_labelled(console, "also", ", ".join(group.also))
    for number, cause in enumerate(group.causes):
        if number == 0 or cause.fix != group.causes[number - 1].fix:
            _print_labelled(console, "fix", cause.fix)
        _print_cause(console, cause)
    console.print()


def _print_cause(console: Console, cause: Cause) -> None:
    """What was found and is allowed, and where: a line per resource if it is not too long."""
    for allowed, details in groupby(cause.details, key=lambda detail: detail.allowed):
        for detail in details:
            _print_labelled(console, "found", detail.found)
        _print_labelled(console, "allowed", allowed)
    for place in cause.places:
        name, where = _name(place), str(place.at)
        if len(name) + len(where) + 6 <= console.width:
            console.print(Text(f"    {name}  {where}"), soft_wrap=True)
        else:
            console.print(Text(f"    {name}\n      {where}"), soft_wrap=True)


def _name(place: AffectedResource) -> str:
    return place.name if place.instances == 1 else f"{place.name} ({place.instances} instances)"


def _print_labelled(console: Console, label: str, text: str) -> None:
    if text:
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(style="dim", width=len("allowed"))
        grid.add_column(overflow="fold")
        grid.add_row(label, Text(text))
        console.print(Padding(grid, (0, 0, 0, 2)))


def _print_targets(console: Console, results: Sequence[TargetResult]) -> None:
    """A line per target; those in which nothing is wrong share one if there are many."""
    clean = [result for result in results if not result.findings and not result.problems]
    alone = results if len(clean) <= _FEW else [result for result in results if result not in clean]
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("", overflow="fold")
    counts = {id(result): by_severity(issues_of([result])) for result in results}
    shown = [each for each in SEVERITIES if any(some[each] for some in counts.values())]
    for title in ("resources", "passed", *shown, "suppressed"):
        table.add_column(title, justify="right")
    for result in alone:
        table.add_row(
            Text(result.target.name),
            str(result.resources),
            str(result.passed),
            *(str(counts[id(result)][each] or "-") for each in shown),
            str(len(result.suppressed)),
        )
    if len(alone) < len(results):
        table.add_row(
            f"{len(clean)} without findings",
            str(sum(result.resources for result in clean)),
            str(sum(result.passed for result in clean)),
            *("-" for _ in shown),
            str(sum(len(result.suppressed) for result in clean)),
        )
    if results:
        console.print(table)


_FEW = 10
"""Targets without findings that are shown one by one."""
