"""The models themselves: frozen, free of the constructs, and with the values that constructs ask for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from envs.load import load
from envs.settings import Settings
from envs.settings.fields import known_paths, type_at
from envs.settings.regions import REGIONS, zones_of
from tests.support.programs import run_program


def test_settings_are_frozen() -> None:
    settings = load("dev")
    with pytest.raises(ValidationError, match="frozen"):
        settings.network.replicas = 3  # type: ignore[misc]
    assert all(not isinstance(value, list) for value in (settings.channels, settings.network.zones))


def test_settings_need_no_constructs() -> None:
    code = "import envs.load, envs.schema, sys; envs.load.load_all(); print(*sorted(sys.modules))"
    modules = run_program([sys.executable, "-c", code], check=True).stdout.split()
    heavy = {"cdktf", "constructs", "jsii", "modules", "cli", "policies", "checkov", "jsonschema"}
    assert heavy.isdisjoint(name.partition(".")[0] for name in modules)


def test_models_state_wrong_values_without_a_file() -> None:
    with pytest.raises(ValidationError, match=r"replicas: allowed: 1 to 7"):
        type(load("dev").network)(vpc_cidr="10.0.0.0/20", zones=("us-east-1a",), replicas=8)


def test_every_key_of_the_models_is_described() -> None:
    assert [path for path in known_paths() if not type_at(path).description] == []


def test_the_state_is_named_after_the_environment() -> None:
    settings = load("dev")
    assert settings.state_bucket == "meals-dev-state-111111111111"
    assert settings.state_key == "dev/terraform.tfstate"


def test_a_state_with_a_name_of_its_own(settings_with: Callable[..., Settings]) -> None:
    settings = settings_with({"state": {"bucket": "all-states", "key": "prod.tfstate"}})
    assert (settings.state_bucket, settings.state_key) == ("all-states", "prod.tfstate")


@pytest.mark.parametrize(
    ("ami", "is_resolved"),
    [("ami-0123456789abcdef0", True), ("/meals/image", False)],
)
def test_an_image_is_an_id_or_a_parameter(settings_with: Callable[..., Settings], ami: str, is_resolved: bool) -> None:
    assert settings_with({"release.ami": ami}).release.is_resolved == is_resolved


def test_what_is_not_set_is_no_part_of_a_release(settings_with: Callable[..., Settings]) -> None:
    """Releases that were recorded before there was an origin or a digest stay equal to what the file says."""
    assert settings_with({}).release.model_dump(mode="json").keys() & {"ami_parameter", "artifacts"} == set()
    image = {"release.ami": "ami-0123456789abcdef0", "release.ami_parameter": "/a"}
    values = settings_with({**image, "release.artifacts": {"core-server": "0" * 64}}).release.model_dump(mode="json")
    assert (values["ami_parameter"], values["artifacts"]) == ("/a", {"core-server": "0" * 64})


@pytest.mark.parametrize(
    ("changes", "cluster", "broker"),
    [
        ({"network.replicas": 1}, (1,), (1,)),
        ({"network.replicas": 2}, (1, 2), (1, 2)),
        ({"network.replicas": 40}, (1, 2), (1, 2)),
        ({"network.zones": ["us-east-1a"]}, (1,), (1,)),
        ({"streaming.cluster.zones": 3, "streaming.cluster.brokers": 3}, (1, 2, 3), (1, 2)),
        ({"broker.deployment_mode": "SINGLE_INSTANCE"}, (1, 2), (1,)),
    ],
)
def test_where_the_cluster_and_the_broker_are(
    settings_with: Callable[..., Settings], changes: dict[str, Any], cluster: tuple[int, ...], broker: tuple[int, ...]
) -> None:
    settings = settings_with(changes)
    assert (settings.cluster_replicas, settings.broker_replicas) == (cluster, broker)


def test_every_region_has_zones() -> None:
    assert all(len(set(zones_of(region))) >= 3 for region in REGIONS)
    assert zones_of("us-east-1") == tuple(f"us-east-1{letter}" for letter in "abcdef")
