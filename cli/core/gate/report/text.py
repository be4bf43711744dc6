"""Texts that several formats share."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cli.core.base.errors import ExitCode
from cli.core.base.text import count
from cli.core.gate.duplicates import Issue, issues
from cli.core.gate.model import SEVERITIES, Finding, Outcome, Severity, SuppressedFinding, TargetResult


def verdict(outcome: Outcome) -> str:
    """One sentence: whether it passed, and if not, why."""
    findings = sum(len(issues(result.findings)) for result in outcome.results)
    problems = len(outcome.all_problems)
    match outcome.exit_code:
        case ExitCode.OK:
            return "passed"
        case ExitCode.FINDINGS:
            return f"not passed: {count(findings, 'finding')}"
        case _:
            also = f", and {count(findings, 'finding')}" if findings else ""
            return f"not passed: the gate could not do its job ({count(problems, 'problem')}){also}"


def by_severity(some: Iterable[Issue]) -> Mapping[Severity, int]:
    """How many issues of each severity, worst first."""
    counts = dict.fromkeys(SEVERITIES, 0)
    for issue in some:
        counts[issue.finding.severity] += 1
    return counts


def details(finding: Finding) -> Sequence[tuple[str, str]]:
    """Label and text of each thing to say about a finding: found, allowed, fix."""
    lines = []
    for detail in finding.details:
        lines += [(label, text) for label, text in (("found", detail.found), ("allowed", detail.allowed)) if text]
    return [*lines, ("fix", finding.rule.fix)] if finding.rule.fix else lines


def message(some: Sequence[Issue]) -> str:
    """Issues of one rule in lines of text, without their place: the resources, what was found, the fix, and the rules
    that say the same."""
    names = dict.fromkeys(issue.finding.at.name for issue in some)
    lines = [f"{some[0].finding.rule.name}: {', '.join(names)}"]
    lines += [f"{label}: {text}" for issue in some for label, text in details(issue.finding)]
    also = sorted({other.rule.id for issue in some for other in issue.also})
    lines += [f"also: {', '.join(also)}"] if also else []
    return "\n".join(dict.fromkeys(lines))


def terms(suppressed: SuppressedFinding) -> str:
    """Who answers for a suppression, and until when."""
    return f"{suppressed.owner}, until {suppressed.expires}" if suppressed.owner else "a comment in the code"


EXPIRY_WARNING = datetime.timedelta(days=60)
"""How long before its last day a suppression is named."""


def expiring(outcome: Outcome) -> str:
    """The suppressions that end soon, in one line; empty if there is none."""
    ends = sorted(
        {
            (each.expires, each.rule.id)
            for result in outcome.results
            for each in result.suppressed
            if each.expires and each.expires <= outcome.today + EXPIRY_WARNING
        }
    )
    return f"warning: suppressions end soon: {', '.join(f'{rule} on {day}' for day, rule in ends)}" if ends else ""


def suppressed(outcome: Outcome) -> str:
    """How many findings are suppressed, and when the first suppression ends; empty if none is."""
    all_of_them = [each for result in outcome.results for each in result.suppressed]
    ends = min((each.expires for each in all_of_them if each.expires), default=None)
    if not all_of_them:
        return ""
    until = f"; the first suppression ends on {ends}" if ends else ""
    return f"{count(len(all_of_them), 'suppressed finding')}{until} (--format markdown and json list them)"


def accepted(outcome: Outcome) -> str:
    """How many findings a baseline accepts, and what it has that is gone; empty if there is neither."""
    number = sum(len(result.accepted) for result in outcome.results)
    lines = [f"{count(number, 'finding')} accepted by the baseline"] if number else []
    if outcome.gone:
        lines.append(f"{count(len(outcome.gone), 'finding')} of the baseline gone; write it anew without:")
        lines += [f"  {each.rule}  {each.resource}  {each.root}" for each in outcome.gone]
    return "\n".join(lines)


@dataclass(frozen=True)
class SuppressionGroup:
    """Suppressions that differ in their resources only."""

    first: SuppressedFinding
    resources: tuple[str, ...]
    """Construct paths, or addresses where there is none; of all targets."""


def suppression_groups(results: Iterable[TargetResult]) -> Sequence[SuppressionGroup]:
    """All suppressions in use, by rule."""
    groups: dict[tuple[str, str, str, str], list[SuppressedFinding]] = {}
    for result in results:
        for suppressed in result.suppressed:
            key = (suppressed.rule.id, suppressed.reason, str(suppressed.owner), str(suppressed.expires))
            groups.setdefault(key, []).append(suppressed)
    return [
        SuppressionGroup(members[0], tuple(dict.fromkeys(member.at.name for member in members)))
        for _, members in sorted(groups.items())
    ]
