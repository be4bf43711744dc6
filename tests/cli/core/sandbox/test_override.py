"""The override file and the variables that keep terraform's AWS provider away from AWS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from cli.core.sandbox.override import content, override, variables
from envs.load import load


def test_the_state_is_where_it_is_on_aws(synthesized: Mapping[str, Any]) -> None:
    settings = load("dev")
    (backend,) = override(synthesized["dev"])["terraform"]["backend"].items()
    kind, arguments = backend
    assert kind == "s3"
    assert (arguments["bucket"], arguments["key"]) == (settings.state_bucket, settings.state_key)
    assert arguments["use_lockfile"] is True


def test_the_state_of_the_bootstrap_stack_is_beside_it(synthesized_bootstrap: Mapping[str, Any]) -> None:
    backend = override(synthesized_bootstrap["dev"])["terraform"]["backend"]
    assert backend == {"local": {"path": "terraform.tfstate"}}


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_the_account_stays_checked(synthesized: Mapping[str, Any], environment: str) -> None:
    """An override replaces arguments one by one; what it does not name stays as synthesized."""
    document = synthesized[environment]
    (provider,) = override(document)["provider"]["aws"]
    assert "allowed_account_ids" not in provider
    assert "skip_requesting_account_id" not in provider
    assert document["provider"]["aws"][0]["allowed_account_ids"] == [load(environment).account_id]


def test_every_provider_of_a_stack_is_that_of_the_sandbox(synthesized_bootstrap: Mapping[str, Any]) -> None:
    """Terraform merges a provider of an override into the one with the same alias."""
    document = synthesized_bootstrap["dev"]
    one, other = document["provider"]["aws"][0], {"alias": "us_east_1", "region": "us-east-1"}
    default, aliased = override({**document, "provider": {"aws": [one, other]}})["provider"]["aws"]
    assert "alias" not in default
    assert aliased == {"alias": "us_east_1", **default}


def test_any_provider_from_5_100_on_may_rehearse(synthesized: Mapping[str, Any]) -> None:
    aws = override(synthesized["dev"])["terraform"]["required_providers"]["aws"]
    assert aws == {"source": "hashicorp/aws", "version": ">= 5.100.0"}


def test_the_file_is_deterministic(synthesized: Mapping[str, Any]) -> None:
    written = content(synthesized["dev"])
    assert written == content(synthesized["dev"])
    assert json.loads(written) == override(synthesized["dev"])


def test_nothing_of_aws_is_inherited_and_everything_else_is() -> None:
    given = {
        "AWS_PROFILE": "prod",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL_S3": "https://s3.amazonaws.com",
        "TF_AWS_S3_ENDPOINT": "https://s3.amazonaws.com",
        "TF_CLI_CONFIG_FILE": "/mirror.tfrc",
        "TF_PLUGIN_CACHE_DIR": "/cache",
        "PATH": "/bin",
    }
    assert variables("http://127.0.0.1:1", given) == {
        "TF_CLI_CONFIG_FILE": "/mirror.tfrc",
        "TF_PLUGIN_CACHE_DIR": "/cache",
        "PATH": "/bin",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "INFRA_PAUSE_SECONDS": "4",
    }
