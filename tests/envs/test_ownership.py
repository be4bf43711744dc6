"""Whose each setting is, and taking another environment's own values."""

from __future__ import annotations

import pytest

from envs.load import load, load_all
from envs.ownership import Owner, owner, values, with_own_values
from envs.settings import Settings

SHAPES = {
    "channels.*.cidrs",
    "channels.*.direction",
    "channels.*.port",
    "broker.deployment_mode",
    "broker.engine",
    "edge.protected_paths",
    "edge.tls_policy",
    "event_store.backup.schedule",
    "network.dns_firewall.action",
    "network.dns_firewall.allowed_domains",
    "network.interface_endpoints",
    "notifications.mobile_push",
    "servers.datadog_agent",
    "servers.groups",
    "servers.groups.*",
    "servers.health_check_path",
    "streaming.cluster.accept_private_connectivity",
    "streaming.cluster.zones",
    "streaming.consumers",
    "streaming.consumers.*",
    "streaming.metrics_export.connector",
    "streaming.metrics_export.namespaces",
    "*.cpu_target_percent",
    "*.memory_target_percent",
    "*.modules",
    "*.port",
    "streaming.topics.*",
}
"""What should be the same everywhere; a new setting is of this kind unless `envs.ownership` says otherwise."""


def test_every_setting_of_shape_is_meant_to_be_one() -> None:
    from fnmatch import fnmatchcase

    paths = {path for settings in load_all() for path in values(settings.model_dump(mode="json"))}
    shapes = {".".join(path) for path in paths if owner(path) is Owner.SHAPE}
    unexpected = {path for path in shapes if not any(fnmatchcase(path, pattern) for pattern in SHAPES)}
    assert not unexpected, "say in envs/ownership.py whose these are, or add them here"
    assert shapes


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("release.ami", Owner.RELEASE),
        ("release.features.meal_swaps", Owner.RELEASE),
        ("account_id", Owner.IDENTITY),
        ("network.vpc_cidr", Owner.IDENTITY),
        ("network.vpn.customer_gateway_ip", Owner.IDENTITY),
        ("channels.datadog.domains", Owner.IDENTITY),
        ("channels.datadog.direction", Owner.SHAPE),
        ("servers.core.instance_type", Owner.SIZE),
        ("event_store.server.max_size", Owner.SIZE),
        ("storage.access_log_retention_days", Owner.SIZE),
        ("edge.tls_policy", Owner.SHAPE),
    ],
)
def test_owner(path: str, expected: Owner) -> None:
    assert owner(tuple(path.split("."))) is expected


def test_items_of_a_list_go_by_their_name() -> None:
    found = values({"channels": [{"name": "a", "domains": ["x"]}, {"name": "b", "domains": []}]})
    assert found == {("channels", "a", "domains"): ["x"], ("channels", "b", "domains"): []}


@pytest.mark.parametrize(("before", "after"), [("dev", "staging"), ("staging", "prod"), ("prod", "dev")])
def test_own_values_of_another_environment_leave_release_and_shape(before: str, after: str) -> None:
    theirs, mine = load(before).model_dump(mode="json"), load(after).model_dump(mode="json")
    taken = Settings.model_validate(with_own_values(mine, theirs)).model_dump(mode="json")
    for path, value in values(taken).items():
        source = theirs if owner(path) in (Owner.IDENTITY, Owner.SIZE) else mine
        assert value == values(source)[path], path


def test_what_only_one_environment_has_stays() -> None:
    mine = {"environment": "b", "channels": [{"name": "new", "domains": ["b.example"]}]}
    theirs = {"environment": "a", "channels": [{"name": "old", "domains": ["a.example"]}], "domain_name": "a.example"}
    assert with_own_values(mine, theirs) == {
        "environment": "a",
        "channels": [{"name": "new", "domains": ["b.example"]}],
    }
