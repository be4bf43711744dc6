"""The page in numbers, for programs: what its first lines say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cli.core.gate.report.groups import groups
from cli.core.report.model import ReportContent


def summary(report: ReportContent) -> Mapping[str, Any]:
    """Verdicts and counts; everything else is what the other commands say with --json."""
    outcome = report.outcome
    return {
        "made": report.made.isoformat(),
        "revision": report.revision,
        "environments": list(report.names),
        "passed": outcome.exit_code == 0,
        "problems": len(outcome.all_problems),
        "findings": sum(group.issues for group in groups(outcome)),
        "suppressed": sum(len(result.suppressed) for result in outcome.results),
        "claims": {
            each.claim: {name: str(found.verdict) for name, found in each.verdicts.items()} for each in report.claims
        },
        "resources": sum(map(len, report.parts.values())),
    }
