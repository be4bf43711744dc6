"""Which pack a rule of checkov's is in."""

from __future__ import annotations

import pytest

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
