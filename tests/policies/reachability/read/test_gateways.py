"""Peering, transit gateways and VPNs of which one end is elsewhere."""

from __future__ import annotations

import pytest

from policies.reachability import addresses, traffic
from policies.reachability.analysis import answer
from policies.reachability.explain import assumptions, witness
from tests.support.hcl import ANY_TRAFFIC, NETWORK, SERVER, UNKNOWN, resource
from tests.support.reachability_text import assumed
from tests.support.reading import ReadHcl

VPC = NETWORK + SERVER


def route(arguments: str) -> str:
    """A route in the main table."""
    return f"""
    resource "aws_route" "r" {{
      route_table_id         = aws_vpc.v.main_route_table_id
      destination_cidr_block = "10.5.0.0/16"
      {arguments}
    }}
    """


def test_a_peer_that_is_elsewhere_is_outside(network: ReadHcl) -> None:
    main = resource(
        "aws_vpc_peering_connection.p", vpc_id="aws_vpc.v.id", peer_vpc_id="vpc-1", peer_owner_id="222222222222"
    )
    found = network(VPC + main + route("vpc_peering_connection_id = aws_vpc_peering_connection.p.id"))
    key = "aws_vpc_peering_connection.p"
    assert found.peerings[key].vpcs == ("aws_vpc.v", None)
    external = found.externals[key]
    assert external.name == "peer.p"
    assert addresses.network("10.5.0.0/16") <= external.addresses
    assert not external.addresses & (addresses.INTERNET | addresses.network("10.0.0.0/16"))
    assert assumed(found) == [f"{key}: it has to be accepted by the peer: taken for accepted"]


def test_a_connection_that_is_accepted_here(network: ReadHcl) -> None:
    main = resource("aws_vpc_peering_connection_accepter.a", vpc_peering_connection_id="pcx-1", auto_accept=True)
    found = network(VPC + main + route("vpc_peering_connection_id = aws_vpc_peering_connection_accepter.a.id"))
    key = "aws_vpc_peering_connection_accepter.a"
    assert found.peerings[key].vpcs == ("aws_vpc.v", None)
    assert addresses.network("10.5.0.0/16") <= found.externals[key].addresses


def test_a_transit_gateway_that_is_elsewhere_leads_anywhere(network: ReadHcl) -> None:
    found = network(VPC + route('transit_gateway_id = "tgw-1"'))
    (onward,) = found.transit_gateways["tgw-1"].routes["aws_vpc.v"]
    assert (onward.target.kind, onward.destination) == ("unknown", addresses.ALL)
    assert assumed(found) == [": tgw-1: its routes are not declared here: as if they led everywhere"]


def test_the_default_table_of_a_transit_gateway_has_what_is_attached(network: ReadHcl) -> None:
    main = (
        resource("aws_ec2_transit_gateway.t")
        + resource(
            "aws_ec2_transit_gateway_vpc_attachment.v",
            transit_gateway_id="aws_ec2_transit_gateway.t.id",
            vpc_id="aws_vpc.v.id",
            subnet_ids=["aws_subnet.s.id"],
        )
        + resource(
            "aws_vpn_connection.n",
            transit_gateway_id="aws_ec2_transit_gateway.t.id",
            customer_gateway_id="cgw-1",
            type="ipsec.1",
        )
        + resource(
            "aws_ec2_transit_gateway_route.n",
            destination_cidr_block="10.5.0.0/16",
            transit_gateway_attachment_id="aws_vpn_connection.n.transit_gateway_attachment_id",
            transit_gateway_route_table_id="aws_ec2_transit_gateway.t.association_default_route_table_id",
        )
    )
    found = network(VPC + main + route("transit_gateway_id = aws_ec2_transit_gateway.t.id"))
    onward = found.transit_gateways["aws_ec2_transit_gateway.t"].routes["aws_vpc.v"]
    assert {(each.target.kind, each.target.key) for each in onward} == {
        ("local", "aws_vpc.v"),
        ("outside", "aws_vpn_connection.n"),
    }
    assert found.externals["aws_vpn_connection.n"].name == "vpn.n"


def test_an_attachment_that_is_in_no_table_leads_nowhere(network: ReadHcl) -> None:
    main = resource("aws_ec2_transit_gateway.t") + resource(
        "aws_ec2_transit_gateway_vpc_attachment.v",
        transit_gateway_id="aws_ec2_transit_gateway.t.id",
        vpc_id="aws_vpc.v.id",
        subnet_ids=["aws_subnet.s.id"],
        transit_gateway_default_route_table_association=False,
    )
    found = network(VPC + main + route("transit_gateway_id = aws_ec2_transit_gateway.t.id"))
    (onward,) = found.transit_gateways["aws_ec2_transit_gateway.t"].routes["aws_vpc.v"]
    assert (onward.target.kind, onward.destination) == ("blackhole", addresses.ALL)


def test_a_dynamic_vpn_may_announce_any_network_but_the_vpcs_own(network: ReadHcl) -> None:
    """Public space and the whole internet too; the local route is always preferred."""
    main = (
        resource("aws_vpn_gateway.g", vpc_id="aws_vpc.v.id")
        + resource(
            "aws_vpn_gateway_route_propagation.p",
            vpn_gateway_id="aws_vpn_gateway.g.id",
            route_table_id="aws_vpc.v.main_route_table_id",
        )
        + resource(
            "aws_vpn_connection.n", vpn_gateway_id="aws_vpn_gateway.g.id", customer_gateway_id="cgw-1", type="ipsec.1"
        )
    )
    found = network(VPC + main)
    own = addresses.network("10.0.0.0/16")
    assert found.externals["aws_vpn_gateway.g"].addresses == addresses.ALL - own
    assert assumed(found) == [
        "aws_vpn_gateway.g: which networks aws_vpn_gateway.g announces is not known: any but the VPC's own"
    ]


def test_what_services_answer(network: ReadHcl) -> None:
    """Also through a gateway endpoint: HTTP and HTTPS."""
    endpoint = resource(
        "aws_vpc_endpoint.s3",
        vpc_id="aws_vpc.v.id",
        service_name="com.amazonaws.us-east-1.s3",
        route_table_ids=["aws_vpc.v.main_route_table_id"],
    )
    group = resource("aws_security_group.g", vpc_id="aws_vpc.v.id", egress=ANY_TRAFFIC)
    server = resource("aws_instance.x", subnet_id="aws_subnet.s.id", vpc_security_group_ids=["aws_security_group.g.id"])
    found = network(NETWORK + endpoint + group + server)
    assert answer(found, "aws_instance.x", "s3").arrives == traffic.tcp(80) | traffic.tcp(443)


IPV6_ONLY = (
    resource("aws_vpc.v", cidr_block="10.0.0.0/16", ipv6_cidr_block="2600:1f18:1::/56")
    + resource("aws_internet_gateway.g", vpc_id="aws_vpc.v.id")
    + "".join(
        resource(f"aws_subnet.{name}", vpc_id="aws_vpc.v.id", **network)
        + resource(f"aws_route_table.{name}", vpc_id="aws_vpc.v.id", route=route)
        + resource(
            f"aws_route_table_association.{name}",
            subnet_id=f"aws_subnet.{name}.id",
            route_table_id=f"aws_route_table.{name}.id",
        )
        for name, network, route in (
            (
                "four",
                {"cidr_block": "10.0.1.0/24"},
                {"cidr_block": "0.0.0.0/0", "gateway_id": "aws_internet_gateway.g.id"},
            ),
            (
                "six",
                {"ipv6_native": True, "ipv6_cidr_block": "2600:1f18:1:1::/64", "assign_ipv6_address_on_creation": True},
                {"ipv6_cidr_block": "64:ff9b::/96", "nat_gateway_id": "aws_nat_gateway.n.id"},
            ),
        )
    )
    + resource("aws_nat_gateway.n", allocation_id="eipalloc-1", subnet_id="aws_subnet.four.id")
)


@pytest.mark.parametrize(
    ("egress", "internet", "server"),
    [
        ("::/0", True, True),
        ("64:ff9b::/96", True, True),
        ("64:ff9b::a00:0/104", False, True),
        ("64:ff9b::cb00:0/112", True, False),
        ("2000::/3", False, False),
    ],
)
def test_ipv6_reaches_ipv4_through_a_nat_gateway(network: ReadHcl, egress: str, internet: bool, server: bool) -> None:
    """Groups and ACLs before the NAT gateway see the address with the IPv4 one in it: 64:ff9b::10.0.0.0/104."""
    rule = {"from_port": 0, "to_port": 0, "protocol": "-1", "ipv6_cidr_blocks": [egress]}
    main = (
        IPV6_ONLY
        + resource("aws_security_group.six", vpc_id="aws_vpc.v.id", egress=rule)
        + resource("aws_security_group.four", vpc_id="aws_vpc.v.id", ingress=ANY_TRAFFIC)
        + "".join(
            resource(
                f"aws_instance.{each}",
                subnet_id=f"aws_subnet.{each}.id",
                vpc_security_group_ids=[f"aws_security_group.{each}.id"],
            )
            for each in ("six", "four")
        )
    )
    found = network(main)
    https = traffic.tcp(443)
    assert bool(answer(found, "aws_instance.six", "internet", https)) is internet
    assert bool(answer(found, "aws_instance.six", "aws_instance.four", https)) is server
    assert not answer(found, "internet", "aws_instance.six", https)
    if internet:
        legs = witness(answer(found, "aws_instance.six", "internet", https))
        assert [leg.target for leg in legs] == ["n", "internet"]


def authorized(network: str) -> str:
    """That clients of a VPN may go to a network."""
    return resource(
        "aws_ec2_client_vpn_authorization_rule.c",
        client_vpn_endpoint_id="aws_ec2_client_vpn_endpoint.c.id",
        target_network_cidr=network,
        authorize_all_groups=True,
    )


def test_clients_of_a_vpn_have_the_address_of_its_endpoint(network: ReadHcl) -> None:
    """Client VPN administrator guide, "How AWS Client VPN works": source network address translation."""
    endpoint = resource(
        "aws_ec2_client_vpn_endpoint.c", client_cidr_block="10.99.0.0/16", server_certificate_arn="arn:aws:acm:::c"
    ) + resource(
        "aws_ec2_client_vpn_network_association.c",
        client_vpn_endpoint_id="aws_ec2_client_vpn_endpoint.c.id",
        subnet_id="aws_subnet.s.id",
    )
    endpoint += authorized("10.0.0.0/16")
    ingress = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["10.0.1.0/24"]}
    group = resource("aws_security_group.g", vpc_id="aws_vpc.v.id", ingress=ingress)
    server = resource("aws_instance.x", subnet_id="aws_subnet.s.id", vpc_security_group_ids=["aws_security_group.g.id"])
    found = network(NETWORK + endpoint + group + server)
    (key,) = (key for key, each in found.externals.items() if each.via)
    assert found.externals[key].addresses == addresses.network("10.99.0.0/16")
    reply = answer(found, key, "aws_instance.x")
    assert reply.arrives == traffic.tcp(22)
    assert [(leg.source, leg.target) for leg in witness(reply)] == [("clients.c", "c"), ("c", "x")]


CLIENTS = "aws_ec2_client_vpn_endpoint.c/clients"
ENDPOINT = resource("aws_ec2_client_vpn_endpoint.c", client_cidr_block="10.99.0.0/16") + resource(
    "aws_ec2_client_vpn_network_association.c",
    client_vpn_endpoint_id="aws_ec2_client_vpn_endpoint.c.id",
    subnet_id="aws_subnet.s.id",
)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("", False),
        (authorized("10.0.1.0/24"), True),
        (authorized("10.7.0.0/16"), False),
        (authorized("0.0.0.0/0"), True),
        (authorized("10.7.0.0/16").replace('"10.7.0.0/16"', "var.unknown"), True),
        (authorized("10.0.1.0/24").replace("{\n", "{\ncount = var.unknown\n", 1), True),
        ('module "m" {\n  source = "example/m/aws"\n  endpoint = aws_ec2_client_vpn_endpoint.c.id\n}\n', True),
    ],
    ids=["none", "subnet", "elsewhere", "everywhere", "unknown network", "unknown number", "module"],
)
def test_clients_of_a_vpn_get_to_what_is_authorized(network: ReadHcl, rules: str, *, expected: bool) -> None:
    found = network(UNKNOWN + VPC + OPEN_SERVER + ENDPOINT + rules)
    assert bool(answer(found, CLIENTS, "aws_instance.x")) is expected


def test_clients_of_a_vpn_need_a_route_to_other_networks(network: ReadHcl) -> None:
    """Client VPN administrator guide, "Routes": one to the VPC's own network comes with an association."""
    found = network(VPC + OPEN_SERVER + ENDPOINT + authorized("0.0.0.0/0"))
    (route,) = (allowed for place, allowed in found.externals[CLIENTS].allowances if place.startswith("routes"))
    assert [addresses.describe(each.addresses) for each in route] == ["10.0.0.0/16"]


OPEN_SERVER = resource(
    "aws_security_group.g", vpc_id="aws_vpc.v.id", ingress=ANY_TRAFFIC, egress=ANY_TRAFFIC
) + resource("aws_instance.x", subnet_id="aws_subnet.s.id", vpc_security_group_ids=["aws_security_group.g.id"])
PROPAGATION = resource(
    "aws_vpn_gateway_route_propagation.p",
    vpn_gateway_id="aws_vpn_gateway.g.id",
    route_table_id="aws_vpc.v.main_route_table_id",
)
STATIC_VPN = resource(
    "aws_vpn_connection.n",
    vpn_gateway_id="aws_vpn_gateway.g.id",
    customer_gateway_id="cgw-1",
    type="ipsec.1",
    static_routes_only=True,
) + resource(
    "aws_vpn_connection_route.n", vpn_connection_id="aws_vpn_connection.n.id", destination_cidr_block="192.168.0.0/16"
)


@pytest.mark.parametrize(
    ("more", "key", "name"),
    [
        (
            PROPAGATION
            + STATIC_VPN
            + resource("aws_vpn_gateway.g", vpc_id="aws_vpc.v.id")
            + resource(
                "aws_dx_gateway_association.d", dx_gateway_id="dx-1", associated_gateway_id="aws_vpn_gateway.g.id"
            ),
            "aws_vpn_gateway.g",
            "vpn.g",
        ),
        (
            PROPAGATION
            + resource("aws_vpn_gateway.g", vpc_id="aws_vpc.v.id")
            + resource("aws_dx_private_virtual_interface.d", connection_id="c", vpn_gateway_id="aws_vpn_gateway.g.id"),
            "aws_vpn_gateway.g",
            "vpn.g",
        ),
        (
            resource("aws_vpc_route_server.r", amazon_side_asn=65000)
            + resource(
                "aws_vpc_route_server_propagation.r",
                route_server_id="aws_vpc_route_server.r.route_server_id",
                route_table_id="aws_vpc.v.main_route_table_id",
            ),
            "aws_vpc_route_server.r",
            "route_server.r",
        ),
        (
            route('core_network_arn = "arn:aws:networkmanager::1:core-network/c"'),
            "arn:aws:networkmanager::1:core-network/c",
            "",
        ),
        (route('local_gateway_id = "lgw-1"'), "lgw-1", ""),
        (
            resource("aws_ec2_carrier_gateway.c", vpc_id="aws_vpc.v.id")
            + route("carrier_gateway_id = aws_ec2_carrier_gateway.c.id"),
            "aws_ec2_carrier_gateway.c",
            "carrier.c",
        ),
        (route('vpc_endpoint_id = "vpce-1"'), "vpce-1/behind", ""),
        (route('network_interface_id = "eni-1"'), "eni-1/behind", ""),
    ],
)
def test_what_is_behind_a_gateway_may_open_connections(network: ReadHcl, more: str, key: str, name: str) -> None:
    found = network(NETWORK + OPEN_SERVER + more)
    assert found.externals[key].name == (name or key)
    assert addresses.network("10.5.0.0/16") <= found.externals[key].addresses
    assert answer(found, key, "aws_instance.x", traffic.tcp(22))
    assert answer(found, "aws_instance.x", key, traffic.tcp(22))
    assert not answer(found, "internet", "aws_instance.x")


def test_a_static_vpn_has_the_networks_of_its_routes(network: ReadHcl) -> None:
    main = PROPAGATION + STATIC_VPN + resource("aws_vpn_gateway.g", vpc_id="aws_vpc.v.id")
    found = network(NETWORK + OPEN_SERVER + main)
    assert found.externals["aws_vpn_gateway.g"].addresses == addresses.network("192.168.0.0/16")
    assert not answer(found, "aws_instance.x", "internet")


@pytest.mark.parametrize(("region", "holds"), [({}, True), ({"peer_region": "eu-west-1"}, False)])
def test_references_to_groups_over_peering_hold_in_one_region(
    network: ReadHcl, region: dict[str, str], holds: bool
) -> None:
    """VPC peering guide, "Reference peer security groups"."""
    ingress = {"from_port": 22, "to_port": 22, "protocol": "tcp", "security_groups": ["aws_security_group.g.id"]}
    main = (
        NETWORK
        + OPEN_SERVER
        + resource("aws_vpc.w", cidr_block="10.5.0.0/16")
        + resource("aws_subnet.w", vpc_id="aws_vpc.w.id", cidr_block="10.5.1.0/24")
        + resource("aws_security_group.w", vpc_id="aws_vpc.w.id", ingress=ingress)
        + resource("aws_instance.y", subnet_id="aws_subnet.w.id", vpc_security_group_ids=["aws_security_group.w.id"])
        + resource("aws_vpc_peering_connection.p", vpc_id="aws_vpc.v.id", peer_vpc_id="aws_vpc.w.id", **region)
        + route("vpc_peering_connection_id = aws_vpc_peering_connection.p.id")
        + resource(
            "aws_route.back",
            route_table_id="aws_vpc.w.main_route_table_id",
            destination_cidr_block="10.0.0.0/16",
            vpc_peering_connection_id="aws_vpc_peering_connection.p.id",
        )
    )
    found = network(main)
    assert bool(answer(found, "aws_instance.x", "aws_instance.y", traffic.tcp(22))) is holds
    assert "aws_vpc_peering_connection.p" not in found.externals


def test_an_empty_vpc_that_is_peered_is_outside(network: ReadHcl) -> None:
    """What stands in it may be declared elsewhere."""
    main = (
        NETWORK
        + OPEN_SERVER
        + resource("aws_vpc.w", cidr_block="10.5.0.0/16")
        + resource("aws_vpc_peering_connection.p", vpc_id="aws_vpc.v.id", peer_vpc_id="aws_vpc.w.id", auto_accept=True)
        + route("vpc_peering_connection_id = aws_vpc_peering_connection.p.id")
    )
    found = network(main)
    assert answer(found, "aws_vpc_peering_connection.p", "aws_instance.x", traffic.tcp(22))


def test_the_other_end_of_a_peering_that_is_looked_up_may_be_any_vpc(network: ReadHcl) -> None:
    main = (
        VPC
        + OPEN_SERVER
        + resource("data.aws_vpc_peering_connection.p", tags={"Name": "p"})
        + resource(
            "aws_default_route_table.v",
            default_route_table_id="aws_vpc.v.default_route_table_id",
            route={"cidr_block": "10.9.0.0/16", "vpc_peering_connection_id": "data.aws_vpc_peering_connection.p.id"},
        )
        + resource("aws_vpc.w", cidr_block="10.9.0.0/16")
        + resource("aws_subnet.w", vpc_id="aws_vpc.w.id", cidr_block="10.9.1.0/24")
        + resource("aws_security_group.w", vpc_id="aws_vpc.w.id", ingress=ANY_TRAFFIC)
        + resource("aws_instance.w", subnet_id="aws_subnet.w.id", vpc_security_group_ids=["aws_security_group.w.id"])
    )
    found = answer(network(main), "aws_instance.x", "aws_instance.w")
    assert found.arrives == traffic.ALL - traffic.TCP, "answers have no route back"
    assert assumptions(found)
