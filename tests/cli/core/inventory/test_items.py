"""What an inventory has: every resource once, and what is not known by name."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from cli.core.inventory.items import gaps, groups, items, parts
from cli.core.inventory.report import csv_text, rows, summary
from cli.core.reach.network import configuration_at
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


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_has_every_resource_of_a_stack(synthesized_directory: Path, synthesized, environment: str) -> None:
    found = items(environment, configuration_at(synthesized_directory / "stacks" / environment))
    written = resources(synthesized[environment])
    assert sorted(item.address for item in found) == sorted(each.address for each in written)
    assert {item.part for item in found} == {each.path.partition("/")[0] for each in written}
    assert all(item.source.startswith("modules/") and item.source.rpartition(":")[2].isdecimal() for item in found)
    assert sum(len(group.items) for group in groups(found)) == len(found)


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
    assert ("(root module)", "1 or more", "aws_instance", "") in rows(found)
    assert summary(found, gaps(configuration)) == [
        "5 resources in 2 parts; 4 hold data",
        "not known how many: aws_instance.a (var.number)",
        "not read, so there may be more: module.elsewhere: its source elsewhere/elsewhere/aws is not here",
    ]


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    found = items("other", load_files(tmp_path, {"main.tf": MAIN, "here/main.tf": HERE}))
    lines = list(csv.DictReader(io.StringIO(csv_text(found))))
    assert len(lines) == len(found)
    assert [line["name"] for line in lines if line["type"] == "aws_s3_bucket"] == ["'=cmd"]
