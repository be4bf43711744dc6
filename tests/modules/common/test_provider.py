"""The provider of every stack."""

from collections.abc import Mapping
from typing import Any

import pytest

ACCOUNTS = {"dev": "111111111111", "staging": "222222222222", "prod": "333333333333"}


@pytest.mark.parametrize("environment", ACCOUNTS)
def test_an_environment_can_only_be_applied_to_its_own_account(
    synthesized: Mapping[str, Any], synthesized_bootstrap: Mapping[str, Any], environment: str
) -> None:
    for document in (synthesized[environment], synthesized_bootstrap[environment]):
        assert document["provider"]["aws"][0]["allowed_account_ids"] == [ACCOUNTS[environment]]


@pytest.mark.parametrize("environment", ACCOUNTS)
def test_the_provider_is_that_of_the_bindings_or_a_later_minor_one(
    synthesized: Mapping[str, Any], environment: str
) -> None:
    assert synthesized[environment]["terraform"]["required_providers"] == {
        "aws": {"source": "hashicorp/aws", "version": "~> 6.25"}
    }


@pytest.mark.parametrize("environment", ACCOUNTS)
def test_everything_is_tagged_with_its_environment(synthesized: Mapping[str, Any], environment: str) -> None:
    assert synthesized[environment]["provider"]["aws"][0]["default_tags"] == [
        {"tags": {"Environment": environment, "ManagedBy": "terraform", "Project": "meals"}}
    ]


@pytest.mark.parametrize("environment", ACCOUNTS)
def test_no_terraform_version_is_required(synthesized: Mapping[str, Any], environment: str) -> None:
    """checkov stops at `required_version` without a word, and passes."""
    assert "required_version" not in synthesized[environment]["terraform"]
