"""Verdicts of claims: broken before all else, and nothing holds that was not judged whole."""

from __future__ import annotations

import pytest

from cli.core.gate.model import Finding, Problem
from cli.core.report.claims import claim_results, claim_verdict
from cli.core.report.model import Verdict
from policies.library.claims import CLAIMS
from policies.library.rule import FindingKind
from tests.support.reports import finding, outcome, result, rule

RULE = rule("CKV2_MEALS_301", claim="C1")
BROKEN, UNKNOWN = finding(RULE), finding(RULE, kind=FindingKind.UNKNOWN)
PROBLEM = Problem("file-not-parsed", "is not JSON")


@pytest.mark.parametrize(
    ("findings", "own", "common", "expected"),
    [
        ((), (), (), Verdict.HOLDS),
        ((BROKEN, UNKNOWN), (), (), Verdict.BROKEN),
        ((UNKNOWN,), (), (), Verdict.UNKNOWN),
        ((), (PROBLEM,), (), Verdict.NOT_JUDGED),
        ((), (), (PROBLEM,), Verdict.NOT_JUDGED),
        ((UNKNOWN,), (PROBLEM,), (), Verdict.NOT_JUDGED),
        ((BROKEN,), (), (PROBLEM,), Verdict.BROKEN),
        ((finding(rule("CKV_AWS_1")),), (), (), Verdict.HOLDS),
    ],
)
def test_a_verdict(
    findings: tuple[Finding, ...], own: tuple[Problem, ...], common: tuple[Problem, ...], expected: Verdict
) -> None:
    judged = result("dev", findings, problems=own)
    assert claim_verdict(outcome(judged, rules=[RULE], problems=common), judged, "C1").verdict is expected


def test_a_claim_without_a_rule_does_not_hold() -> None:
    """C8 has tests of its own; of another claim, rules that did not load decide nothing."""
    judged = result("dev")
    assert claim_verdict(outcome(judged, rules=[RULE]), judged, "C8").verdict is Verdict.TESTED
    assert claim_verdict(outcome(judged, rules=[RULE]), judged, "C3").verdict is Verdict.NOT_JUDGED


def test_every_claim_has_a_verdict_for_each_environment() -> None:
    found = claim_results(outcome(result("dev", [BROKEN]), result("prod"), rules=[RULE]))
    assert [each.claim for each in found] == list(CLAIMS)
    first, second, *_ = found
    assert {name: each.verdict for name, each in first.verdicts.items()} == {
        "dev": Verdict.BROKEN,
        "prod": Verdict.HOLDS,
    }
    assert first.verdict is None
    assert [names for _, names in first.together()] == [("dev",), ("prod",)]
    assert [names for _, names in second.together()] == [("dev", "prod")]
