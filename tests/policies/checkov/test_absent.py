"""Which resources are declared and not made."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.checkov.absent import AbsentResources
from policies.checkov.scan import Scan, Vertex
from tests.support.helpers import write_files

MAIN = """
variable "wanted" { default = false }
variable "unknown" {}
resource "aws_sns_topic" "none" {
  count = var.wanted ? 1 : 0
}
resource "aws_sns_topic" "each" {
  for_each = toset([for name in ["a"] : name if name == "b"])
}
resource "aws_sns_topic" "some" {
  count = 1
}
resource "aws_sns_topic" "unknown" {
  count = var.unknown
}
module "none" {
  source = "./m"
  count  = length([])
}
module "empty" {
  source = "./m"
  wanted = false
}
module "full" {
  source = "./m"
  wanted = true
}
module "twice" {
  source   = "./m"
  for_each = { a = true, b = false }
  wanted   = each.value
}
"""

MODULE = """
variable "wanted" { default = true }
resource "aws_sqs_queue" "q" {
  count = var.wanted ? 1 : 0
}
"""


def absent_of(root: Path) -> AbsentResources:
    """The resources of a root module that are not made."""
    attributes = {"file_path_": str(root / "main.tf"), "block_type_": "resource", "block_name_": "aws_sns_topic.some"}
    return AbsentResources(Scan([Vertex.of(attributes)]))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root module and the module that it calls."""
    return write_files(tmp_path, {"main.tf": MAIN, "m/main.tf": MODULE})


@pytest.mark.parametrize(
    ("address", "is_absent"),
    [
        ("aws_sns_topic.none", True),
        ("aws_sns_topic.each", True),
        ("aws_sns_topic.some[0]", False),
        ("aws_sns_topic.unknown", False),
        ("aws_sns_topic.undeclared", False),
        ("module.none.aws_sqs_queue.q[0]", True),
        ("module.empty.aws_sqs_queue.q", True),
        ("module.full.aws_sqs_queue.q[0]", False),
        ("module.twice.aws_sqs_queue.q", False),
        ("module.gone.aws_sqs_queue.q", False),
    ],
)
def test_resources_that_count_and_for_each_do_not_make(root: Path, address: str, is_absent: bool) -> None:
    assert (address in absent_of(root)) is is_absent


def test_where_a_file_is_not_understood_everything_may_be_made(root: Path) -> None:
    write_files(root, {"terraform.tfvars": "wanted = "})
    assert "aws_sns_topic.none" not in absent_of(root)
