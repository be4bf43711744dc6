"""JSON, for programs: everything that is known. A finding that a better rule covers names that rule."""

from __future__ import annotations

import json
from typing import Any

from cli.core.gate.duplicates import issues
from cli.core.gate.model import Finding, Location, Outcome, Problem, RuleInfo, SuppressedFinding, TargetResult
from cli.core.gate.report.groups import groups
from cli.core.gate.report.text import by_severity


def render(outcome: Outcome) -> str:
    """One document."""
    own = sum(rule.own for rule in outcome.rules.values())
    document = {
        "passed": outcome.exit_code == 0,
        "exit_code": int(outcome.exit_code),
        "checkov": outcome.checkov,
        "rules": {"own": own, "built_in": len(outcome.rules) - own},
        "problems": [_problem(each) for each in outcome.problems],
        "summary": [
            {
                "rule": group.rule.id,
                "severity": group.severity,
                "name": group.rule.name,
                "issues": group.issues,
                "also": list(group.also),
            }
            for group in groups(outcome)
        ],
        "gone": [{"rule": each.rule, "root": each.root, "resource": each.resource} for each in outcome.gone],
        "targets": [_target(each) for each in outcome.results],
    }
    if outcome.shard is not None:
        from cli.core.gate.shards import as_data  # 0.2 s: pydantic, for parts of a check only

        document["shard"] = as_data(outcome)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _target(result: TargetResult) -> dict[str, Any]:
    folded = issues(result.findings)
    covered_by = {id(other): issue.finding.rule.id for issue in folded for other in issue.also}
    return {
        "name": result.target.name,
        "framework": result.target.framework,
        "files": [
            (result.target.shown / file.relative_to(result.target.root)).as_posix() for file in result.target.files
        ],
        "resources": result.resources,
        "passed": result.passed,
        "by_severity": by_severity(folded),
        "problems": [_problem(each) for each in result.problems],
        "notes": [{"kind": each.kind, "text": each.text} for each in result.notes],
        "findings": [{**_finding(each), "covered_by": covered_by.get(id(each))} for each in result.findings],
        "suppressed": [_suppressed(each) for each in result.suppressed],
        "accepted": [
            {**_finding(each.finding), "owner": each.owner, "since": each.since.isoformat()} for each in result.accepted
        ],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"kind": problem.kind, "text": problem.text, "file": problem.file or None}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        **_rule(finding.rule),
        "severity": finding.severity,
        **_place(finding.at),
        "details": [{"found": detail.found, "allowed": detail.allowed} for detail in finding.details],
        "fix": finding.rule.fix,
    }


def _suppressed(suppressed: SuppressedFinding) -> dict[str, Any]:
    return {
        **_rule(suppressed.rule),
        **_place(suppressed.at),
        "reason": suppressed.reason,
        "owner": suppressed.owner,
        "expires": suppressed.expires.isoformat() if suppressed.expires else None,
    }


def _rule(rule: RuleInfo) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "name": rule.name,
        "severity": rule.severity,
        "built_in": not rule.own,
        "pack": rule.pack or None,
        "claim": rule.claim or None,
        "controls": list(rule.controls),
    }


def _place(place: Location) -> dict[str, Any]:
    return {
        "resource": place.address,
        "construct_path": place.construct_path,
        "file": place.file.as_posix(),
        "line": place.line,
        "end_line": place.end_line,
        "source_lines": [{"file": each.file.as_posix(), "line": each.line} for each in place.source_lines],
    }
