"""The network ACLs: exactly these rules, what they stop, and that every connection of the system passes both ways."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.network.nacls import ports_without, private_egress, private_ingress, public_egress, public_ingress

VPC = "10.0.0.0/16"
SERVER_PORT = 8443
INTERNET = "0.0.0.0/0"

# direction, number -> block, first port, last port
PUBLIC = {
    ("in", 100): (INTERNET, 443, 443),
    ("in", 110): (INTERNET, 80, 80),
    ("in", 120): (VPC, 1024, 65535),
    ("in", 130): (INTERNET, 1024, 3388),
    ("in", 140): (INTERNET, 3390, 8442),
    ("in", 150): (INTERNET, 8444, 65535),
    ("out", 100): (INTERNET, 443, 443),
    ("out", 110): (INTERNET, 1024, 65535),
}
PRIVATE = {
    ("in", 100): (VPC, 443, 443),
    ("in", 110): (VPC, 1024, 65535),
    ("in", 120): (INTERNET, 32768, 60999),
    ("out", 100): (INTERNET, 443, 443),
    ("out", 110): (VPC, 1024, 65535),
}
ACLS = {
    "public": (list(public_ingress(VPC, SERVER_PORT)), list(public_egress())),
    "private": (list(private_ingress(VPC)), list(private_egress(VPC))),
}

OUTSIDE = "198.51.100.7"
AWS = "52.216.0.1"  # S3, through the gateway endpoint: a public address
PUBLIC_1, PUBLIC_2, PRIVATE_1, PRIVATE_2 = "10.0.1.10", "10.0.3.10", "10.0.2.10", "10.0.4.10"
TIERS = {PUBLIC_1: "public", PUBLIC_2: "public", PRIVATE_1: "private", PRIVATE_2: "private"}
LINUX, LOAD_BALANCER, ANY_CLIENT = (32768, 60999), (1024, 65535), (1024, 65535)


ALL_PORTS = frozenset(range(65536))


def open_ports(rules, address):
    """The destination ports that rules let through between their subnet and an address."""
    inside = [rule for rule in rules if ipaddress.ip_address(address) in ipaddress.ip_network(rule.cidr_block)]
    return frozenset(port for rule in inside for port in range(rule.from_port, rule.to_port + 1))


def passing_ports(source, destination):
    """The destination ports of packets that may leave the source's subnet and enter the destination's."""
    leaving = open_ports(ACLS[TIERS[source]][1], destination) if source in TIERS else ALL_PORTS
    entering = open_ports(ACLS[TIERS[destination]][0], source) if destination in TIERS else ALL_PORTS
    return leaving & entering


@pytest.mark.parametrize(("tier", "expected"), [("public", PUBLIC), ("private", PRIVATE)])
def test_rules_are_exactly_these(document, tier, expected):
    found = {}
    for rule in document.anywhere("aws_network_acl_rule").values():
        if document.target(rule["network_acl_id"]) == f"network/nacls/{tier}/acl":
            assert (rule["protocol"], rule["rule_action"]) == ("tcp", "allow")
            assert "ipv6_cidr_block" not in rule
            direction = "out" if rule["egress"] else "in"
            found[direction, rule["rule_number"]] = (rule["cidr_block"], rule["from_port"], rule["to_port"])
    assert found == expected


def test_acls_have_no_rules_of_their_own(document):
    for acl in document.anywhere("aws_network_acl").values():
        assert not {"ingress", "egress", "subnet_ids"} & acl.keys()


@pytest.mark.parametrize("tier", ["public", "private"])
def test_every_subnet_is_associated_with_the_acl_of_its_tier(document, tier):
    associated = sorted(
        document.target(each["subnet_id"])
        for each in document.of("aws_network_acl_association").values()
        if document.target(each["network_acl_id"]) == f"network/nacls/{tier}/acl"
    )
    replicas = document.settings.network.replica_numbers
    assert associated == sorted(f"network/replica-{replica}/{tier}-subnet" for replica in replicas)


@pytest.mark.parametrize("port", [22, 80, 443, 2113, 3389, 5671, SERVER_PORT, 9098, 15671, 61614, 61617, 61619])
def test_internet_cannot_reach_a_listening_port_in_private_subnets(port):
    assert port not in open_ports(ACLS["private"][0], OUTSIDE)


@pytest.mark.parametrize("port", [22, 3389, SERVER_PORT])
def test_internet_cannot_reach_servers_in_public_subnets(port):
    assert port not in open_ports(ACLS["public"][0], OUTSIDE)


def test_private_subnets_send_to_the_internet_over_https_only():
    assert open_ports(ACLS["private"][1], OUTSIDE) == {443}


@pytest.mark.parametrize(
    ("client", "server", "port", "client_ports"),
    [
        pytest.param(OUTSIDE, PUBLIC_1, 443, ANY_CLIENT, id="customer to load balancer"),
        pytest.param(OUTSIDE, PUBLIC_1, 80, ANY_CLIENT, id="customer to redirect"),
        pytest.param(PUBLIC_1, PUBLIC_2, SERVER_PORT, LOAD_BALANCER, id="load balancer to server"),
        pytest.param(PUBLIC_2, PUBLIC_1, SERVER_PORT, LINUX, id="server to server"),
        pytest.param(PUBLIC_1, OUTSIDE, 443, LINUX, id="server to external channel"),
        pytest.param(PUBLIC_1, PRIVATE_2, 443, LINUX, id="public server to private load balancer"),
        pytest.param(PRIVATE_2, PRIVATE_1, SERVER_PORT, LOAD_BALANCER, id="private load balancer to purchase gateway"),
        pytest.param(PRIVATE_2, PRIVATE_1, 2113, LOAD_BALANCER, id="private load balancer to event store"),
        pytest.param(PUBLIC_1, PRIVATE_2, 2113, LINUX, id="public server to event store"),
        pytest.param(PUBLIC_1, PRIVATE_1, 5671, LINUX, id="public server to RabbitMQ"),
        pytest.param(PRIVATE_2, PRIVATE_1, 61617, LINUX, id="private server to ActiveMQ"),
        pytest.param(PUBLIC_1, PRIVATE_1, 9098, LINUX, id="public server to Kafka"),
        pytest.param(PRIVATE_1, PRIVATE_2, 9098, (1024, 65535), id="pipe to Kafka"),
        pytest.param(PUBLIC_1, PRIVATE_1, 443, LINUX, id="public server to interface endpoint"),
        pytest.param(PRIVATE_1, PRIVATE_2, 443, LINUX, id="private server to interface endpoint"),
        pytest.param(PUBLIC_1, AWS, 443, LINUX, id="public server to S3"),
        pytest.param(PRIVATE_1, AWS, 443, LINUX, id="private server to S3"),
    ],
)
def test_connections_of_the_system_pass_with_their_replies(client, server, port, client_ports):
    first, last = client_ports
    assert port in passing_ports(client, server)
    assert passing_ports(server, client) >= set(range(first, last + 1))


def test_replies_to_the_load_balancer_from_outside_miss_two_ports_only():
    assert set(range(1024, 65536)) - passing_ports(OUTSIDE, PUBLIC_1) == {3389, SERVER_PORT}


@given(
    first=st.integers(0, 65535),
    length=st.integers(0, 100),
    offsets=st.lists(st.integers(-3, 103), max_size=8),
)
def test_ranges_cover_all_ports_but_the_excluded(first, length, offsets):
    last = first + length
    excluded = {first + offset for offset in offsets}
    covered = [port for start, end in ports_without(first, last, excluded) for port in range(start, end + 1)]
    assert covered == [port for port in range(first, last + 1) if port not in excluded]


@given(server_port=st.integers(1024, 32767))
def test_rules_stay_within_the_quota_for_any_server_port(server_port):
    rules = list(public_ingress(VPC, server_port))
    assert len({rule.number for rule in rules}) == len({rule.id for rule in rules}) == len(rules) <= 20
