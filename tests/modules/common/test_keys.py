"""The customer-managed keys and their policies."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.helpers import resource, resources

PURPOSES = ["compute", "event-store", "logs", "messaging", "notifications", "storage", "streaming"]
ENVIRONMENTS = ["dev", "staging", "prod"]


def _policy(document: Any, purpose: str) -> dict[str, dict[str, Any]]:
    text = resource(document, "aws_kms_key", f"keys/{purpose}/key").body["policy"]
    return {statement["Sid"]: statement for statement in json.loads(text)["Statement"]}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_each_kind_of_data_has_a_key(synthesized: Mapping[str, Any], environment: str) -> None:
    keys = resources(synthesized[environment], "aws_kms_key", under="keys/")
    assert [key.path for key in keys] == [f"keys/{purpose}/key" for purpose in PURPOSES]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_key_is_rotated(synthesized: Mapping[str, Any], environment: str) -> None:
    keys = resources(synthesized[environment], "aws_kms_key")
    symmetric = [key for key in keys if key.body.get("key_usage", "ENCRYPT_DECRYPT") == "ENCRYPT_DECRYPT"]
    assert all(key.body["enable_key_rotation"] is True for key in symmetric)


def test_every_key_has_an_alias_of_its_environment(synthesized: Mapping[str, Any]) -> None:
    aliases = [each.body["name"] for each in resources(synthesized["staging"], "aws_kms_alias", under="keys/")]
    assert aliases == [f"alias/meals-staging-{purpose}" for purpose in PURPOSES]


def test_keys_of_protected_environments_cannot_be_destroyed(synthesized: Mapping[str, Any]) -> None:
    keys = resources(synthesized["prod"], "aws_kms_key", under="keys/")
    assert all(key.body["lifecycle"]["prevent_destroy"] is True for key in keys)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_key_policy_lets_anybody_in(synthesized: Mapping[str, Any], environment: str) -> None:
    for key in resources(synthesized[environment], "aws_kms_key"):
        for statement in json.loads(key.body["policy"])["Statement"]:
            if statement["Effect"] == "Allow":
                assert statement["Principal"] not in ("*", {"AWS": "*"}, {"AWS": ["*"]}), key.path


def test_logs_may_use_the_key_for_groups_of_this_account_only(synthesized: Mapping[str, Any]) -> None:
    statement = _policy(synthesized["prod"], "logs")["CloudWatchLogsUsesKey"]
    assert statement["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:333333333333:*"}
    }


def test_scaling_may_grant_the_key_to_aws_resources_only(synthesized: Mapping[str, Any]) -> None:
    statement = _policy(synthesized["prod"], "compute")["AutoScalingGrantsVolumes"]
    assert statement["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_scaling_uses_the_key_through_the_environments_own_role(synthesized: Mapping[str, Any]) -> None:
    document = synthesized["prod"]
    role = resource(document, "aws_iam_service_linked_role", "keys/auto-scaling-role")
    assert _policy(document, "compute")["AutoScalingUsesKey"]["Principal"] == {"AWS": [role.reference("arn")]}
    assert role.body["custom_suffix"] == "meals-prod"
