"""What an inventory has: every resource once, and what is not known by name."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.core.inventory.items import ListedResource, gaps, groups, items, parts
from cli.core.inventory.report import csv_text, rows, summary
from cli.core.reach.network import configuration_at
from tests.support.convert import as_plan
from tests.support.helpers import resources
from tests.support.reading import load_files

MAIN = """
variable "number" {}
resource "aws_s3_bucket" "a" { bucket = "=cmd" }
resource "aws_kms_key" "a" { deletion_window_in_days = var.number }
resource "aws_instance" "a" { count = var.number }
data "aws_ami" "a" {}
module "here" { source = "./here" }
module "elsewhere" { source = "elsewhere/elsewhere/aws" }
"""
HERE = """
resource "aws_sqs_queue" "a" {
  count = 2
  tags  = { Name = "jobs-${count.index}" }
}
"""


@pytest.mark.parametrize("stack", ["dev", "prod", "prod-bootstrap"])
def test_has_every_resource_of_a_stack_once(synthesized_directory: Path, stack: str) -> None:
    directory = synthesized_directory / "stacks" / stack
    found = items(stack, configuration_at(directory))
    written = resources(json.loads((directory / "cdk.tf.json").read_bytes()))
    assert sorted(item.address for item in found) == sorted(each.address for each in written)
    assert {item.part for item in found} == {each.path.partition("/")[0] for each in written}
    assert all(item.source.startswith("modules/") and item.source.rpartition(":")[2].isdecimal() for item in found)
    assert sum(len(group.items) for group in groups(found)) == len(found)
    assert len(list(csv.DictReader(io.StringIO(csv_text(found), newline="")))) == len(found)


def test_of_other_terraform(tmp_path: Path) -> None:
    configuration = load_files(tmp_path, {"main.tf": MAIN, "here/main.tf": HERE})
    found = items("other", configuration)
    assert parts(found) == ["", "module.here"]
    assert [(item.address, item.name) for item in found if item.part] == [
        ("module.here.aws_sqs_queue.a[0]", "jobs-0"),
        ("module.here.aws_sqs_queue.a[1]", "jobs-1"),
    ]
    assert {item.type: item.loses for item in found if item.loses} == {
        "aws_kms_key": "whatever is encrypted with it",
        "aws_s3_bucket": "its objects",
        "aws_sqs_queue": "its messages",
    }


def test_what_is_not_known_is_said(tmp_path: Path) -> None:
    configuration = load_files(tmp_path, {"main.tf": MAIN, "here/main.tf": HERE})
    found = items("other", configuration)
    assert ("(root module)", "0 or more", "aws_instance", "") in rows(found)
    assert summary(found, gaps(configuration)) == [
        "4 or more resources in 2 parts; 4 or more hold data",
        "not known how many: aws_instance.a (var.number)",
        "not read, so there may be more: module.elsewhere: its source elsewhere/elsewhere/aws is not here",
    ]


UNKNOWN = """
variable "set" { type = set(string) }
resource "aws_sqs_queue" "a" { for_each = var.set }
resource "aws_sqs_queue" "b" { count = length(var.set) > 1 ? 1 : 0 }
resource "aws_sqs_queue" "c" {}
module "here" {
  source   = "./here"
  for_each = var.set
}
"""


def test_what_may_be_none_or_many_is_counted_as_neither(tmp_path: Path) -> None:
    found = items("other", load_files(tmp_path, {"main.tf": UNKNOWN, "here/main.tf": HERE}))
    assert rows(found) == [
        ("(root module)", "1 or more", "aws_sqs_queue", "yes"),
        ("module.here", "0 or more", "aws_sqs_queue", "yes"),
    ]
    named = {line.partition(" (")[0].rpartition(" ")[2] for line in summary(found, ())[1:]}
    assert named == {item.address for item in found} - {"aws_sqs_queue.c"}


def test_a_plan_has_what_it_plans(tmp_path: Path) -> None:
    configuration = load_files(tmp_path / "hcl", {"main.tf": 'resource "aws_sqs_queue" "a" { count = 2 }\n'})
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(as_plan(configuration, applied=False)))
    found = items("plan", configuration_at(plan))
    assert sorted(item.address for item in found) == ["aws_sqs_queue.a[0]", "aws_sqs_queue.a[1]"]


@given(st.text(min_size=1), st.sampled_from("=+-@\t\r"))
def test_no_cell_is_a_formula(text: str, first: str) -> None:
    value = first + text
    resource = ListedResource(value, value, value, value, value, value, value, value, value)
    (line,) = list(csv.DictReader(io.StringIO(csv_text([resource]), newline="")))
    assert set(line.values()) == {f"'{value}"}


def test_each_resource_is_one_line(tmp_path: Path) -> None:
    found = items("other", load_files(tmp_path, {"main.tf": MAIN, "here/main.tf": HERE}))
    lines = list(csv.DictReader(io.StringIO(csv_text(found))))
    assert [line["address"] for line in lines] == [item.address for item in found]
    assert len({line["address"] for line in lines}) == len(lines)
