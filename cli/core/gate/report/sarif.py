"""SARIF 2.1.0, for code scanning (OASIS standard; GitHub docs: "SARIF support for code scanning")."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from cli.core.base.digests import bytes_digest
from cli.core.base.project import version
from cli.core.base.source_lines import SourceLine
from cli.core.gate.duplicates import Issue
from cli.core.gate.model import Finding, Location, Outcome, Problem, RuleInfo, Severity, SuppressedFinding
from cli.core.gate.report.groups import line_annotations
from cli.core.gate.report.text import message

_LEVELS: Mapping[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "unknown": "warning",
    "unrated": "warning",
}
_SCORES: Mapping[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}
"""GitHub's `security-severity`: above 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low."""


def render(outcome: Outcome) -> str:
    """One run. Our rules are all described, built-in ones where something was found.

    A finding that a better rule covers, or that a baseline accepts, is a result that is suppressed from outside.
    """
    results = list(_results(outcome))
    described = {rule.id: rule for rule in outcome.rules.values() if rule.own}
    described |= {each.rule.id: each.rule for each in results}
    index = {rule: position for position, rule in enumerate(sorted(described))}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "infra check",
                "version": version(),
                "rules": [_rule(described[rule]) for rule in index],
            },
            "extensions": [{"name": "checkov", "version": outcome.checkov or "not started"}],
        },
        "invocations": [
            {
                "executionSuccessful": not outcome.all_problems,
                "exitCode": int(outcome.exit_code),
                "toolExecutionNotifications": [_problem(each) for each in outcome.all_problems],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(index[each.rule.id], each) for each in results],
    }
    if outcome.shard is not None:
        from cli.core.gate.shards import as_data  # 0.2 s: pydantic, for parts of a check only

        run["properties"] = {"shard": as_data(outcome)}
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: RuleInfo) -> dict[str, Any]:
    tags = ["security", *([rule.claim] if rule.claim else []), *rule.controls]
    properties: dict[str, Any] = {"tags": tags}
    if rule.severity in _SCORES:
        properties["security-severity"] = _SCORES[rule.severity]
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.name},
        "help": {"text": rule.fix or rule.name},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": properties,
    }


class _Result(NamedTuple):
    """What becomes a result."""

    rule: RuleInfo
    severity: Severity
    at: SourceLine
    end_line: int
    resources: tuple[Location, ...]
    text: str
    suppressed_in: str = ""
    """`inSource` or `external`; empty for what counts."""
    reason: str = ""


def _results(outcome: Outcome) -> Iterator[_Result]:
    """What counts, worst first, and then what does not."""
    found = line_annotations(outcome)
    for each in found:
        resources = tuple(issue.finding.at for issue in each.issues)
        text = message(each.issues)
        yield _Result(each.rule, each.severity, each.at, end_line=each.end_line, resources=resources, text=text)
    for issue in (issue for each in found for issue in each.issues):
        for other in issue.also:
            yield _unfolded(other, other.severity, message([Issue(other)]))._replace(
                suppressed_in="external", reason=f"{issue.finding.rule.id} says the same"
            )
    for target in outcome.results:
        for accepted in target.accepted:
            finding, reason = accepted.finding, f"baseline: {accepted.owner}, {accepted.since}"
            yield _unfolded(finding, finding.severity, message([Issue(finding)]))._replace(
                suppressed_in="external", reason=reason
            )
        for kept in target.suppressed:
            yield _unfolded(kept, kept.rule.severity, kept.rule.name)._replace(
                suppressed_in="inSource", reason=kept.reason
            )


def _unfolded(of: Finding | SuppressedFinding, severity: Severity, text: str) -> _Result:
    """A finding that does not count, at its own place."""
    at = of.at.to_mend
    end_line = at.line if of.at.source_lines else of.at.end_line
    return _Result(of.rule, severity, at, end_line=end_line, resources=(of.at,), text=text)


def _result(index: int, of: _Result) -> dict[str, Any]:
    rule, first = of.rule, of.resources[0]
    identity = "\0".join([rule.id, first.file.as_posix(), first.address])
    others = dict.fromkeys(line for each in of.resources for line in each.source_lines if line != of.at)
    result: dict[str, Any] = {
        "ruleId": rule.id,
        "ruleIndex": index,
        "level": _LEVELS[of.severity],
        "message": {"text": of.text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(of.at.file.as_posix()),
                    "region": {"startLine": of.at.line, "endLine": max(of.at.line, of.end_line)},
                },
                "logicalLocations": [{"fullyQualifiedName": each.name, "kind": "resource"} for each in of.resources],
            }
        ],
        "partialFingerprints": {"ruleAndResource/v1": bytes_digest(identity.encode(errors="replace"))},
    }
    if others:
        result["relatedLocations"] = [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(line.file.as_posix()),
                    "region": {"startLine": line.line},
                }
            }
            for line in others
        ]
    if of.suppressed_in:
        result["suppressions"] = [{"kind": of.suppressed_in, "status": "accepted", "justification": of.reason}]
    return result


def _problem(problem: Problem) -> dict[str, Any]:
    notification: dict[str, Any] = {
        "level": "error",
        "message": {"text": problem.text},
        "descriptor": {"id": problem.kind},
    }
    if problem.file:
        notification["locations"] = [{"physicalLocation": {"artifactLocation": _artifact(problem.file)}}]
    return notification


def _artifact(file: str) -> dict[str, str]:
    """A file as a URI: relative to where the gate was run, else absolute."""
    path = quote(file, errors="replace")
    return {"uri": f"file://{path}" if file.startswith("/") else path}
