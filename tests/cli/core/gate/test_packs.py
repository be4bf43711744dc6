"""Which pack a rule of checkov's is in."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.gate.model import Detail, Finding, Location, RuleInfo, Selection, Severity
from cli.core.gate.packs import FOLDERS, builtin_pack
from tests.support.gates import CHECKS


def test_each_folder_of_rules_is_a_pack() -> None:
    assert {path.parent.name for path in CHECKS.glob("*/__init__.py")} == set(FOLDERS)


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("Ensure that S3 buckets are encrypted with KMS by default", "keys"),
        ("Ensure that CodeBuild projects are encrypted using CMK", "keys"),
        ("Ensure Kinesis Stream is encrypted by KMS using a customer managed Key (CMK)", "keys"),
        ("Ensure rotation for customer created CMKs is enabled", "builtin"),
        ("Ensure all data stored in the EBS is securely encrypted", "builtin"),
    ],
)
def test_what_asks_for_a_customers_key_is_in_the_pack_of_keys(name: str, pack: str) -> None:
    assert builtin_pack(name) == pack


@pytest.mark.parametrize(("severities", "is_asked"), [((None, "medium"), True), (("medium",), False)])
def test_a_finding_that_is_less_severe_than_its_rule(severities: tuple[Severity | None, ...], is_asked: bool) -> None:
    details = tuple(Detail("found", "allowed", severity=each) for each in severities)
    finding = Finding(RuleInfo("R", "", "critical"), Location("a.b", None, Path("main.tf"), 1, 1), details)
    assert finding.severity == ("critical" if is_asked else "medium")
    assert Selection(severity="high").asks_for(finding) is is_asked
    assert Selection(only=("R",), severity="high").asks_for(finding)
