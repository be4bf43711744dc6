"""How much is used: the numbers of the toolkit, those of a user, and messages about wrong ones."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cli.core.cost.estimate import estimate
from cli.core.cost.usage import UsageFileError, quantities
from tests.support.reading import load_files

MAIN = """
resource "aws_sqs_queue" "a" {}
resource "aws_sqs_queue" "b" {}
"""


def test_a_number_for_an_address_is_before_one_for_the_type(tmp_path: Path) -> None:
    configuration = load_files(tmp_path, {"main.tf": MAIN})
    file = tmp_path / "usage.yaml"
    file.write_text("aws_sqs_queue: {requests: 10}\naws_sqs_queue.b: {requests: 20}\n")
    charges = estimate([configuration], quantities(file)).charges
    assert {each.address: each.quantity.low for each in charges} == {"aws_sqs_queue.a": 10, "aws_sqs_queue.b": 20}


def test_a_type_with_another_name_has_numbers_of_its_own_too(tmp_path: Path) -> None:
    hcl = 'resource "aws_alb" "a" { internal = true }\nresource "aws_alb" "b" { internal = true }'
    file = tmp_path / "usage.yaml"
    file.write_text("aws_alb: {capacity_units: 2}\naws_alb.b: {capacity_units: 3}\n")
    charges = estimate([load_files(tmp_path, {"main.tf": hcl})], quantities(file)).charges
    assert [each.quantity.low for each in charges if each.kind == "usage"] == [2 * 730, 3 * 730]


def test_what_is_assumed_is_listed_with_its_number(tmp_path: Path) -> None:
    result = estimate([load_files(tmp_path, {"main.tf": MAIN})], quantities())
    ((name, value, resources),) = [(each.type, each.value, each.resources) for each in result.assumptions]
    assert (name, value, resources) == ("aws_sqs_queue", Decimal(1_000_000), 2)


def test_an_address_that_no_resource_has_is_named(tmp_path: Path) -> None:
    configuration = load_files(tmp_path, {"main.tf": MAIN})
    file = tmp_path / "usage.yaml"
    file.write_text("module.m.aws_sqs_queue.c[0]: {requests: 10}\n")
    assert any("module.m.aws_sqs_queue.c[0]" in note for note in estimate([configuration], quantities(file)).notes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("aws_sqs_queues: {requests: 1}", "aws_sqs_queues: allowed: aws_"),
        ("aws_sqs_queue: {request: 1}", "aws_sqs_queue: request: allowed: requests"),
        ("aws_sqs_queue: {requests: -1}", "received -1; allowed: a number that is not negative"),
        ("aws_sqs_queue: {requests: many}", "received 'many'"),
        ("aws_sqs_queue: {requests: true}", "received True"),
        ("aws_sqs_queue: {requests: .nan}", "received nan"),
        ("aws_sqs_queue: 5", "allowed: types or addresses with quantities"),
        ("[1", "is not YAML"),
        ("aws_sqs_queue: {requests: 1}\naws_sqs_queue: {requests: 2}", "is not YAML"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "usage.yaml"
    file.write_text(text)
    with pytest.raises(UsageFileError) as error:
        quantities(file)
    assert message in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageFileError, match="No such file"):
        quantities(tmp_path / "usage.yaml")
