"""What is true of every rule: its id is pinned, and the examples that `infra policies explain` shows are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.library.claims import CLAIMS
from policies.library.rule import Rule
from tests.support.reading import load_files
from tests.support.rules import RULES

SECURED_CHANNELS = {f"CKV2_MEALS_{number}" for number in (*range(101, 141), *range(161, 165))}
CUSTOMER_KEYS = {f"CKV2_MEALS_{number}" for number in range(141, 160)}
ENCRYPTION_AT_REST = {"CKV2_MEALS_160"}
PRIVATE_ISOLATION = {f"CKV2_MEALS_{number}" for number in range(201, 242)} - {"CKV2_MEALS_221", "CKV2_MEALS_231"}
REACHABILITY = {f"CKV2_MEALS_{number}" for number in range(301, 314)}
ACCESS = {f"CKV2_MEALS_{number}" for number in range(401, 412)}
OWN_RULES: set[str] = {
    *(),
}
"""What `infra new rule` added."""

CASES = Path(__file__).parent / "cases"


def findings(rule: Rule, text: str, directory: Path) -> list[str]:
    """What a rule finds in HCL."""
    configuration = load_files(directory, {"main.tf": text})
    judged = list(rule.judge(configuration))
    assert judged, "the example has no resource that the rule applies to"
    return [finding.found for _, found in judged for finding in found]


def test_ids_are_what_suppressions_and_reports_know_them_by() -> None:
    """A rule that goes, or changes its id, takes its suppressions with it: do it on purpose, here."""
    known = SECURED_CHANNELS | CUSTOMER_KEYS | ENCRYPTION_AT_REST | PRIVATE_ISOLATION | REACHABILITY | ACCESS
    known |= OWN_RULES
    assert set(RULES) == known


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_good_example_passes(rule: Rule, tmp_path: Path) -> None:
    assert findings(rule, rule.good, tmp_path) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_bad_example_fails(rule: Rule, tmp_path: Path) -> None:
    assert findings(rule, rule.bad, tmp_path) != []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_has_cases(rule: Rule) -> None:
    assert {path.name for path in (CASES / rule.id).iterdir()} >= {"failing.tf", "passing.tf"}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_says_what_it_serves_and_how_to_fix(rule: Rule) -> None:
    assert rule.claim in CLAIMS
    assert rule.fix.endswith(".")
    assert not rule.name.endswith(".")
