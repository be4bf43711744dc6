"""Who may open a connection to whom: exactly the paths of docs/architecture.md, in every environment (claims C1-C6)."""

import re

import pytest

SERVERS = ("core-server", "ordering-server", "event-store", "purchase-gateway")
PUBLIC = ("core-server", "ordering-server")

INTERNET = "0.0.0.0/0"
PATHS = {
    *(("public-load-balancer", server, 8443) for server in PUBLIC),
    *((client, server, 8443) for client in PUBLIC for server in PUBLIC),
    *((client, "private-load-balancer", 2113) for client in (*PUBLIC, "purchase-gateway")),
    ("private-load-balancer", "event-store", 2113),
    ("event-store", "event-store", 2113),
    ("ordering-server", "private-load-balancer", 443),
    ("private-load-balancer", "purchase-gateway", 8443),
    *((server, "broker", 5671) for server in SERVERS),
    *((client, "stream", 9098) for client in (*SERVERS, "stream")),
    *((client, "interface-endpoints", 443) for client in (*SERVERS, "stream")),
}
"""Client, server and port of each path between two security groups, by the groups' names."""

OUT = {
    *((server, gateway, 443) for server in SERVERS for gateway in ("s3", "dynamodb")),
    *((server, INTERNET, 443) for server in PUBLIC),
    ("public-load-balancer", INTERNET, 443),
}
"""Paths to what has no security group. The channels of the environments declare no address blocks."""

IN = {(INTERNET, "public-load-balancer", 443), (INTERNET, "public-load-balancer", 80)}


@pytest.fixture
def label(document):
    """A function: the name by which `PATHS` knows what an argument of a rule refers to."""
    prefix = f"{document.settings.project}-{document.environment}-"
    found = document.anywhere("aws_security_group")
    groups = {f"${{aws_security_group.{name}.id}}": each["name"] for name, each in found.items()}

    def of(value):
        if value in groups:
            return groups[value].removeprefix(prefix)
        gateway = re.fullmatch(
            r"\$\{aws_vpc_endpoint\.network_gateway-endpoints_(s3|dynamodb)_\w+\.prefix_list_id\}", value
        )
        return gateway[1] if gateway else value

    return of


def peer(rule):
    [value] = [rule[key] for key in ("referenced_security_group_id", "cidr_ipv4", "prefix_list_id") if key in rule]
    return value


def test_connections_are_opened_on_the_paths_of_the_architecture_only(document, label):
    rules = document.anywhere("aws_vpc_security_group_egress_rule").values()
    assert {(label(each["security_group_id"]), label(peer(each)), each["from_port"]) for each in rules} == PATHS | OUT


def test_connections_are_accepted_on_the_paths_of_the_architecture_only(document, label):
    rules = document.anywhere("aws_vpc_security_group_ingress_rule").values()
    assert {(label(peer(each)), label(each["security_group_id"]), each["from_port"]) for each in rules} == PATHS | IN


def test_every_rule_opens_one_tcp_port(document):
    for kind in ("ingress", "egress"):
        for rule in document.anywhere(f"aws_vpc_security_group_{kind}_rule").values():
            assert (rule["ip_protocol"], rule["to_port"]) == ("tcp", rule["from_port"])
