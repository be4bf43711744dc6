"""Findings by rule and cause: what one change mends stands together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cli.core.base.addresses import without_indexes
from cli.core.gate.duplicates import Issue, issues
from cli.core.gate.model import SEVERITIES, Detail, Outcome, RuleInfo, Severity, TargetResult


@dataclass(frozen=True)
class AffectedResource:
    """A declared resource with the instances that break a rule in the same way."""

    name: str
    """Of the only instance, or of all without their indexes."""
    file: Path
    line: int
    instances: int


@dataclass(frozen=True)
class Cause:
    """Resources that break a rule in the same way."""

    details: tuple[Detail, ...]
    fix: str
    places: tuple[AffectedResource, ...]


@dataclass(frozen=True)
class RuleGroup:
    """What breaks a rule, of all targets."""

    rule: RuleInfo
    severity: Severity
    issues: int
    also: tuple[str, ...]
    """Rules that say the same of some of the resources."""
    causes: tuple[Cause, ...]


def issues_of(results: Iterable[TargetResult]) -> Sequence[Issue]:
    """The issues of some targets, worst first."""
    found = (issue for result in results for issue in issues(result.findings))
    return sorted(found, key=lambda issue: issue.finding.order)


def groups(outcome: Outcome) -> Sequence[RuleGroup]:
    """The issues of an outcome by rule, worst first; what could not be worked out is apart from what is wrong."""
    by_rule: dict[tuple[str, Severity], list[Issue]] = {}
    for issue in issues_of(outcome.results):
        by_rule.setdefault((issue.finding.rule.id, issue.finding.severity), []).append(issue)
    return sorted(
        (
            RuleGroup(
                rule=members[0].finding.rule,
                severity=severity,
                issues=len(members),
                also=tuple(sorted({other.rule.id for issue in members for other in issue.also})),
                causes=_causes(members),
            )
            for (_, severity), members in by_rule.items()
        ),
        key=lambda group: (SEVERITIES.index(group.severity), group.rule.id),
    )


def _causes(members: Sequence[Issue]) -> tuple[Cause, ...]:
    """The issues of a rule by what was found, in the order in which that comes first."""
    by_cause: dict[tuple[tuple[Detail, ...], str], list[Issue]] = {}
    for issue in members:
        details = tuple(_without_address(detail, issue.finding.at.address) for detail in issue.finding.details)
        by_cause.setdefault((details, issue.finding.rule.fix), []).append(issue)
    return tuple(Cause(details, fix, _places(some)) for (details, fix), some in by_cause.items())


def _without_address(detail: Detail, address: str) -> Detail:
    """A detail as it is of any resource: the resource itself stands below."""
    found = detail.found.replace(f" ({address})", "").replace(f"{address}.", "")
    return replace(detail, found=found)


def _places(members: Sequence[Issue]) -> tuple[AffectedResource, ...]:
    """The resources of a cause."""
    by_place: dict[tuple[Path, int, str], list[str]] = {}
    for issue in members:
        at = issue.finding.at
        by_place.setdefault((at.file, at.line, at.construct_path or without_indexes(at.address)), []).append(at.name)
    return tuple(
        AffectedResource(names[0] if len(names) == 1 else name, file, line, instances=len(names))
        for (file, line, name), names in by_place.items()
    )
