"""SARIF 2.1.0, for code scanning (OASIS standard; GitHub docs: "SARIF support for code scanning")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from cli.core.base.digests import bytes_digest
from cli.core.base.project import version
from cli.core.gate.model import Location, Outcome, Problem, RuleInfo, Severity
from cli.core.gate.report.text import message

_LEVELS: Mapping[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "unrated": "warning",
}
_SCORES: Mapping[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}
"""GitHub's `security-severity`: above 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low."""


def render(outcome: Outcome) -> str:
    """One run. Our rules are all described, built-in ones where something was found."""
    results: list[tuple[RuleInfo, Location, str, str | None]] = [
        (each.rule, each.at, message(each), None) for each in outcome.findings
    ]
    results += [
        (each.rule, each.at, each.rule.name, each.reason) for target in outcome.results for each in target.suppressed
    ]
    described = {rule.id: rule for rule in outcome.rules.values() if rule.own} | {rule.id: rule for rule, *_ in results}
    index = {rule: position for position, rule in enumerate(sorted(described))}
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
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
                "results": [
                    _result(index[rule.id], rule, at=at, text=text, reason=reason) for rule, at, text, reason in results
                ],
            }
        ],
    }
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


def _result(index: int, rule: RuleInfo, at: Location, text: str, reason: str | None) -> dict[str, Any]:
    identity = "\0".join([rule.id, at.file.as_posix(), at.address])
    result: dict[str, Any] = {
        "ruleId": rule.id,
        "ruleIndex": index,
        "level": _LEVELS[rule.severity],
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(at.file.as_posix()),
                    "region": {"startLine": at.line, "endLine": max(at.line, at.end_line)},
                },
                "logicalLocations": [{"fullyQualifiedName": at.name, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"ruleAndResource/v1": bytes_digest(identity.encode(errors="replace"))},
    }
    if reason is not None:
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": reason}]
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
