"""Which paths the servers open by themselves (claim C4); all others are opened by the part that needs them."""

from typing import Any

import pytest

from tests.support.helpers import Document, resources
from tests.support.servers import PRIVATE, PUBLIC, SERVERS, security_group


def ingress(document: Document, group: str) -> list[dict[str, Any]]:
    rules = resources(document, "aws_vpc_security_group_ingress_rule")
    return [dict(each.body) for each in rules if each.body["security_group_id"] == group]


@pytest.mark.parametrize("public", PUBLIC, ids=lambda server: server.name)
def test_public_servers_accept_https_from_each_other_and_themselves(document, settings, public):
    port = settings.servers.port
    found = {
        rule["referenced_security_group_id"]
        for rule in ingress(document, security_group(document, public))
        if (rule["from_port"], rule["to_port"], rule["ip_protocol"]) == (port, port, "tcp")
    }
    assert found >= {security_group(document, each) for each in PUBLIC}


def test_no_server_accepts_an_address_block(document, server):
    rules = ingress(document, security_group(document, server))
    assert [rule for rule in rules if "cidr_ipv4" in rule or "cidr_ipv6" in rule or "prefix_list_id" in rule] == []


def test_no_server_accepts_more_than_one_port(document, settings, server):
    port = settings.event_store.port if server.name == "event-store" else settings.servers.port
    rules = ingress(document, security_group(document, server))
    assert {(rule["from_port"], rule["to_port"]) for rule in rules} == {(port, port)}


@pytest.mark.parametrize("private", PRIVATE, ids=lambda server: server.name)
def test_private_servers_accept_no_public_server_directly(document, private):
    sources = {rule["referenced_security_group_id"] for rule in ingress(document, security_group(document, private))}
    assert sources.isdisjoint({security_group(document, each) for each in PUBLIC})


def test_every_path_out_has_its_counterpart(document):
    """An egress rule from one server to another is of no use without the ingress rule, and the reverse."""
    groups = {security_group(document, each) for each in SERVERS}

    def pairs(kind: str, source: str, target: str) -> set[tuple[str, str, int]]:
        return {
            (each.body[source], each.body[target], each.body["from_port"])
            for each in resources(document, kind)
            if {each.body[source], each.body.get(target)} <= groups
        }

    assert pairs("aws_vpc_security_group_egress_rule", "security_group_id", "referenced_security_group_id") == {
        (client, server, port)
        for server, client, port in pairs(
            "aws_vpc_security_group_ingress_rule", "security_group_id", "referenced_security_group_id"
        )
    }


def test_every_server_calls_aws_over_https(document, server):
    group = security_group(document, server)
    found = {
        each.path.rsplit("/", 1)[1]
        for each in resources(document, "aws_vpc_security_group_egress_rule")
        if each.body["security_group_id"] == group and each.body["from_port"] == 443
    }
    assert found >= {"to-s3", "to-dynamodb", "to-interface-endpoints-443"}
