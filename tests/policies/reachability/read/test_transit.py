"""Transit gateways: what is attached, which table decides, what stands behind, and chains through VPCs."""

from __future__ import annotations

import pytest

from policies.reachability import addresses, traffic
from policies.reachability.analysis import answer
from policies.reachability.explain import assumptions
from policies.reachability.network import Network
from tests.support.hcl import ANY_TRAFFIC, UNKNOWN, resource
from tests.support.reading import ReadHcl

TGW = "aws_ec2_transit_gateway"
ATTACHMENT = f"{TGW}_vpc_attachment"
TABLE = f"{TGW}_route_table"
SSH = traffic.tcp(22)
GATEWAY = "aws_ec2_transit_gateway.t"
NO_DEFAULTS = {"default_route_table_association": "disable", "default_route_table_propagation": "disable"}
EVERYWHERE = {"cidr_block": "0.0.0.0/0", "transit_gateway_id": "aws_ec2_transit_gateway.t.id"}


def spoke(name: str, second: int, *, server: bool = True, **route: str) -> str:
    """A VPC with a subnet, and a server that everybody may call; everything else goes to the transit gateway."""
    own = f"10.{second}.0.0/16"
    return (
        resource(f"aws_vpc.{name}", cidr_block=own)
        + resource(f"aws_subnet.{name}", vpc_id=f"aws_vpc.{name}.id", cidr_block=f"10.{second}.1.0/24")
        + resource(f"aws_route_table.{name}", vpc_id=f"aws_vpc.{name}.id", route=route or EVERYWHERE)
        + resource(
            f"aws_route_table_association.{name}",
            subnet_id=f"aws_subnet.{name}.id",
            route_table_id=f"aws_route_table.{name}.id",
        )
        + (host(name) if server else "")
    )


def host(name: str, **ingress: object) -> str:
    """A server in the subnet of its name."""
    return resource(
        f"aws_security_group.{name}", vpc_id=f"aws_vpc.{name}.id", ingress=ingress or ANY_TRAFFIC, egress=ANY_TRAFFIC
    ) + resource(
        f"aws_instance.{name}",
        subnet_id=f"aws_subnet.{name}.id",
        vpc_security_group_ids=[f"aws_security_group.{name}.id"],
    )


def attached(name: str, gateway: str = "aws_ec2_transit_gateway.t.id", **more: object) -> str:
    """The attachment of a VPC."""
    ids = {"vpc_id": f"aws_vpc.{name}.id", "subnet_ids": [f"aws_subnet.{name}.id"]}
    return resource(f"{ATTACHMENT}.{name}", transit_gateway_id=gateway, **ids, **more)


def in_table(table: str, attachment: str, *kinds: str) -> str:
    """What puts an attachment into a table: `association`, `propagation`."""
    label = attachment.replace(".", "_").replace("[", "_").replace("]", "")
    return "".join(
        resource(
            f"{TABLE}_{kind}.{table}_{label}",
            transit_gateway_attachment_id=attachment,
            transit_gateway_route_table_id=f"{TABLE}.{table}.id",
        )
        for kind in kinds
    )


def table(name: str) -> str:
    return resource(f"{TABLE}.{name}", transit_gateway_id="aws_ec2_transit_gateway.t.id")


def static(table_id: str, attachment: str, cidr: str = "0.0.0.0/0", name: str = "r") -> str:
    return resource(
        f"{TGW}_route.{name}",
        destination_cidr_block=cidr,
        transit_gateway_attachment_id=attachment,
        transit_gateway_route_table_id=table_id,
    )


def reaches(network: Network, source: str, target: str) -> bool:
    """Whether one end reaches another, servers by their names, on SSH."""
    keys = [each if each in network.externals else f"aws_instance.{each}" for each in (source, target)]
    return bool(answer(network, keys[0], keys[1], SSH))


TWO = spoke("a", 1) + spoke("b", 2) + attached("a") + attached("b")
VPN = resource("aws_vpn_connection.n", transit_gateway_id=f"{GATEWAY}.id", customer_gateway_id="cgw-1", type="ipsec.1")


def test_an_accepter_stands_for_the_attachment_that_it_accepts(network: ReadHcl) -> None:
    off = {f"transit_gateway_default_route_table_{what}": False for what in ("association", "propagation")}
    accepters = "".join(
        resource(f"{ATTACHMENT}_accepter.{each}", transit_gateway_attachment_id=f"{ATTACHMENT}.{each}.id", **off)
        for each in "ab"
    )
    alone = network(resource(GATEWAY) + TWO + accepters)
    assert not reaches(alone, "a", "b"), "what the accepter says counts"
    tables = table("r") + "".join(
        in_table("r", f"{ATTACHMENT}_accepter.{each}.id", "association", "propagation") for each in "ab"
    )
    assert reaches(network(resource(GATEWAY) + TWO + accepters + tables), "a", "b")


def test_static_routes_of_the_table_that_is_made_the_default_one(network: ReadHcl) -> None:
    main = (
        resource(GATEWAY, default_route_table_propagation="disable")
        + table("r")
        + resource(
            f"{TGW}_default_route_table_association.d",
            transit_gateway_id=f"{GATEWAY}.id",
            transit_gateway_route_table_id=f"{TABLE}.r.id",
        )
        + "".join(
            static(f"{TABLE}.r.id", f"{ATTACHMENT}.{each}.id", f"10.{at}.0.0/16", each)
            for at, each in enumerate("ab", 1)
        )
    )
    assert reaches(network(TWO + main), "a", "b")


@pytest.mark.parametrize(
    ("lookup", "is_sure"),
    [
        (resource(f"data.{ATTACHMENT}.x", id=f"{ATTACHMENT}.b.id"), True),
        (resource(f"data.{ATTACHMENT}.x", filter={"name": "vpc-id", "values": ["aws_vpc.b.id"]}), True),
        (resource(f"data.{ATTACHMENT}.x", filter={"name": "tag:Name", "values": ["b"]}), False),
        (resource(f"data.{TGW}_attachment.x", resource_id="aws_vpc.b.id"), True),
    ],
)
def test_attachments_that_are_looked_up(network: ReadHcl, lookup: str, is_sure: bool) -> None:
    kind = lookup.split('"')[1]
    main = (
        resource(GATEWAY, **NO_DEFAULTS)
        + TWO
        + table("r")
        + lookup
        + in_table("r", f"{ATTACHMENT}.a.id", "association", "propagation")
        + in_table("r", f"data.{kind}.x.id", "association", "propagation")
    )
    found = network(main)
    assert reaches(found, "a", "b")
    assert reaches(found, "b", "a")


def test_a_static_route_to_any_attachment_may_lead_anywhere(network: ReadHcl) -> None:
    main = (
        resource(GATEWAY, **NO_DEFAULTS)
        + TWO
        + table("r")
        + in_table("r", f"{ATTACHMENT}.a.id", "association")
        + in_table("r", f"{ATTACHMENT}.b.id", "association")
        + resource(f"data.{ATTACHMENT}.x", filter={"name": "tag:Name", "values": ["b"]})
        + static(f"{TABLE}.r.id", f"data.{ATTACHMENT}.x.id")
    )
    assert reaches(network(main), "a", "b")


def test_a_route_table_that_is_looked_up_may_be_any(network: ReadHcl) -> None:
    main = (
        resource(GATEWAY, default_route_table_propagation="disable")
        + TWO
        + resource(f"data.{TABLE}.x", filter={"name": "default-association-route-table", "values": ["true"]})
        + static(f"data.{TABLE}.x.id", f"{ATTACHMENT}.a.id", "10.1.0.0/16", "a")
        + static(f"data.{TABLE}.x.id", f"{ATTACHMENT}.b.id", "10.2.0.0/16", "b")
    )
    assert reaches(network(main), "a", "b")


def test_two_transit_gateways_that_are_peered(network: ReadHcl) -> None:
    peering = f"{TGW}_peering_attachment"
    main = (
        resource(GATEWAY)
        + resource("aws_ec2_transit_gateway.u")
        + spoke("a", 1)
        + spoke("b", 2, cidr_block="0.0.0.0/0", transit_gateway_id="aws_ec2_transit_gateway.u.id")
        + attached("a")
        + attached("b", "aws_ec2_transit_gateway.u.id")
        + resource(
            f"{peering}.p",
            transit_gateway_id=f"{GATEWAY}.id",
            peer_transit_gateway_id="aws_ec2_transit_gateway.u.id",
            peer_region="eu-west-1",
        )
        + resource(f"{peering}_accepter.p", transit_gateway_attachment_id=f"{peering}.p.id")
        + static(f"{GATEWAY}.association_default_route_table_id", f"{peering}.p.id", "10.2.0.0/16", "there")
    )
    back = static(
        "aws_ec2_transit_gateway.u.association_default_route_table_id",
        f"{peering}_accepter.p.id",
        "10.1.0.0/16",
        "back",
    )
    assert not reaches(network(main), "a", "b"), "answers have no route"
    assert reaches(network(main + back), "a", "b")


# What is behind


@pytest.mark.parametrize("gateway", [GATEWAY, "tgw-0123456789abcdef0"])
@pytest.mark.parametrize("cidr", ["10.20.0.0/16", "2600:1f18:9::/48"])
def test_what_is_attached_elsewhere_may_open_connections(network: ReadHcl, gateway: str, cidr: str) -> None:
    is_declared = gateway == GATEWAY
    name = f"{gateway}.id" if is_declared else gateway
    v6 = ":" in cidr
    route = {"ipv6_cidr_block" if v6 else "cidr_block": cidr, "transit_gateway_id": name}
    ports = {"from_port": 22, "to_port": 22, "protocol": "tcp", "ipv6_cidr_blocks" if v6 else "cidr_blocks": [cidr]}
    main = (
        resource("aws_vpc.a", cidr_block="10.1.0.0/16", ipv6_cidr_block="2600:1f18:1::/56")
        + resource(
            "aws_subnet.a",
            vpc_id="aws_vpc.a.id",
            cidr_block="10.1.1.0/24",
            ipv6_cidr_block="2600:1f18:1::/64",
            assign_ipv6_address_on_creation=True,
        )
        + resource("aws_route_table.a", vpc_id="aws_vpc.a.id", route=route)
        + resource("aws_route_table_association.a", subnet_id="aws_subnet.a.id", route_table_id="aws_route_table.a.id")
        + host("a", **ports)
        + attached("a", name)
        + (resource(gateway) if is_declared else "")
    )
    found = network(main)
    assert addresses.network(cidr) <= found.externals[gateway].addresses
    assert reaches(found, gateway, "a")
    assert not reaches(found, "internet", "a")


def test_an_empty_vpc_that_is_attached_is_behind_the_gateway(network: ReadHcl) -> None:
    """What stands in it may be declared elsewhere; of one with servers here, these are what there is."""
    empty = resource(GATEWAY) + spoke("a", 1) + spoke("b", 2, server=False) + attached("a") + attached("b")
    found = network(empty)
    assert addresses.network("10.2.0.0/16") <= found.externals[GATEWAY].addresses
    assert reaches(found, GATEWAY, "a")
    inhabited = network(resource(GATEWAY) + TWO).externals[GATEWAY].addresses
    assert not inhabited & (addresses.network("10.1.0.0/16") | addresses.network("10.2.0.0/16"))


@pytest.mark.parametrize(
    ("attachment", "key", "name"),
    [
        (VPN, "aws_vpn_connection.n", "vpn.n"),
        (
            resource("aws_dx_gateway_association.d", dx_gateway_id="dx-1", associated_gateway_id=f"{GATEWAY}.id"),
            "aws_dx_gateway_association.d",
            "direct_connect.d",
        ),
        (
            resource(
                f"{TGW}_connect.c", transit_gateway_id=f"{GATEWAY}.id", transport_attachment_id=f"{ATTACHMENT}.b.id"
            ),
            f"{TGW}_connect.c",
            "connect.c",
        ),
        (
            resource(
                "aws_dx_gateway_association_proposal.d", dx_gateway_id="dx-1", associated_gateway_id=f"{GATEWAY}.id"
            ),
            "aws_dx_gateway_association_proposal.d",
            "direct_connect.d",
        ),
        (resource("aws_vpn_concentrator.n", transit_gateway_id=f"{GATEWAY}.id"), "aws_vpn_concentrator.n", "vpn.n"),
        (
            resource(
                "aws_ec2_client_vpn_endpoint.c",
                client_cidr_block="172.20.0.0/16",
                transit_gateway_configuration={"transit_gateway_id": f"{GATEWAY}.id"},
            ),
            "aws_ec2_client_vpn_endpoint.c",
            "clients.c",
        ),
    ],
)
def test_what_speaks_bgp_may_announce_anything(network: ReadHcl, attachment: str, key: str, name: str) -> None:
    found = network(resource(GATEWAY) + TWO + attachment)
    external = found.externals[key]
    assert external.name == name
    assert addresses.network("192.168.0.0/16") | addresses.network("141.5.0.0/16") <= external.addresses
    assert reaches(found, key, "a")
    assert reaches(found, "a", key)
    way_out = answer(found, "aws_instance.a", "internet", SSH)
    assert way_out, "it may announce a default route"
    assert any(each.resource is not None and each.resource.address == key for each in assumptions(way_out))
    assert not reaches(found, "internet", "a")
    assert reaches(found, "a", "b")


def test_the_table_of_an_outside_attachment_decides_where_it_gets(network: ReadHcl) -> None:
    main = (
        resource(GATEWAY, **NO_DEFAULTS)
        + TWO
        + VPN
        + table("spokes")
        + table("site")
        + in_table("spokes", "aws_vpn_connection.n.transit_gateway_attachment_id", "propagation")
        + in_table("site", "aws_vpn_connection.n.transit_gateway_attachment_id", "association")
        + in_table("site", f"{ATTACHMENT}.a.id", "propagation")
        + "".join(in_table("spokes", f"{ATTACHMENT}.{each}.id", "association") for each in "ab")
    )
    found = network(main)
    assert reaches(found, "aws_vpn_connection.n", "a")
    assert not reaches(found, "aws_vpn_connection.n", "b"), "its table has no route there"


@pytest.mark.parametrize("arn", ["aws_networkmanager_core_network.c.arn", "arn:aws:networkmanager::1:core-network/c"])
def test_a_core_network_has_something_behind(network: ReadHcl, arn: str) -> None:
    found = network(
        spoke("a", 1, cidr_block="10.0.0.0/8", core_network_arn=arn)
        + resource("aws_networkmanager_core_network.c", global_network_id="g")
    )
    key = arn.removesuffix(".arn")
    assert addresses.network("10.20.0.0/16") <= found.externals[key].addresses
    assert reaches(found, key, "a")
    assert reaches(found, "a", key)


# Through a VPC


def middle(onward: str, rest: str = "") -> str:
    """Two spokes whose table leads to a VPC in the middle, from whose attachment subnet `onward` leads on."""
    return (
        resource(GATEWAY, **NO_DEFAULTS)
        + TWO
        + resource("aws_vpc.i", cidr_block="10.9.0.0/16")
        + "".join(
            resource(f"aws_subnet.{each}", vpc_id="aws_vpc.i.id", cidr_block=f"10.9.{at}.0/24")
            + resource(
                f"aws_route_table_association.{each}",
                subnet_id=f"aws_subnet.{each}.id",
                route_table_id=f"aws_route_table.{each}.id",
            )
            for at, each in enumerate(("i", "f"), 1)
        )
        + resource("aws_route_table.i", vpc_id="aws_vpc.i.id")
        + f"""
        resource "aws_route" "i" {{
          route_table_id         = aws_route_table.i.id
          destination_cidr_block = "0.0.0.0/0"
          {onward}
        }}
        """
        + resource("aws_route_table.f", vpc_id="aws_vpc.i.id", route={**EVERYWHERE, "cidr_block": "10.0.0.0/8"})
        + attached("i")
        + table("spokes")
        + table("middle")
        + static(f"{TABLE}.spokes.id", f"{ATTACHMENT}.i.id")
        + "".join(
            in_table("spokes", f"{ATTACHMENT}.{each}.id", "association")
            + in_table("middle", f"{ATTACHMENT}.{each}.id", "propagation")
            for each in "ab"
        )
        + in_table("middle", f"{ATTACHMENT}.i.id", "association")
        + rest
    )


APPLIANCES = {
    "a firewall": (
        "vpc_endpoint_id = "
        "tolist(aws_networkfirewall_firewall.f.firewall_status[0].sync_states)[0].attachment[0].endpoint_id"
    ),
    "a Gateway Load Balancer endpoint": "vpc_endpoint_id = aws_vpc_endpoint.g.id",
    "an interface of elsewhere": 'network_interface_id = "eni-1"',
}
FIREWALLS = resource(
    "aws_networkfirewall_firewall.f", vpc_id="aws_vpc.i.id", subnet_mapping={"subnet_id": "aws_subnet.f.id"}
) + resource("aws_vpc_endpoint.g", vpc_id="aws_vpc.i.id", vpc_endpoint_type="GatewayLoadBalancer", service_name="s")


@pytest.mark.parametrize("appliance", APPLIANCES)
def test_through_an_appliance_in_a_vpc(network: ReadHcl, appliance: str) -> None:
    found = network(middle(APPLIANCES[appliance], FIREWALLS + VPN))
    for source, target in (("a", "b"), ("b", "a"), ("a", "aws_vpn_connection.n")):
        reply = answer(found, f"aws_instance.{source}", target if "." in target else f"aws_instance.{target}", SSH)
        assert reply
        assert any(each.text.endswith("as if it led everywhere") for each in assumptions(reply))
    assert not reaches(found, "internet", "a")


def test_through_nothing_but_another_table(network: ReadHcl) -> None:
    """The subnet of the attachment sends it straight back to the transit gateway."""
    found = network(middle(f"transit_gateway_id = {GATEWAY}.id"))
    assert reaches(found, "a", "b")
    assert not reaches(found, "a", "internet")


def test_a_vpc_in_the_middle_that_leads_nowhere(network: ReadHcl) -> None:
    gateway = resource("aws_internet_gateway.g", vpc_id="aws_vpc.i.id")
    found = network(middle("gateway_id = aws_internet_gateway.g.id", gateway))
    assert not reaches(found, "a", "b")
    assert not reaches(found, "a", "internet"), "an internet gateway is for addresses of its own VPC"


def test_out_through_a_nat_gateway_in_the_middle(network: ReadHcl) -> None:
    nat = (
        resource("aws_internet_gateway.g", vpc_id="aws_vpc.i.id")
        + resource("aws_eip.n", domain="vpc")
        + resource("aws_nat_gateway.n", allocation_id="aws_eip.n.id", subnet_id="aws_subnet.f.id")
        + resource(
            "aws_route.out",
            route_table_id="aws_route_table.f.id",
            destination_cidr_block="0.0.0.0/0",
            gateway_id="aws_internet_gateway.g.id",
        )
    )
    found = network(middle("nat_gateway_id = aws_nat_gateway.n.id", nat))
    assert reaches(found, "a", "internet")
    assert not reaches(found, "internet", "a")
    assert reaches(found, "a", "b"), "as the address of the NAT gateway"
    hole = resource(
        f"{TGW}_route.hole",
        destination_cidr_block="10.0.0.0/8",
        blackhole=True,
        transit_gateway_route_table_id=f"{TABLE}.spokes.id",
    )
    assert not reaches(network(middle("nat_gateway_id = aws_nat_gateway.n.id", nat + hole)), "a", "b")


# References to security groups


@pytest.mark.parametrize(
    ("gateway", "attachment", "holds"),
    [
        ({}, {}, False),
        ({"security_group_referencing_support": "enable"}, {}, True),
        ({"security_group_referencing_support": "enable"}, {"security_group_referencing_support": "disable"}, False),
        ({"security_group_referencing_support": "var.unknown"}, {}, True),
    ],
)
def test_references_to_groups_need_support(
    network: ReadHcl, gateway: dict[str, str], attachment: dict[str, str], holds: bool
) -> None:
    ingress = {"from_port": 22, "to_port": 22, "protocol": "tcp", "security_groups": ["aws_security_group.a.id"]}
    main = resource(GATEWAY, **gateway) + spoke("a", 1) + spoke("b", 2, server=False) + host("b", **ingress)
    assert reaches(network(UNKNOWN + main + attached("a") + attached("b", **attachment)), "a", "b") is holds


# Zones


@pytest.mark.parametrize(("zone", "attached_in", "passes"), [("a", "a", True), ("a", "b", False), ("a", None, True)])
def test_a_zone_without_an_attachment_reaches_nothing(
    network: ReadHcl, zone: str, attached_in: str | None, passes: bool
) -> None:
    """Transit Gateways guide, "Amazon VPC attachments". Traffic that comes in gets to every zone."""
    place = {"availability_zone": attached_in} if attached_in else {}
    here = resource(GATEWAY) + spoke("a", 1, server=False) + spoke("b", 2) + attached("b")
    main = (
        here
        + resource("aws_subnet.x", vpc_id="aws_vpc.a.id", cidr_block="10.1.2.0/24", **place)
        + resource("aws_subnet.y", vpc_id="aws_vpc.a.id", cidr_block="10.1.3.0/24", availability_zone=zone)
        + resource(
            f"{ATTACHMENT}.a", transit_gateway_id=f"{GATEWAY}.id", vpc_id="aws_vpc.a.id", subnet_ids=["aws_subnet.x.id"]
        )
        + resource("aws_route_table_association.y", subnet_id="aws_subnet.y.id", route_table_id="aws_route_table.a.id")
        + resource("aws_security_group.y", vpc_id="aws_vpc.a.id", ingress=ANY_TRAFFIC, egress=ANY_TRAFFIC)
        + resource("aws_instance.y", subnet_id="aws_subnet.y.id", vpc_security_group_ids=["aws_security_group.y.id"])
    )
    found = network(main)
    assert reaches(found, "y", "b") is passes
    assert bool(answer(found, "aws_instance.b", "aws_instance.y", traffic.ports("udp", 53, 53)))
