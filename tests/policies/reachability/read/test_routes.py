"""Route tables: which one a subnet has, and what is in it."""

from __future__ import annotations

import pytest

from policies.library.terraform.plan import load_plan
from policies.reachability.network import RouteTable
from policies.reachability.read import read
from tests.support.hcl import NETWORK, SERVER, UNKNOWN, resource
from tests.support.reachability_text import assumed, routes
from tests.support.reading import ReadHcl
from tests.support.terraform_plans import Planned, plan_of

VPC = NETWORK + SERVER + resource("aws_internet_gateway.g", vpc_id="aws_vpc.v.id") + UNKNOWN
TO_INTERNET = {"cidr_block": "0.0.0.0/0", "gateway_id": "aws_internet_gateway.g.id"}
LOCAL = "10.0.0.0/16 -> local aws_vpc.v"
INTERNET = "any IPv4 address -> internet gateway aws_internet_gateway.g"
TABLE = resource("aws_route_table.t", vpc_id="aws_vpc.v.id") + resource(
    "aws_route_table_association.a", subnet_id="aws_subnet.s.id", route_table_id="aws_route_table.t.id"
)


@pytest.fixture
def tables(network: ReadHcl):
    """The tables of the subnet of some HCL."""

    def read(main: str) -> list[RouteTable]:
        return [subnet.table for subnet in network(VPC + main).nodes["aws_instance.i"].subnets]

    return read


def route(arguments: str) -> str:
    """A route in the table t."""
    return f'resource "aws_route" "r" {{\nroute_table_id = aws_route_table.t.id\n{arguments}\n}}\n'


ROUTE = route('destination_cidr_block = "0.0.0.0/0"\ngateway_id = aws_internet_gateway.g.id')


def test_an_undeclared_main_table_is_local(tables) -> None:
    (table,) = tables("")
    assert routes(table) == [LOCAL]


def test_the_main_table_is_the_default_one(tables) -> None:
    (table,) = tables(
        resource(
            "aws_default_route_table.d",
            default_route_table_id="aws_vpc.v.default_route_table_id",
            route=TO_INTERNET,
        )
    )
    assert routes(table) == [LOCAL, INTERNET]


@pytest.mark.parametrize("attribute", ["main_route_table_id", "default_route_table_id"])
def test_routes_are_added_to_the_main_table_of_a_vpc(tables, attribute: str) -> None:
    (table,) = tables(ROUTE.replace("aws_route_table.t.id", f"aws_vpc.v.{attribute}"))
    assert routes(table) == [LOCAL, INTERNET]


def test_a_main_table_by_association(tables) -> None:
    (table,) = tables(
        resource("aws_route_table.t", vpc_id="aws_vpc.v.id")
        + resource("aws_main_route_table_association.m", vpc_id="aws_vpc.v.id", route_table_id="aws_route_table.t.id")
    )
    assert table.key == "aws_route_table.t"


def test_inline_and_separate_routes_of_an_associated_table(tables) -> None:
    inline = TABLE.replace(
        "vpc_id = aws_vpc.v.id",
        'vpc_id = aws_vpc.v.id\nroute {\ncidr_block = "10.7.0.0/16"\ntransit_gateway_id = "tgw-1"\n}',
        1,
    )
    (table,) = tables(inline + ROUTE)
    assert routes(table) == [LOCAL, "10.7.0.0/16 -> transit gateway tgw-1", INTERNET]


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        ('nat_gateway_id = "nat-1"', "nat gateway nat-1?"),
        ('vpc_peering_connection_id = "pcx-1"', "peering pcx-1"),
        ('gateway_id = "vgw-1"', "vpn gateway vgw-1"),
        ('gateway_id = "local"', "local aws_vpc.v"),
        ("network_interface_id = aws_instance.i.primary_network_interface_id", "blackhole aws_instance.i"),
        ("network_interface_id = aws_instance.nat.primary_network_interface_id", "interface aws_instance.nat"),
        ('carrier_gateway_id = "cagw-1"', "outside cagw-1"),
        ('vpc_endpoint_id = "vpce-1"', "appliance vpce-1?"),
        ("vpc_peering_connection_id = var.unknown", "unknown var.unknown?"),
        ("gateway_id = var.unknown", "unknown var.unknown?"),
    ],
)
def test_what_routes_lead_to(tables, arguments: str, target: str) -> None:
    nat = SERVER.replace('"i"', '"nat"').replace("subnet_id", "source_dest_check = false\nsubnet_id")
    (table,) = tables(nat + TABLE + route(f'destination_cidr_block = "192.168.0.0/16"\n{arguments}'))
    assert routes(table) == [LOCAL, f"192.168.0.0/16 -> {target}"]


def test_a_gateway_of_another_vpc_is_a_black_hole(tables) -> None:
    (table,) = tables(
        resource("aws_internet_gateway.other")
        + TABLE
        + route('destination_cidr_block = "0.0.0.0/0"\ngateway_id = aws_internet_gateway.other.id')
    )
    assert table.routes[-1].target.kind == "blackhole"


def test_an_unknown_destination_takes_nothing_from_other_routes(network: ReadHcl) -> None:
    found = network(
        VPC
        + TABLE
        + ROUTE
        + route('destination_cidr_block = var.unknown\nnat_gateway_id = "nat-1"').replace('"r"', '"u"')
    )
    (subnet,) = found.nodes["aws_instance.i"].subnets
    assert routes(subnet.table) == ["anywhere -> nat gateway nat-1?", LOCAL, INTERNET]
    assert "aws_route.u: the network var.unknown is not known: taken for anywhere" in assumed(found)


def test_prefix_lists_of_ones_own(tables) -> None:
    (table,) = tables(
        resource("aws_ec2_managed_prefix_list.p", entry={"cidr": "192.168.0.0/24"})
        + resource(
            "aws_ec2_managed_prefix_list_entry.e",
            prefix_list_id="aws_ec2_managed_prefix_list.p.id",
            cidr="192.168.8.0/22",
        )
        + TABLE
        + route('destination_prefix_list_id = aws_ec2_managed_prefix_list.p.id\ntransit_gateway_id = "tgw-1"')
    )
    assert routes(table) == [
        "192.168.0.0/24 -> transit gateway tgw-1",
        "192.168.8.0/22 -> transit gateway tgw-1",
        LOCAL,
    ]
    assert [each.prefix_length for each in table.routes] == [24, 22, 16]


def test_gateway_endpoints_are_gateways_by_default(tables) -> None:
    (table,) = tables(
        TABLE
        + resource("data.aws_region.here")
        + resource(
            "aws_vpc_endpoint.e",
            vpc_id="aws_vpc.v.id",
            service_name="com.amazonaws.${data.aws_region.here.name}.dynamodb",
            route_table_ids=["aws_route_table.t.id"],
        )
    )
    assert routes(table) == ["dynamodb -> gateway endpoint aws_vpc_endpoint.e", LOCAL]


def test_a_subnet_that_may_have_several_tables_is_looked_at_with_each(network: ReadHcl) -> None:
    main = (
        VPC
        + TABLE
        + resource("aws_route_table_association.b", subnet_id="var.unknown", route_table_id="aws_route_table.u.id")
        + resource("aws_route_table.u", vpc_id="aws_vpc.v.id", route=TO_INTERNET)
    )
    found = network(main)
    assert [subnet.table.key for subnet in found.nodes["aws_instance.i"].subnets] == [
        "aws_route_table.t",
        "aws_route_table.u",
    ]
    assert "aws_subnet.s: it may have several route tables: each is looked at" in assumed(found)


def test_routes_that_are_not_known_may_lead_anywhere(tables) -> None:
    dynamic = 'dynamic "route" {\nfor_each = var.unknown\ncontent {\ncidr_block = route.value\n}\n}\n'
    (table,) = tables(TABLE.replace("vpc_id = aws_vpc.v.id", f"vpc_id = aws_vpc.v.id\n{dynamic}", 1))
    assert routes(table) == ["anywhere -> unknown?", LOCAL]


def test_a_plan_tells_of_inline_routes_together_what_they_lead_to() -> None:
    """So a route may lead to each that fits its argument, and to the only one that does for certain."""
    peerings = ["aws_vpc_peering_connection.a", "aws_vpc_peering_connection.b"]
    inline = [
        {"cidr_block": "10.1.0.0/16", "gateway_id": ""},
        {"cidr_block": "10.2.0.0/16", "gateway_id": ""},
        {"cidr_block": "0.0.0.0/0", "vpc_peering_connection_id": ""},
    ]
    unknown = [{"vpc_peering_connection_id": True}, {"vpc_peering_connection_id": True}, {"gateway_id": True}]
    named = [f"{each}.id" for each in (*peerings, "aws_internet_gateway.g")]
    vpc = {"vpc_id": {"references": ["aws_vpc.v.id"]}}
    plan = plan_of(
        Planned("aws_vpc.v", {"cidr_block": "10.0.0.0/16"}),
        Planned("aws_internet_gateway.g", {}, {"vpc_id": True}, vpc),
        *(Planned(each, {}, {"vpc_id": True}, vpc) for each in peerings),
        Planned("aws_route_table.t", {"route": inline}, {"route": unknown}, {"route": {"references": named}}),
        Planned("aws_subnet.s", {"cidr_block": "10.0.1.0/24"}, {"vpc_id": True}, vpc),
        Planned(
            "aws_route_table_association.t",
            {},
            {"subnet_id": True, "route_table_id": True},
            {
                "subnet_id": {"references": ["aws_subnet.s.id"]},
                "route_table_id": {"references": ["aws_route_table.t.id"]},
            },
        ),
        Planned("aws_instance.i", {}, {"subnet_id": True}, {"subnet_id": {"references": ["aws_subnet.s.id"]}}),
    )
    (subnet,) = read(load_plan(plan, "plan.json")).nodes["aws_instance.i"].subnets
    assert routes(subnet.table) == [
        LOCAL,
        *(f"{network} -> peering {each}?" for network in ("10.1.0.0/16", "10.2.0.0/16") for each in peerings),
        INTERNET,
    ]
