"""Rules in checkov: what checkov would lose or drop fails instead."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.helpers import ROOT, write_files
from tests.support.programs import run_program

RULE = """
from policies.checkov.adapter import register
from policies.library.rule import Finding, Rule


def evaluate(resource, configuration):
    if {raises}:
        raise RuntimeError("broken on purpose")
    if resource.text("name") == "bad":
        yield Finding("bad", "good")


register(Rule(
    id="{id}", name="n", severity="high", claim="C7", controls=(), fix="f", good="", bad="",
    applies_to=("aws_sns_topic",), evaluate=evaluate,
), source=__file__)
"""


class Done(NamedTuple):
    """What checkov did."""

    returncode: int
    records: list[tuple[str, str, str]]
    """Rule, resource and result."""
    judgements: list[list[str]]
    errors: str


def check(tmp_path: Path, framework: str, files: dict[str, str], rules: dict[str, str]) -> Done:
    """Run stock checkov with some rules on some files."""
    write_files(tmp_path / "code", {"x": "", **files})
    write_files(tmp_path / "checks", {"__init__.py": "", **rules})
    script = (
        "import json, sys\n"
        "from checkov.main import Checkov\n"
        "from policies.checkov.adapter import judgements\n"
        f"code = Checkov(['-d', 'code', '--framework', '{framework}', '--external-checks-dir', 'checks', '--check',\n"
        "    'CKV2_MEALS_*', '-o', 'json', '--skip-download']).run()\n"
        "said = [(each.rule, each.address, [type(f).__name__ for f in each.findings]) for each in judgements()]\n"
        "open('judgements.json', 'w').write(json.dumps(said))\n"
        "sys.exit(code)\n"
    )
    done = run_program(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "BC_SKIP_MAPPING": "TRUE", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"},
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return Done(
        done.returncode,
        sorted(
            (each["check_id"], each["resource"], each["check_result"]["result"])
            for kind in ("passed_checks", "failed_checks")
            for each in report.get("results", {}).get(kind, [])
        ),
        json.loads((tmp_path / "judgements.json").read_text()),
        done.stderr,
    )


HCL = """
resource "aws_sns_topic" "good" {
  name = "good"
}
resource "aws_sns_topic" "each" {
  for_each = { a = "good", "b.c" = "bad" }
  name     = each.value
}
resource "aws_sns_topic" "off" {
  count = 0
  name  = "bad"
}
resource "aws_sqs_queue" "other" {}
"""


def test_results_reach_checkov(tmp_path: Path) -> None:
    done = check(
        tmp_path, "terraform", {"main.tf": HCL}, {"meals_a.py": RULE.format(id="CKV2_MEALS_901", raises=False)}
    )
    assert done.returncode == 1
    assert ("CKV2_MEALS_901", "aws_sns_topic.good", "PASSED") in done.records
    assert [record[1] for record in done.records if record[2] == "FAILED"] == ['aws_sns_topic.each["b.c"]']
    assert ["CKV2_MEALS_901", 'aws_sns_topic.each["b.c"]', ["Finding"]] in done.judgements


def test_a_rule_that_raises_fails(tmp_path: Path) -> None:
    done = check(
        tmp_path,
        "terraform",
        {"main.tf": 'resource "aws_sns_topic" "t" {}\n'},
        {"meals_a.py": RULE.format(id="CKV2_MEALS_901", raises=True)},
    )
    assert done.returncode == 1
    assert done.records == [("CKV2_MEALS_901", "aws_sns_topic.t", "FAILED")]
    assert done.judgements == [["CKV2_MEALS_901", "aws_sns_topic.t", ["BrokenFinding"]]]


def test_two_rules_of_one_id_are_an_error(tmp_path: Path) -> None:
    rule = RULE.format(id="CKV2_MEALS_901", raises=False)
    files = {"main.tf": 'resource "aws_sns_topic" "t" {}\n'}
    done = check(tmp_path, "terraform", files, {"meals_a.py": rule, "meals_b.py": rule})
    assert "DuplicateRule: CKV2_MEALS_901 is defined in" in done.errors


def test_what_checkov_loses_after_a_dynamic_block_in_json_fails(tmp_path: Path) -> None:
    document = {
        "resource": {
            "aws_sqs_queue": {"first": {"name": "q"}},
            "aws_security_group": {
                "dynamic": {"dynamic": {"ingress": {"for_each": [1], "content": {"from_port": 1}}}},
            },
            "aws_sns_topic": {"lost": {"name": "bad"}},
        }
    }
    rules = {"meals_a.py": RULE.format(id="CKV2_MEALS_901", raises=False)}
    done = check(tmp_path, "terraform_json", {"main.tf.json": json.dumps(document)}, rules)
    assert done.returncode == 1
    assert [record[2] for record in done.records] == ["FAILED"]
    assert done.judgements == [["CKV2_MEALS_901", "aws_sns_topic.lost", ["Finding"]]]


def test_a_file_that_only_checkov_can_read_fails(tmp_path: Path) -> None:
    """Two arguments in one line are no Terraform."""
    text = 'resource "aws_sns_topic" "t" {\n  name = "good" display_name = "good"\n}\n'
    rules = {"meals_a.py": RULE.format(id="CKV2_MEALS_901", raises=False)}
    done = check(tmp_path, "terraform", {"main.tf": text}, rules)
    assert done.records == [("CKV2_MEALS_901", "aws_sns_topic.t", "FAILED")]
    assert done.judgements == [["CKV2_MEALS_901", "aws_sns_topic.t", ["BrokenFinding"]]]
    assert done.returncode == 1
