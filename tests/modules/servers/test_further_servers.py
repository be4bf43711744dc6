"""Groups of further servers: what one more kind of server in the settings adds, and what it leaves alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.helpers import Document, resource, resources
from tests.support.servers import Server, role_policy, scaling_group, security_group, subnets, user_data, variables

LOYALTY = Server("loyalty-server", "servers/public/loyalty-server", "public", "")
INVOICES = Server("invoices-server", "servers/private/invoices-server", "private", "")
GROUPS: Mapping[str, Any] = {
    "loyalty": {
        "subnets": "public",
        "path_prefix": "/loyalty",
        "rule_number": 4,
        "modules": ["loyalty"],
        "uses": ["event-store", "images"],
        "min_size": 2,
        "max_size": 5,
    },
    "invoices": {
        "subnets": "private",
        "port": 9443,
        "modules": ["invoices"],
        "uses": ["stream"],
        "clients": ["core-server", "loyalty-server"],
    },
}


@pytest.fixture(scope="module")
def grown(prod_with) -> Document:
    document: Document = prod_with({"servers.groups": GROUPS})
    return document


def peers(document: Document, server: Server) -> set[tuple[str, int]]:
    """From which groups a server accepts connections, and on which port."""
    labels = {f"${{{each.address}.id}}": each.path for each in resources(document, "aws_security_group")}
    return {
        (labels[each.body["referenced_security_group_id"]].removesuffix("/group"), each.body["from_port"])
        for each in resources(document, "aws_vpc_security_group_ingress_rule")
        if each.body["security_group_id"] == security_group(document, server)
    }


def test_only_the_servers_that_call_another_one_change(synthesized, grown):
    before = {each.address: each.body for each in resources(synthesized["prod"])}
    after = {each.address: each.body for each in resources(grown)}
    assert before.keys() < after.keys()
    changed = {
        resource.path for resource in resources(grown) if before.get(resource.address) not in (None, resource.body)
    }
    assert changed == set()
    locals_changed = {name for name, text in synthesized["prod"]["locals"].items() if grown["locals"][name] != text}
    assert {name.split("_launch")[0] for name in locals_changed} == {"servers_core-server"}


@pytest.mark.parametrize("server", [LOYALTY, INVOICES], ids=lambda server: server.name)
def test_each_scales_in_its_subnets_by_its_own_policies(grown, server):
    group = scaling_group(grown, server)
    assert set(group["vpc_zone_identifier"]) == subnets(grown, server.tier)
    sizes = GROUPS[server.name.removesuffix("-server")]
    assert (group["min_size"], group["max_size"]) == (sizes.get("min_size", 1), sizes.get("max_size", 2))
    policies = resources(grown, "aws_autoscaling_policy", under=f"{server.path}/")
    assert [each.path.rsplit("/", 1)[1] for each in policies] == ["cpu", "memory"]


def test_the_load_balancer_forwards_the_prefix_of_a_public_server(grown):
    rule = resource(grown, "aws_lb_listener_rule", "edge/public/ruleset/loyalty").body
    target_group = resource(grown, "aws_lb_target_group", "edge/public/load-balancer/loyalty-server")
    assert rule["priority"] == 204
    assert rule["condition"] == [{"path_pattern": {"values": ["/loyalty*"]}}]
    assert rule["action"] == [{"type": "forward", "target_group_arn": target_group.reference("arn")}]
    assert peers(grown, LOYALTY) == {("edge/public/load-balancer/security-group", 8443)}


def test_a_private_server_answers_at_the_internal_load_balancer(grown):
    listener = resource(grown, "aws_lb_listener", "edge/private-load-balancer/load-balancer/invoices-server-listener")
    assert (listener.body["port"], listener.body["protocol"]) == (9443, "HTTPS")
    assert peers(grown, INVOICES) == {("edge/private-load-balancer/load-balancer/security-group", 9443)}
    balancer = resource(grown, "aws_security_group", "edge/private-load-balancer/load-balancer/security-group/group")
    rules = resources(grown, "aws_vpc_security_group_ingress_rule", under=balancer.path.removesuffix("group"))
    clients = [each.path.rsplit("/", 1)[1] for each in rules if each.body["from_port"] == 9443]
    assert clients == ["from-core-server-9443", "from-loyalty-server-9443"]
    url = "https://invoices-server.internal.meals.example:9443"
    for client in (LOYALTY, Server("core-server", "servers/core-server", "public", "")):
        assert variables(user_data(grown, client))["INVOICES_SERVER_URL"] == url


def test_a_server_may_do_what_it_uses_and_no_more(grown):
    sids = {
        server.name: {each["Sid"] for each in json.loads(role_policy(grown, server))["Statement"]}
        for server in (LOYALTY, INVOICES)
    }
    assert "WriteToStream" in sids["invoices-server"] - sids["loyalty-server"]
    assert sids["loyalty-server"] - sids["invoices-server"] >= {"ReadAndWriteImages"}
    environments = {server.name: variables(user_data(grown, server)).keys() for server in (LOYALTY, INVOICES)}
    assert {"EVENT_STORE_URL", "IMAGES_BUCKET"} <= environments["loyalty-server"] - environments["invoices-server"]
    assert "KAFKA_BOOTSTRAP_BROKERS" in environments["invoices-server"] - environments["loyalty-server"]
    assert "BROKER_URL" in environments["invoices-server"] & environments["loyalty-server"]


def test_a_server_reaches_what_it_uses_and_no_more(grown):
    def outgoing(server: Server) -> set[str]:
        found = resources(grown, "aws_vpc_security_group_egress_rule", under=f"servers/security-groups/{server.name}/")
        return {each.path.rsplit("/", 1)[1] for each in found}

    shared = {"to-broker-5671", "to-dynamodb", "to-interface-endpoints-443", "to-s3"}
    loyalty = {"to-private-load-balancer-2113", "to-private-load-balancer-9443"}
    assert outgoing(LOYALTY) == shared | loyalty
    assert outgoing(INVOICES) == shared | {"to-stream-9098"}
