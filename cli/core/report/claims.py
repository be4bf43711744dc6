"""The claims, each with what the gate says of it in each environment."""

from __future__ import annotations

from cli.core.gate.model import Outcome, TargetResult
from cli.core.report.model import ClaimResult, ClaimVerdict, Verdict
from policies.library.claims import CLAIMS, TESTS


def claim_results(outcome: Outcome) -> tuple[ClaimResult, ...]:
    """Every claim, in order."""
    return tuple(
        ClaimResult(
            claim=claim,
            text=text,
            verdicts={result.target.name: claim_verdict(outcome, result, claim) for result in outcome.results},
            tests=TESTS.get(claim, ()),
        )
        for claim, text in CLAIMS.items()
    )


def claim_verdict(outcome: Outcome, result: TargetResult, claim: str) -> ClaimVerdict:
    """What the gate says of a claim in one environment.

    A finding breaks it whatever else there is. Without one it holds only if the gate did its whole job, and some rule
    decides it.
    """
    rules = sum(rule.claim == claim for rule in outcome.rules.values())
    findings = [finding for finding in result.findings if finding.rule.claim == claim]
    if any(not finding.is_unknown for finding in findings):
        verdict = Verdict.BROKEN
    elif outcome.problems or result.problems:
        verdict = Verdict.NOT_JUDGED
    elif not rules:
        verdict = Verdict.TESTED if claim in TESTS else Verdict.NOT_JUDGED
    else:
        verdict = Verdict.UNKNOWN if findings else Verdict.HOLDS
    suppressed = sum(each.rule.claim == claim for each in result.suppressed)
    return ClaimVerdict(verdict, rules, len(findings), suppressed)
