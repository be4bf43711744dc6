"""Built-in rules: what they find on resources that are not made, and what happens when one raises."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.base.errors import ExitCode
from cli.core.gate.worker.swallowed_errors import without_nulls
from tests.support.gates import checks, found, gate, kinds, rule, terraform, topics

ABSENT = """
variable "wanted" { default = false }
resource "aws_sns_topic" "none" {
  count = var.wanted ? 1 : 0
}
resource "aws_sns_topic" "some" {
}
"""

LISTENER = """
resource "aws_lb_listener" "http" {
  for_each          = { http = 80 }
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/a/1"
  port              = each.value
  protocol          = "HTTP"
  dynamic "default_action" {
    for_each = [1]
    content {
      type = "redirect"
      redirect {
        port        = "443"
        protocol    = "HTTPS"
        status_code = "HTTP_301"
      }
    }
  }
}
"""
"""CKV_AWS_2 raises KeyError on it."""


@pytest.mark.parametrize("rules", [("CKV_AWS_26",), ("CKV_AWS_26", "CKV2_MEALS_146")], ids=["alone", "with ours"])
def test_nothing_is_found_on_resources_that_are_not_made(tmp_path: Path, rules: tuple[str, ...]) -> None:
    outcome = gate(terraform(tmp_path, ABSENT, "main.tf"), only=rules)
    assert kinds(outcome) == []
    assert found(outcome) == {(rule, "aws_sns_topic.some") for rule in rules}


def test_a_rule_that_raises_is_named_with_what_goes_on_without_it(tmp_path: Path) -> None:
    path = terraform(tmp_path, LISTENER, "main.tf")
    outcome = gate(path, only=("CKV_AWS_2",))
    (problem,) = outcome.all_problems
    assert (outcome.exit_code, problem.kind) == (ExitCode.GATE, "rule-raised")
    assert problem.text.splitlines() == [
        'CKV_AWS_2 failed on aws_lb_listener.http["http"]: KeyError: 0',
        "To go on without: --skip CKV_AWS_2",
    ]
    outcome = gate(path, only=("CKV_AWS_2", "CKV_AWS_91"), skip=("CKV_AWS_2",))
    assert outcome.exit_code == ExitCode.OK


RAISED = "the rule failed on this resource: ValueError: claims.yaml:3: a typo"


def test_one_cause_is_one_problem(tmp_path: Path) -> None:
    body = "raise ValueError('claims.yaml:3: a typo')"
    files = {f"meals_{n}.py": rule(f"CKV2_MEALS_90{n}", body=body) for n in (1, 2)}
    path = terraform(tmp_path, topics("a", "b", "c"))
    outcome = gate(path, rules=checks(tmp_path, files), only=("CKV2_MEALS_901", "CKV2_MEALS_902"))
    ((problem),) = outcome.all_problems
    assert problem.text.splitlines() == [
        f"CKV2_MEALS_901, CKV2_MEALS_902 failed on aws_sns_topic.a and 2 other resources: {RAISED}",
        "To go on without: --skip CKV2_MEALS_901 --skip CKV2_MEALS_902",
    ]
    assert outcome.findings == ()


def test_a_rule_that_raises_where_a_better_one_has_judged_is_a_note(tmp_path: Path) -> None:
    outcome = gate(terraform(tmp_path, LISTENER, "main.tf"), only=("CKV_AWS_2", "CKV2_MEALS_102"))
    assert (outcome.exit_code, outcome.all_problems) == (ExitCode.OK, ())
    ((note,),) = (result.notes for result in outcome.results)
    assert note.text == (
        'CKV_AWS_2 failed on aws_lb_listener.http["http"] (KeyError: 0); '
        "CKV2_MEALS_102, which judges the same, has judged it"
    )


NULLS = {
    "aws_docdb_cluster": ("CKV_AWS_85", {"cluster_identifier": "a", "enabled_cloudwatch_logs_exports": None}),
    "aws_neptune_cluster": ("CKV_AWS_361", {"cluster_identifier": "a", "backup_retention_period": None}),
}


@pytest.mark.parametrize("type_", NULLS)
def test_a_null_in_a_plan_is_no_argument(tmp_path: Path, type_: str) -> None:
    rule, values = NULLS[type_]
    resource = {"address": f"{type_}.a", "mode": "managed", "type": type_, "name": "a", "values": values}
    resource["provider_name"] = "registry.terraform.io/hashicorp/aws"
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": [resource]}},
        "resource_changes": [],
        "configuration": {"root_module": {}},
    }
    outcome = gate(terraform(tmp_path, plan, "plan.json") / "plan.json", only=(rule,))
    assert kinds(outcome) == []
    assert found(outcome) == {(rule, f"{type_}.a")}


def test_nulls_are_taken_out_at_every_depth() -> None:
    assert without_nulls({"a": [None], "b": [{"c": None, "d": [1, None]}], "e": False}) == {
        "b": [{"d": [1]}],
        "e": False,
    }
