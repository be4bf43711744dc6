"""Findings by rule and cause: what one change mends stands together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cli.core.base.addresses import without_indexes
from cli.core.base.source_lines import SourceLine
from cli.core.gate.duplicates import Issue, issues
from cli.core.gate.model import SEVERITIES, Detail, Outcome, RuleInfo, Severity, TargetResult


@dataclass(frozen=True)
class AffectedResource:
    """A declared resource with the instances that break a rule in the same way."""

    name: str
    """Of the only instance, or of all without their indexes."""
    at: SourceLine
    """Where to mend it."""
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


@dataclass(frozen=True)
class Annotation:
    """Issues of one rule that are mended on one line."""

    rule: RuleInfo
    severity: Severity
    at: SourceLine
    end_line: int
    issues: tuple[Issue, ...]


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


def line_annotations(outcome: Outcome) -> Sequence[Annotation]:
    """The issues of an outcome by rule and line, worst first, so that environments that share a line share a note.

    That line is in the part that the resource belongs to. Where a construct breaks a rule for several parts, or on
    several lines of one, it is the construct's own.
    """
    by_construct: dict[tuple[str, Severity, SourceLine], list[Issue]] = {}
    single: list[Annotation] = []
    for issue in issues_of(outcome.results):
        finding, lines = issue.finding, issue.finding.at.source_lines
        if lines:
            by_construct.setdefault((finding.rule.id, finding.severity, lines[-1]), []).append(issue)
        else:
            at = finding.at.to_mend
            single.append(Annotation(finding.rule, finding.severity, at, end_line=finding.at.end_line, issues=(issue,)))
    shared = [
        Annotation(members[0].finding.rule, severity, at, end_line=at.line, issues=tuple(members))
        for (_, severity, own), members in by_construct.items()
        for at in [_common_line(members, own)]
    ]
    return sorted((*single, *shared), key=lambda each: each.issues[0].finding.order)


def _common_line(members: Sequence[Issue], own: SourceLine) -> SourceLine:
    """The line of the part, if it is one, or else the construct's own."""
    lines = {issue.finding.at.to_mend for issue in members}
    return own if len(lines) > 1 else lines.pop()


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
    by_place: dict[tuple[SourceLine, str], list[str]] = {}
    for issue in members:
        at = issue.finding.at
        by_place.setdefault((at.to_mend, at.construct_path or without_indexes(at.address)), []).append(at.name)
    return tuple(
        AffectedResource(names[0] if len(names) == 1 else name, place, instances=len(names))
        for (place, name), names in by_place.items()
    )
