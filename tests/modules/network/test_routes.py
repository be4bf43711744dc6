"""Claims C1 and C3: private subnets have no way to the internet, nor back; public ones have exactly one."""

import pytest

VPN = {"customer_gateway_ip": "203.0.113.10", "on_premises_cidrs": ("172.16.0.0/24", "192.168.0.0/16")}


def routes(document, table):
    """(destination, construct path of the target) of every route of a table."""
    found = set()
    for route in document.anywhere("aws_route").values():
        if document.target(route["route_table_id"]) == f"network/routes/{table}":
            found.add((route["destination_cidr_block"], document.target(route["gateway_id"])))
    return found


def test_private_subnets_have_no_route_out_of_the_vpc(document):
    assert routes(document, "private") == set()


def test_public_subnets_have_one_route_to_the_internet_gateway(document):
    assert routes(document, "public") == {("0.0.0.0/0", "network/vpc/internet-gateway")}


def test_every_route_belongs_to_the_public_or_the_private_table(document):
    tables = {document.target(route["route_table_id"]) for route in document.anywhere("aws_route").values()}
    assert tables <= {"network/routes/public", "network/routes/private"}


def test_no_route_table_has_inline_or_propagated_routes(document):
    for table in document.anywhere("aws_route_table").values():
        assert not {"route", "propagating_vgws"} & table.keys()


@pytest.mark.parametrize("tier", ["public", "private"])
def test_every_subnet_is_associated_with_the_table_of_its_tier(document, tier):
    associated = sorted(
        document.target(each["subnet_id"])
        for each in document.of("aws_route_table_association").values()
        if document.target(each["route_table_id"]) == f"network/routes/{tier}"
    )
    replicas = document.settings.network.replica_numbers
    assert associated == sorted(f"network/replica-{replica}/{tier}-subnet" for replica in replicas)


@pytest.mark.parametrize(
    "kind",
    [
        "aws_nat_gateway",
        "aws_egress_only_internet_gateway",
        "aws_vpc_peering_connection",
        "aws_ec2_transit_gateway_vpc_attachment",
        "aws_vpn_gateway_route_propagation",
        "aws_eip",
        "aws_vpn_gateway",
    ],
)
def test_there_is_no_other_way_out(document, kind):
    assert document.anywhere(kind) == {}


def test_there_is_one_internet_gateway(document):
    assert len(document.anywhere("aws_internet_gateway")) == 1


@pytest.mark.parametrize("service", ["s3", "dynamodb"])
@pytest.mark.parametrize("tier", ["public", "private"])
def test_gateway_endpoints_are_in_both_tables(document, service, tier):
    association = document.at(f"network/gateway-endpoints/{service}-{tier}")
    assert document.target(association["route_table_id"]) == f"network/routes/{tier}"
    assert document.target(association["vpc_endpoint_id"]) == f"network/gateway-endpoints/{service}"


def test_vpn_is_routed_from_private_subnets_to_its_blocks_only(network_with):
    network = network_with(vpn=VPN)
    assert routes(network, "private") == {(cidr, "network/vpn/vpn-gateway") for cidr in VPN["on_premises_cidrs"]}


def test_vpn_leaves_the_public_table_alone(network_with):
    assert routes(network_with(vpn=VPN), "public") == {("0.0.0.0/0", "network/vpc/internet-gateway")}
