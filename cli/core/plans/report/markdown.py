"""Markdown, for a comment on a pull request. Its first line is a marker, by which the comment is found again."""

from __future__ import annotations

from collections.abc import Sequence

from cli.core.base.text import code, escaped
from cli.core.plans.model import Change, Kind
from cli.core.plans.report import Report
from cli.core.plans.report.text import arrow, groups, image, place, summary, why

_LONGEST = 60_000
"""Characters; GitHub takes comments of 65,536."""


def marker(stack: str) -> str:
    """The first line of the comment about a stack."""
    return f"<!-- infra-plan: {stack} -->"


def _plan_id(report: Report) -> str:
    """The line by which a workflow finds the plan's id; nothing is shown of it."""
    return f"<!-- infra-plan-id: {report.id} -->"


def render(report: Report) -> str:
    """What goes, what widens access, counts per part; the rest folded."""
    plan = report.plan
    lines = [marker(plan.stack), _plan_id(report), f"## Plan of {plan.stack}: {summary(plan)}", ""]
    lines += [f"- {escaped(note)}" for note in report.notes]
    lines += [""] if report.notes else []
    going = plan.of(Kind.DESTROY, Kind.REPLACE)
    if going:
        lines += ["### Destroyed or replaced", ""]
        for change in going:
            data = " **holds data**" if change.address in plan.stateful_losses else ""
            lines += [f"- **{change.kind}** {code(change.address)}{data}"]
            lines += [f"  <br>{escaped(reason)}" for reason in why(change)]
        lines += [""]
    for how, found in groups(plan.access).items():
        items = [f"- {code(place(each.construct_path, each.address))} {escaped(each.text)}" for each in found]
        lines += _folded(f"{str(how).capitalize()} access ({len(found)})", items)
    if plan.images:
        lines += [
            f"### Images of servers ({len(plan.images)})",
            "",
            *(f"- {escaped(image(each))}" for each in plan.images),
            "",
        ]
    kinds = list(plan.counts())
    if kinds:
        lines += ["| part | " + " | ".join(kinds) + " |", "|---|" + "--:|" * len(kinds)]
        for part, counts in plan.counts_by_part().items():
            lines += [f"| {escaped(part)} | " + " | ".join(str(counts.get(kind, "")) for kind in kinds) + " |"]
        lines += [""]
    for kind in (Kind.UPDATE, Kind.MOVE, Kind.IMPORT, Kind.FORGET, Kind.CREATE):
        changes = plan.of(kind)
        if changes:
            lines += _folded(f"{str(kind).capitalize()} ({len(changes)})", _items(changes))
    if plan.drift:
        lines += _folded(f"Changed outside of terraform ({len(plan.drift)})", _items(plan.drift))
    return _short("\n".join(lines))


def _items(changes: Sequence[Change]) -> list[str]:
    """A line per resource, and one for each attribute of what is updated."""
    lines = []
    for change in changes:
        moved = f" (was {code(change.previous_address)})" if change.previous_address else ""
        lines += [f"- {code(place(change.construct_path, change.address))}{moved}"]
        if change.kind is Kind.UPDATE:
            lines += [f"  <br>{escaped(f'{each.path}: {arrow(each)}')}" for each in change.attributes]
    return lines


def _folded(title: str, lines: Sequence[str]) -> list[str]:
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>", ""]


def _short(text: str) -> str:
    """The text, cut at a line where it is too long for a comment."""
    if len(text) <= _LONGEST:
        return text
    cut = text[: text.rindex("\n", 0, _LONGEST)]
    is_open = cut.count("<details>") > cut.count("</details>")
    return f"{cut}\n{'</details>' if is_open else ''}\n\nThe rest is cut; `infra plan` shows all of it.\n"
