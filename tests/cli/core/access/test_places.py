"""The lines on which statements and conditions are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.access.places import line_of, line_of_condition
from policies.access.model import PolicyStatement
from policies.access.read import read
from tests.support.reading import load_files

QUEUE = """
resource "aws_sqs_queue" "q" {
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "sqs:SendMessage", Principal = "*", Resource = "*",
      Condition = { StringEquals = { "aws:SourceVpc" = "vpc-1" } } },
    { Sid    = "Second"
      Effect = "Allow", Action = "sqs:*", Principal = "*", Resource = "*" },
  ] })
}
"""
DOCUMENT = """
data "aws_iam_policy_document" "d" {
  statement {
    actions = ["sqs:SendMessage"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceVpc"
      values   = ["vpc-1"]
    }
  }
  statement {
    sid     = "Second"
    actions = ["sqs:*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
resource "aws_sqs_queue" "q" {
  policy = data.aws_iam_policy_document.d.json
}
"""


def _statements(tmp_path: Path, main: str) -> tuple[PolicyStatement, ...]:
    (policy,) = read(load_files(tmp_path, {"main.tf": main})).things["aws_sqs_queue.q"].policies
    return policy.statements


@pytest.mark.parametrize(("main", "lines"), [(QUEUE, (4, 6)), (DOCUMENT, (3, 16))], ids=["json", "document"])
def test_a_statement_is_found_by_number_and_by_sid(tmp_path: Path, main: str, lines: tuple[int, int]) -> None:
    assert [line_of(each) for each in _statements(tmp_path, main)] == [f"{tmp_path / 'main.tf'}:{n}" for n in lines]


@pytest.mark.parametrize(("main", "line"), [(QUEUE, 5), (DOCUMENT, 11)], ids=["json", "document"])
def test_a_condition_is_found_in_its_statement(tmp_path: Path, main: str, line: int) -> None:
    first = _statements(tmp_path, main)[0]
    assert line_of_condition(first, first.conditions[0]) == f"{tmp_path / 'main.tf'}:{line}"


def test_what_is_made_elsewhere_is_found_by_its_attribute(tmp_path: Path) -> None:
    main = 'variable "p" {}\nresource "aws_sqs_queue" "q" {\n  name   = "q"\n  policy = var.p\n}\n'
    (statement,) = _statements(tmp_path, main)
    assert line_of(statement) == f"{tmp_path / 'main.tf'}:4"


def test_what_cdktf_wrote_has_the_line_of_python(tmp_path: Path) -> None:
    resource = '{"policy": "%s", "//": {"metadata": {"path": "s/q", "sourceLines": ["modules/queues.py:7"]}}}'
    policy = '{\\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Action\\": \\"*\\", \\"Principal\\": \\"*\\"}]}'
    document = f'{{"resource": {{"aws_sqs_queue": {{"q": {resource % policy}}}}}}}'
    found = read(load_files(tmp_path, {"cdk.tf.json": document})).things["aws_sqs_queue.q"].policies
    assert line_of(found[0].statements[0]) == "modules/queues.py:7"
