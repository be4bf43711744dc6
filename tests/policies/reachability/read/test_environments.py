"""The network of this toolkit's own environments, as synthesized."""

from __future__ import annotations

from pathlib import Path

import pytest

from envs.load import environments
from policies.library.terraform.load import load_directory
from policies.reachability import traffic
from policies.reachability.intervals import NOTHING
from policies.reachability.network import Network
from policies.reachability.read import read
from tests.support.reachability_text import entries, forwards, permissions, routes


def network_of(directory: Path, stack: str) -> Network:
    """The network of a synthesized stack."""
    configuration, unreadable = load_directory(directory / "stacks" / stack)
    assert not unreadable
    return read(configuration)


@pytest.fixture(params=environments())
def network(request: pytest.FixtureRequest, synthesized_directory: Path) -> Network:
    """The network of each environment."""
    return network_of(synthesized_directory, request.param)


def test_nothing_is_assumed(network: Network) -> None:
    assert network.assumptions == ()


def test_every_part_has_its_name(network: Network) -> None:
    names = {node.name for node in network.nodes.values()}
    assert {each for each in names if not each.startswith(("endpoint_", "pipe_"))} == {
        "broker",
        "cluster",
        "core",
        "event_store",
        "internal_load_balancer",
        "ordering",
        "public_load_balancer",
        "purchase_gateway",
    }
    assert {"endpoint_pipes_data", "endpoint_ssm", "pipe_meal_ready"} <= names


def test_only_public_servers_and_load_balancer_have_public_addresses(network: Network) -> None:
    public = {node.name for node in network.nodes.values() if node.is_public}
    assert public == {"core", "ordering", "public_load_balancer"}


def test_load_balancers_listen_and_pass_on(network: Network) -> None:
    by_name = {node.name: node.key for node in network.nodes.values()}
    public, internal = by_name["public_load_balancer"], by_name["internal_load_balancer"]
    assert set(forwards(network)) == {
        f"{public} tcp 443 -> {by_name['core']} tcp 8443",
        f"{public} tcp 443 -> {by_name['ordering']} tcp 8443",
        f"{internal} tcp 2113 -> {by_name['event_store']} tcp 2113",
        f"{internal} tcp 443 -> {by_name['purchase_gateway']} tcp 8443",
    }
    assert traffic.describe(network.nodes[public].listens or NOTHING) == "tcp 80, 443"


def test_private_subnets_lead_to_the_vpc_and_gateway_endpoints_only(network: Network) -> None:
    (store,) = (node for node in network.nodes.values() if node.name == "event_store")
    (vpc,) = network.vpcs
    for subnet in store.subnets:
        found = sorted(each.target.kind for each in subnet.table.routes)
        assert found == ["gateway endpoint", "gateway endpoint", "local"]
        assert f"10.0.0.0/16 -> local {vpc}" in routes(subnet.table)
        assert entries(subnet.acl, "egress")[0] == "100 allow tcp 443 any IPv4 address"


def test_security_groups_of_the_broker_name_the_servers(network: Network) -> None:
    (broker,) = (node for node in network.nodes.values() if node.name == "broker")
    servers = [node for node in network.nodes.values() if node.kind == "server"]
    groups = {group.key for node in servers for group in node.groups or ()}
    (group,) = broker.groups or ()
    assert {key for each in group.ingress for key in each.groups} == groups
    assert permissions(group, "egress") == []


@pytest.mark.parametrize("environment", environments())
def test_a_bootstrap_stack_has_no_network(environment: str, synthesized_directory: Path) -> None:
    network = network_of(synthesized_directory, f"{environment}-bootstrap")
    assert (network.nodes, network.vpcs, network.assumptions) == ({}, {}, ())
