"""Markdown, for a pull request."""

from __future__ import annotations

from cli.core.gate.model import SEVERITIES, Finding, Outcome, TargetResult
from cli.core.gate.report.text import by_severity, count, details, suppression_groups, terms, verdict


def render(outcome: Outcome) -> str:
    """Verdict, problems, a row per target, findings worst first, suppressions folded."""
    lines = [f"## Policy gate: {verdict(outcome)}", ""]
    lines += [f"- **{problem.kind}**: {_text(problem.text)}" for problem in outcome.all_problems]
    lines += [""] if outcome.all_problems else []
    lines += ["| | resources | passed | " + " | ".join(SEVERITIES) + " | suppressed |"]
    lines += ["|---|" + "--:|" * (len(SEVERITIES) + 3)]
    lines += [_row(result) for result in outcome.results]
    lines += [""]
    for result in outcome.results:
        if result.findings:
            lines += [f"### {_text(result.target.name)}", ""]
            for finding in result.findings:
                lines += _finding(finding)
            lines += [""]
    groups = suppression_groups(outcome.results)
    if groups:
        total = sum(len(result.suppressed) for result in outcome.results)
        lines += ["<details>", f"<summary>{count(total, 'suppressed finding')}</summary>", ""]
        lines += ["| rule | where | reason | terms |", "|---|---|---|---|"]
        for group in groups:
            where = "<br>".join(_code(resource) for resource in group.resources)
            lines += [
                f"| {group.first.rule.id} | {where} | {_text(group.first.reason)} | {_text(terms(group.first))} |"
            ]
        lines += ["", "</details>", ""]
    return "\n".join(lines)


def _row(result: TargetResult) -> str:
    counts = by_severity(result.findings)
    cells = [
        _text(result.target.name),
        result.resources,
        result.passed,
        *(counts[each] or "" for each in SEVERITIES),
        len(result.suppressed),
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def _finding(finding: Finding) -> list[str]:
    path = finding.at.construct_path
    place = f"{_code(path)}, " if path else ""
    return [
        f"- **{finding.rule.severity}** {finding.rule.id} {_text(finding.rule.name)}",
        f"  <br>{place}{_code(finding.at.address)} ({_text(finding.at.file.as_posix())}:{finding.at.line})",
        *(f"  <br>{label}: {_text(text)}" for label, text in details(finding)),
    ]


def _text(text: str) -> str:
    """Text that Markdown takes for nothing else, also in a table."""
    for sign in "\\`*_{}[]<>|#$~":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _code(text: str) -> str:
    """Code, also in a table. Addresses and construct paths hold no backtick that would end it."""
    return f"`{text.replace('|', chr(92) + '|').replace('`', '')}`"
