"""Markdown, for a pull request."""

from __future__ import annotations

from cli.core.base.text import code, count, escaped
from cli.core.gate.model import SEVERITIES, Finding, Outcome, TargetResult
from cli.core.gate.report.text import by_severity, details, suppression_groups, terms, verdict


def render(outcome: Outcome) -> str:
    """Verdict, problems, a row per target, findings worst first, suppressions folded."""
    lines = [f"## Policy gate: {verdict(outcome)}", ""]
    lines += [f"- **{problem.kind}**: {escaped(problem.text)}" for problem in outcome.all_problems]
    lines += [""] if outcome.all_problems else []
    lines += ["| | resources | passed | " + " | ".join(SEVERITIES) + " | suppressed |"]
    lines += ["|---|" + "--:|" * (len(SEVERITIES) + 3)]
    lines += [_row(result) for result in outcome.results]
    lines += [""]
    for result in outcome.results:
        if result.findings:
            lines += [f"### {escaped(result.target.name)}", ""]
            for finding in result.findings:
                lines += _finding(finding)
            lines += [""]
    groups = suppression_groups(outcome.results)
    if groups:
        total = sum(len(result.suppressed) for result in outcome.results)
        lines += ["<details>", f"<summary>{count(total, 'suppressed finding')}</summary>", ""]
        lines += ["| rule | where | reason | terms |", "|---|---|---|---|"]
        for group in groups:
            where = "<br>".join(code(resource) for resource in group.resources)
            lines += [
                f"| {group.first.rule.id} | {where} | {escaped(group.first.reason)} | {escaped(terms(group.first))} |"
            ]
        lines += ["", "</details>", ""]
    return "\n".join(lines)


def _row(result: TargetResult) -> str:
    counts = by_severity(result.findings)
    cells = [
        escaped(result.target.name),
        result.resources,
        result.passed,
        *(counts[each] or "" for each in SEVERITIES),
        len(result.suppressed),
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def _finding(finding: Finding) -> list[str]:
    path = finding.at.construct_path
    place = f"{code(path)}, " if path else ""
    return [
        f"- **{finding.rule.severity}** {finding.rule.id} {escaped(finding.rule.name)}",
        f"  <br>{place}{code(finding.at.address)} ({escaped(finding.at.file.as_posix())}:{finding.at.line})",
        *(f"  <br>{label}: {escaped(text)}" for label, text in details(finding)),
    ]
