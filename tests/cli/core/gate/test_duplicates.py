"""Which findings are one issue."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cli.core.gate.duplicates import BETTER, SAME, issues
from cli.core.gate.model import Detail, Finding, Location, RuleInfo
from policies.library.rule import FindingKind
from tests.support.helpers import ROOT, infra_environment
from tests.support.programs import run_program


def finding(
    rule: str, address: str = "aws_x.y", *, kind: FindingKind = FindingKind.VIOLATION, expression: str = ""
) -> Finding:
    """A finding of a rule."""
    at = Location(address, None, Path("main.tf"), 1, 2)
    return Finding(RuleInfo(rule, rule, "high"), at, (Detail("", "", kind, expression),))


def folded(*findings: Finding) -> list[tuple[str, list[str]]]:
    """The issues, and what else says the same."""
    return [(each.finding.rule.id, [other.rule.id for other in each.also]) for each in issues(findings)]


def test_a_duplicate_stands_under_the_better_rule() -> None:
    assert folded(finding("CKV_AWS_7"), finding("CKV2_MEALS_140")) == [("CKV2_MEALS_140", ["CKV_AWS_7"])]


def test_a_duplicate_of_a_duplicate_stands_under_the_best_rule() -> None:
    some = [finding(rule) for rule in ("CKV_AWS_24", "CKV2_MEALS_109", "CKV2_MEALS_207")]
    assert folded(*some) == [("CKV2_MEALS_207", ["CKV_AWS_24", "CKV2_MEALS_109"])]


@pytest.mark.parametrize(
    "better",
    [
        finding("CKV2_MEALS_140", "aws_x.z"),
        finding("CKV2_MEALS_140", kind=FindingKind.UNKNOWN),
        finding("CKV2_MEALS_141"),
    ],
    ids=["another resource", "not worked out", "another subject"],
)
def test_what_is_not_the_same_stays(better: Finding) -> None:
    assert len(issues([better, finding("CKV_AWS_7")])) == 2


def test_what_lacks_the_same_value_is_one_issue() -> None:
    one = finding("CKV2_MEALS_109", kind=FindingKind.UNKNOWN, expression="var.cidr")
    assert folded(one, finding("CKV2_MEALS_207", kind=FindingKind.UNKNOWN, expression="var.cidr")) == [
        ("CKV2_MEALS_207", ["CKV2_MEALS_109"])
    ]
    assert len(issues([one, finding("CKV2_MEALS_207", kind=FindingKind.UNKNOWN, expression="var.port")])) == 2
    assert len(issues([finding("CKV2_MEALS_109"), finding("CKV2_MEALS_207", kind=FindingKind.UNKNOWN)])) == 2


def test_instances_are_told_apart_unless_one_name_stands_for_all() -> None:
    assert len(issues([finding("CKV2_MEALS_140", "aws_x.y[0]"), finding("CKV_AWS_7", "aws_x.y[1]")])) == 2
    assert len(issues([finding("CKV2_MEALS_140", "aws_x.y[0]"), finding("CKV_AWS_7", "aws_x.y")])) == 1


# checkov changes the process that loads it
TYPES = """\
import json
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.terraform.checks.resource.registry import resource_registry
from cli.core.gate.catalog import all_rules
graph = get_graph_checks_registry("terraform")
graph.load_checks()
types = {check.id: set(check.resource_types) for check in graph.checks}
for type_, check in resource_registry.all_checks():
    types.setdefault(check.id, set()).add(type_)
types |= {rule.id: set(rule.applies_to) for rules in all_rules().values() for rule in rules}
print(json.dumps({rule: sorted(some) for rule, some in types.items()}))
"""
"""Prints the types that each rule is called for."""


def test_rules_of_the_table_are_there_and_judge_the_same_types() -> None:
    done = run_program([sys.executable, "-c", TYPES], cwd=ROOT, env=infra_environment())
    types = {rule: set(some) for rule, some in json.loads(done.stdout).items()}
    apart = [(better, rule) for better, rules in SAME.items() for rule in rules if not types[better] & types[rule]]
    assert apart == []


def test_no_rule_covers_itself() -> None:
    for rule in BETTER:
        above, seen = set(BETTER[rule]), set[str]()
        while above:
            assert rule not in above
            seen |= above
            above = {other for each in above for other in BETTER.get(each, ())} - seen
