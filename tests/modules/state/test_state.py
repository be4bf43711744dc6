"""Where the state lives, and the stack that makes the place."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.helpers import resources

ENVIRONMENTS = ["dev", "staging", "prod"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_state_is_in_the_bucket_that_the_bootstrap_stack_makes(
    synthesized: Mapping[str, Any], synthesized_bootstrap: Mapping[str, Any], environment: str
) -> None:
    bucket = synthesized[environment]["terraform"]["backend"]["s3"]["bucket"]
    buckets = [each.body["bucket"] for each in resources(synthesized_bootstrap[environment], "aws_s3_bucket")]
    assert bucket in buckets


def test_each_environment_has_a_state_of_its_own(synthesized: Mapping[str, Any]) -> None:
    backends = [document["terraform"]["backend"]["s3"] for document in synthesized.values()]
    assert len({(each["bucket"], each["key"]) for each in backends}) == len(ENVIRONMENTS)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_state_is_locked_by_s3(synthesized: Mapping[str, Any], environment: str) -> None:
    assert synthesized[environment]["terraform"]["backend"]["s3"]["use_lockfile"] is True


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_state_is_encrypted_by_the_buckets_own_key(synthesized: Mapping[str, Any], environment: str) -> None:
    """`encrypt` would ask for SSE-S3 and override the customer-managed key of the bucket."""
    assert "encrypt" not in synthesized[environment]["terraform"]["backend"]["s3"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_nothing_of_the_bootstrap_stack_that_holds_data_can_be_destroyed(
    synthesized_bootstrap: Mapping[str, Any], environment: str
) -> None:
    document = synthesized_bootstrap[environment]
    holders = [*resources(document, "aws_s3_bucket"), *resources(document, "aws_kms_key")]
    assert len(holders) == 5
    assert all(each.body["lifecycle"]["prevent_destroy"] is True for each in holders)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_bootstrap_stacks_own_state_is_a_file_beside_it(
    synthesized_bootstrap: Mapping[str, Any], environment: str
) -> None:
    assert synthesized_bootstrap[environment]["terraform"]["backend"] == {"local": {"path": "terraform.tfstate"}}
