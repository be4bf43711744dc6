"""Markdown, for a comment on a pull request. Its first line is a marker, by which the comment is found again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from cli.core.base.text import code, escaped
from cli.core.change.report import markdown_details, markdown_headlines
from cli.core.plans.model import Access, Change, Kind, Plan
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
    others_opened,
    place,
    summary,
    why,
)

_LONGEST = 60_000
"""Bytes; GitHub takes comments of 65,536 characters."""


def marker(stack: str) -> str:
    """The first line of the comment about a stack."""
    return f"<!-- infra-plan: {stack} -->"


def _plan_id(report: Report) -> str:
    """The line by which a workflow finds the plan's id; nothing is shown of it."""
    return f"<!-- infra-plan-id: {report.id} -->"


def render(report: Report) -> str:
    """The verdict, what goes, what widens access, counts per part; the rest folded."""
    plan = report.plan
    lines = [marker(plan.stack), _plan_id(report)]
    lines += [*markdown_headlines(report.proof), ""] if report.proof else []
    lines += [f"## Plan of {plan.stack}: {summary(plan)}", ""]
    if not plan.is_empty:
        lines += [f"**{escaped(dangers(plan, report.proof).capitalize())}.**", ""]
    lines += markdown_details(report.proof) if report.proof else []
    lines += [f"- {escaped(note)}" for note in report.notes]
    lines += [""] if report.notes else []
    lines += _losses(plan)
    if plan.widened and report.proof:
        lines += _folded(f"Widens access, grant by grant ({len(plan.widened)})", list(map(_opened, plan.widened)))
    elif plan.widened:
        lines += [f"### Widens access ({len(plan.widened)})", "", *map(_opened, plan.widened), ""]
    if plan.images:
        images = (f"- {escaped(image(each))}" for each in plan.images)
        lines += [f"### Images of servers ({len(plan.images)})", "", *images, ""]
    if plan.drift:
        lines += _folded(f"Changed outside of terraform ({len(plan.drift)})", _changed(plan.drift))
    lines += _counts(plan)
    for kind in (Kind.UPDATE, Kind.MOVE, Kind.IMPORT, Kind.FORGET, Kind.CREATE):
        changes = plan.of(kind)
        if changes:
            items = list(map(_created, changes)) if kind is Kind.CREATE else _changed(changes)
            lines += _folded(f"{str(kind).capitalize()} ({len(changes)})", items)
    for title, found in others_opened(plan).items():
        lines += _folded(title.capitalize(), list(map(_opened, found)))
    return _short("\n".join(lines))


def _opened(access: Access) -> str:
    return f"- {code(place(access.construct_path, access.address))} {escaped(access.text)}{_line(access)}"


def _line(found: Change | Access) -> str:
    return f" {escaped(made_in(found))}" if found.source_line else ""


def _losses(plan: Plan) -> list[str]:
    """What is destroyed or replaced."""
    changes = plan.of(Kind.DESTROY, Kind.REPLACE)
    lines = ["### Destroyed or replaced", ""] if changes else []
    for change in changes:
        data = " **holds data**" if change.address in plan.stateful_losses else ""
        lines += [f"- **{change.kind}** {code(change.address)}{data}{_line(change)}"]
        lines += [f"  <br>{escaped(reason)}" for reason in (*why(change), *notes_of(change))]
        lines += _shown([*attribute_lines([each for each in change.attributes if not each.forces_replacement])])
    return [*lines, ""] if changes else []


def _counts(plan: Plan) -> list[str]:
    """A row per part, a column per thing that happens."""
    kinds = list(plan.counts())
    if not kinds:
        return []
    return [
        "| part | " + " | ".join(kinds) + " |",
        "|---|" + "--:|" * len(kinds),
        *(
            f"| {escaped(part)} | " + " | ".join(str(counts.get(kind, "")) for kind in kinds) + " |"
            for part, counts in plan.counts_by_part().items()
        ),
        "",
    ]


def _changed(changes: Sequence[Change]) -> list[str]:
    """What happens to resources; what is the same for several once."""
    lines = []
    for (kind, shown), same in alike(changes).items():
        for change in same:
            gone = " is gone" if kind is Kind.DESTROY else ""
            lines += [f"- {code(place(change.construct_path, change.address))}{gone}{_line(change)}"]
        lines += _shown(shown)
    return lines


def _created(change: Change) -> str:
    facts = f": {escaped(', '.join(change.facts))}" if change.facts else ""
    return f"- {code(place(change.construct_path, change.address))} {escaped(noun(change.type))}{facts}"


def _shown(lines: Sequence[Line]) -> list[str]:
    """Lines of a change: words as they are, what differs within texts as a diff."""
    shown: list[str] = []
    for is_diff, group in groupby(lines, key=lambda line: bool(line[0])):
        if is_diff:
            texts = [f"{'!' if sign == '~' else sign} {text}" for sign, text in group]
            longest = max((len(found) for text in texts for found in re.findall("`+", text)), default=0)
            fence = "`" * max(3, longest + 1)
            shown += ["", *(f"  {line}" for line in (f"{fence}diff", *texts, fence)), ""]
        else:
            shown += [f"  <br>{escaped(text)}" for _, text in group]
    return shown


def _folded(title: str, lines: Sequence[str]) -> list[str]:
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>", ""]


def _short(text: str) -> str:
    """The text, cut at a line where it is too long for a comment, with what the cut leaves open closed."""
    if len(text.encode()) <= _LONGEST:
        return text
    lines, size = [], 0
    for line in text.split("\n"):
        size += len(line.encode()) + 1
        if size > _LONGEST:
            break
        lines.append(line)
    missing = text.count("\n") + 1 - len(lines)
    fence = ""
    for line in lines:
        found = _FENCE.fullmatch(line)
        if found and not fence:
            fence = found[1]
        elif fence and line == f"  {fence}":
            fence = ""
    closing = [f"  {fence}", ""] if fence else []
    if lines.count("<details>") > lines.count("</details>"):
        closing += ["", "</details>"]
    rest = f"**The rest is cut ({missing} lines)**: a comment on GitHub is not longer; `infra plan` shows all of it."
    return "\n".join((*lines, *closing, "", rest, ""))


_FENCE = re.compile(r"  (`{3,})diff")
