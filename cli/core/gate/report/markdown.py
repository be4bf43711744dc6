"""Markdown, for a pull request."""

from __future__ import annotations

from cli.core.base.text import code, count, escaped
from cli.core.gate.duplicates import issues
from cli.core.gate.model import SEVERITIES, Outcome, TargetResult
from cli.core.gate.report.groups import Cause, RuleGroup, groups
from cli.core.gate.report.text import accepted, by_severity, expiring, suppression_groups, terms, verdict


def render(outcome: Outcome) -> str:
    """Verdict, problems, a row per target, findings by rule and worst first, suppressions folded."""
    lines = [f"## Policy gate: {verdict(outcome)}", ""]
    lines += [f"- **{problem.kind}**: {escaped(problem.text)}" for problem in outcome.all_problems]
    lines += [""] if outcome.all_problems else []
    lines += ["| | resources | passed | " + " | ".join(SEVERITIES) + " | suppressed |"]
    lines += ["|---|" + "--:|" * (len(SEVERITIES) + 3)]
    lines += [_row(result) for result in outcome.results]
    lines += [""]
    for group in groups(outcome):
        lines += _group(group)
    lines += [escaped(line) + "<br>" for line in accepted(outcome).splitlines()]
    lines += [escaped(expiring(outcome)), ""] if expiring(outcome) else []
    suppressions = suppression_groups(outcome.results)
    if suppressions:
        total = sum(len(result.suppressed) for result in outcome.results)
        lines += ["<details>", f"<summary>{count(total, 'suppressed finding')}</summary>", ""]
        lines += ["| rule | where | reason | terms |", "|---|---|---|---|"]
        for suppression in suppressions:
            where = "<br>".join(code(resource) for resource in suppression.resources)
            first = suppression.first
            lines += [f"| {first.rule.id} | {where} | {escaped(first.reason)} | {escaped(terms(first))} |"]
        lines += ["", "</details>", ""]
    return "\n".join(lines)


def _row(result: TargetResult) -> str:
    counts = by_severity(issues(result.findings))
    cells = [
        escaped(result.target.name),
        result.resources,
        result.passed,
        *(counts[each] or "" for each in SEVERITIES),
        len(result.suppressed),
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def _group(group: RuleGroup) -> list[str]:
    lines = [f"### {group.severity}: {group.rule.id} {escaped(group.rule.name)}", ""]
    lines += [f"Also: {', '.join(group.also)}", ""] if group.also else []
    for cause in group.causes:
        lines += _cause(cause)
    return [*lines, ""]


def _cause(cause: Cause) -> list[str]:
    """Each resource, and below it what was found and how to fix it."""
    lines = []
    for place in cause.places:
        instances = f" ({place.instances} instances)" if place.instances > 1 else ""
        lines.append(f"- {code(place.name)}{instances} ({escaped(str(place.at))})")
    for detail in cause.details:
        said = (("found", detail.found), ("allowed", detail.allowed))
        lines += [f"  <br>{label}: {escaped(text)}" for label, text in said if text]
    return [*lines, *([f"  <br>fix: {escaped(cause.fix)}"] if cause.fix else [])]
