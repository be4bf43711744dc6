"""Where the state lives, and the stack that makes the place."""

from collections.abc import Mapping
from typing import Any

import pytest

from envs.load import load
from tests.support.helpers import resources

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
def test_credentials_of_another_account_do_not_come_to_the_state(
    synthesized: Mapping[str, Any], environment: str
) -> None:
    assert synthesized[environment]["terraform"]["backend"]["s3"]["allowed_account_ids"] == [
        load(environment).account_id
    ]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_state_is_encrypted_by_the_buckets_own_key(synthesized: Mapping[str, Any], environment: str) -> None:
    """`encrypt` would ask for SSE-S3 and override the customer-managed key of the bucket."""
    assert "encrypt" not in synthesized[environment]["terraform"]["backend"]["s3"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_nothing_of_the_bootstrap_stack_that_holds_data_can_be_destroyed(
    synthesized_bootstrap: Mapping[str, Any], environment: str
) -> None:
    document = synthesized_bootstrap[environment]
    types = ("aws_kms_key", "aws_route53_zone", "aws_s3_bucket", "aws_secretsmanager_secret")
    holders = [each for kind in types for each in resources(document, kind)]
    assert len(holders) == 11
    assert all(each.body["lifecycle"]["prevent_destroy"] is True for each in holders)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_secret_that_the_environment_reads_is_made_before_it(
    synthesized: Mapping[str, Any], synthesized_bootstrap: Mapping[str, Any], environment: str
) -> None:
    data = synthesized[environment]["data"]
    read = {each["secret_id"] for each in data["aws_secretsmanager_secret_version"].values()}
    read |= {each["name"] for each in data["aws_secretsmanager_secret"].values()}
    made = {each.body["name"] for each in resources(synthesized_bootstrap[environment], "aws_secretsmanager_secret")}
    assert read == made == {f"meals/{environment}/broker", f"meals/{environment}/datadog"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_key_of_the_secrets_is_found_by_its_alias(
    synthesized: Mapping[str, Any], synthesized_bootstrap: Mapping[str, Any], environment: str
) -> None:
    (looked_up,) = synthesized[environment]["data"]["aws_kms_alias"].values()
    aliases = [each.body["name"] for each in resources(synthesized_bootstrap[environment], "aws_kms_alias")]
    assert looked_up["name"] in aliases


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_secret_has_a_value_in_terraform(synthesized_bootstrap: Mapping[str, Any], environment: str) -> None:
    assert resources(synthesized_bootstrap[environment], "aws_secretsmanager_secret_version") == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_bootstrap_stacks_own_state_is_a_file_beside_it(
    synthesized_bootstrap: Mapping[str, Any], environment: str
) -> None:
    assert synthesized_bootstrap[environment]["terraform"]["backend"] == {"local": {"path": "terraform.tfstate"}}
