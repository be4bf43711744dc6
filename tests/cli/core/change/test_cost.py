"""The line that says what a change costs, in every format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.core.change.report import FORMATS
from tests.support.changes import NETWORK, change

GATEWAY = 'resource "aws_nat_gateway" "g" {}\n'
LINE = "Costs +32.85 USD a month, +100% (root module +32.85); usage-driven +4.50 USD a month, as assumed."
SERVER = 'resource "aws_instance" "s" {\n  instance_type = "no-type.of-aws"\n  user_data     = "%s"\n}\n'


def test_a_gateway_more_costs_what_it_costs(tmp_path: Path) -> None:
    first = GATEWAY.replace('"g"', '"f"')
    proof = change(tmp_path, NETWORK + first, NETWORK + first + GATEWAY)
    assert proof.cost == LINE
    assert LINE in " ".join(FORMATS["table"](proof).split())
    assert "Costs +32.85 USD a month" in FORMATS["markdown"](proof)
    assert json.loads(FORMATS["json"](proof))["cost"] == LINE


@pytest.mark.parametrize(
    "after", [GATEWAY, GATEWAY + "\n# words\n", GATEWAY.replace("{}", '{\n  tags = { a = "b" }\n}')]
)
def test_nothing_is_said_where_all_costs_alike(after: str, tmp_path: Path) -> None:
    assert change(tmp_path, NETWORK + GATEWAY, NETWORK + after).cost == ""


def test_a_price_that_is_not_known_is_named(tmp_path: Path) -> None:
    proof = change(tmp_path, NETWORK + SERVER % "a", NETWORK + SERVER % "b")
    assert proof.cost == "Costs ? USD a month (root module ?); changes, price not known: aws_instance.s."


def test_what_it_costs_proves_nothing(tmp_path: Path) -> None:
    proof = change(tmp_path, NETWORK, NETWORK + GATEWAY)
    assert proof.cost
    assert "cost" not in proof.data()
