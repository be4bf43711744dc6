"""What several formats say in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cli.core.base.errors import ExitCode
from cli.core.gate.model import SEVERITIES, Checked, Finding, Outcome, Severity, Suppressed


def verdict(outcome: Outcome) -> str:
    """One sentence: whether it passed, and if not, why."""
    findings = len(outcome.findings)
    problems = len(outcome.all_problems)
    match outcome.exit_code:
        case ExitCode.OK:
            return "passed"
        case ExitCode.FINDINGS:
            return f"not passed: {count(findings, 'finding')}"
        case _:
            also = f", and {count(findings, 'finding')}" if findings else ""
            return f"not passed: the gate could not do its job ({count(problems, 'problem')}){also}"


def count(number: int, what: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def by_severity(findings: Iterable[Finding]) -> Mapping[Severity, int]:
    """How many findings of each severity, worst first."""
    counts = dict.fromkeys(SEVERITIES, 0)
    for finding in findings:
        counts[finding.rule.severity] += 1
    return counts


def details(finding: Finding) -> Sequence[tuple[str, str]]:
    """Label and text of each thing to say about a finding: found, allowed, fix."""
    lines = []
    for detail in finding.details:
        lines += [(label, text) for label, text in (("found", detail.found), ("allowed", detail.allowed)) if text]
    return [*lines, ("fix", finding.rule.fix)] if finding.rule.fix else lines


def message(finding: Finding) -> str:
    """A finding in lines of text, without its place."""
    place = finding.at.construct_path or finding.at.address
    return "\n".join([f"{finding.rule.name}: {place}", *(f"{label}: {text}" for label, text in details(finding))])


@dataclass(frozen=True)
class Accepted:
    """Suppressions that are the same but for their resources."""

    first: Suppressed
    targets: tuple[str, ...]
    resources: tuple[str, ...]
    """Construct paths, or addresses where there is none; of all targets."""

    @property
    def terms(self) -> str:
        """Who answers for it, and until when."""
        owner, expires = self.first.owner, self.first.expires
        return f"{owner}, until {expires}" if owner else "a comment in the code"


def accepted(checked: Iterable[Checked]) -> Sequence[Accepted]:
    """All suppressions that are in use, alike ones together, by rule."""
    groups: dict[tuple[str, str, str, str], list[tuple[str, Suppressed]]] = {}
    for each in checked:
        for suppressed in each.suppressed:
            key = (suppressed.rule.id, suppressed.reason, str(suppressed.owner), str(suppressed.expires))
            groups.setdefault(key, []).append((each.target.name, suppressed))
    return [
        Accepted(
            members[0][1],
            tuple(dict.fromkeys(target for target, _ in members)),
            tuple(dict.fromkeys(each.at.construct_path or each.at.address for _, each in members)),
        )
        for _, members in sorted(groups.items())
    ]
