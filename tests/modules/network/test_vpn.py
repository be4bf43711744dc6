"""The optional VPN: out of private subnets, over HTTPS, to the declared blocks, through strong tunnels."""

import pytest

CIDRS = ("172.16.0.0/24", "192.168.0.0/16")


@pytest.fixture(scope="module")
def network(network_with):
    return network_with(vpn={"customer_gateway_ip": "203.0.113.10", "on_premises_cidrs": CIDRS})


def test_environments_have_no_vpn(document):
    assert document.anywhere("aws_vpn_connection") == {}


def test_customer_gateway_is_the_declared_one(network):
    assert network.at("network/vpn/customer-gateway")["ip_address"] == "203.0.113.10"


def test_connection_has_static_routes_to_the_declared_blocks_only(network):
    assert network.at("network/vpn/connection")["static_routes_only"] is True
    routes = network.of("aws_vpn_connection_route").values()
    assert {route["destination_cidr_block"] for route in routes} == set(CIDRS)


@pytest.mark.parametrize("tunnel", [1, 2])
def test_tunnels_accept_strong_algorithms_only(network, tunnel):
    connection = network.at("network/vpn/connection")
    assert connection[f"tunnel{tunnel}_ike_versions"] == ["ikev2"]
    for phase in (1, 2):
        prefix = f"tunnel{tunnel}_phase{phase}"
        assert connection[f"{prefix}_encryption_algorithms"] == ["AES256-GCM-16"]
        assert connection[f"{prefix}_integrity_algorithms"] == ["SHA2-384", "SHA2-512"]
        assert connection[f"{prefix}_dh_group_numbers"] == [20, 21]


@pytest.mark.parametrize("tunnel", [1, 2])
def test_tunnels_are_logged(network, tunnel):
    options = network.at("network/vpn/connection")[f"tunnel{tunnel}_log_options"]["cloudwatch_log_options"]
    assert options["log_enabled"] is True
    assert network.target(options["log_group_arn"]) == "network/vpn/tunnel-logs"


def test_no_pre_shared_key_is_written(network):
    assert not [key for key in network.at("network/vpn/connection") if "preshared" in key]


def test_client_may_call_the_declared_blocks_over_https(network):
    rules = [rule for rule in network.anywhere("aws_vpc_security_group_egress_rule").values() if "cidr_ipv4" in rule]
    assert {(rule["cidr_ipv4"], rule["from_port"], rule["to_port"]) for rule in rules} == {
        (cidr, 443, 443) for cidr in CIDRS
    }


def test_nothing_calls_in_from_on_premises(network):
    for rule in network.anywhere("aws_vpc_security_group_ingress_rule").values():
        assert "cidr_ipv4" not in rule


def test_vpn_adds_no_acl_rule(network, network_with):
    assert network.of("aws_network_acl_rule").keys() == network_with().of("aws_network_acl_rule").keys()
