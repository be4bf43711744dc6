"""Workflow commands by which GitHub Actions annotates files (GitHub docs: "Workflow commands for GitHub Actions")."""

from __future__ import annotations

from collections.abc import Mapping

from cli.core.gate.model import Outcome, Severity
from cli.core.gate.report.groups import line_annotations
from cli.core.gate.report.text import expiring, message, verdict

_LEVELS: Mapping[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "warning",
    "unknown": "warning",
    "unrated": "warning",
}


def render(outcome: Outcome) -> str:
    """A command per line: problems, then findings worst first, one for each line of Python, then the verdict."""
    lines = []
    for problem in outcome.all_problems:
        place = {"file": problem.file} if problem.file else {}
        lines.append(_command("error", problem.text, **place, title=f"infra check: {problem.kind}"))
    for each in line_annotations(outcome):
        lines.append(
            _command(
                _LEVELS[each.severity],
                message(each.issues),
                file=each.at.file.as_posix(),
                line=str(each.at.line),
                endLine=str(each.end_line),
                title=f"{each.rule.id} ({each.severity})",
            )
        )
    if expiring(outcome):
        lines.append(_command("warning", expiring(outcome), title="infra check"))
    lines.append(_command("notice", verdict(outcome), title="infra check"))
    return "\n".join(lines) + "\n"


def _command(name: str, text: str, **properties: str) -> str:
    """A command, escaped as GitHub's toolkit does it (actions/toolkit, packages/core/src/command.ts)."""
    shown = ",".join(f"{key}={_escape(value, ':,')}" for key, value in properties.items())
    return f"::{name} {shown}::{_escape(text)}"


def _escape(text: str, also: str = "") -> str:
    for sign in "%\r\n" + also:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
