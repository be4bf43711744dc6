"""What makes Terraform replace what holds data."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.change.replacement import _FORCING
from cli.core.plans.stateful import STATEFUL_TYPES
from tests.support.changes import change

PROVIDERS = """
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "ireland"
  region = "eu-west-1"
}
"""
TABLE = f"""{PROVIDERS}
variable "n" {{}}
resource "aws_dynamodb_table" "t" {{
  name           = "t"
  hash_key       = "id"
  stream_enabled = false
}}
"""


@pytest.mark.parametrize(
    ("old", "new", "is_replaced"),
    [
        ('"t"\n', '"other"\n', True),
        ('"id"', '"key"', True),
        ('"id"', "var.n", True),
        ("stream_enabled = false", "stream_enabled = true", False),
        ("stream_enabled = false", "range_key = null", False),
        ("us-east-1", "us-east-2", True),
        ("eu-west-1", "eu-west-2", False),
        ("stream_enabled = false", "provider = aws.ireland", True),
    ],
)
def test_replacement_destroys_data(old: str, new: str, is_replaced: bool, tmp_path: Path) -> None:
    assert TABLE.count(old) == 1
    proof = change(tmp_path, TABLE, TABLE.replace(old, new))
    assert proof.destroys == (("aws_dynamodb_table.t",) if is_replaced else ())


def test_only_what_holds_data_is_listed() -> None:
    assert set(_FORCING) <= STATEFUL_TYPES
