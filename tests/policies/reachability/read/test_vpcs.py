"""VPCs and subnets: declared, default, looked up, elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from policies.reachability import addresses
from policies.reachability.analysis import answer
from policies.reachability.explain import assumptions, is_assumed
from tests.support.hcl import ANY_TRAFFIC, NETWORK, resource
from tests.support.reachability_text import assumed, reached, routes
from tests.support.reading import ReadHcl


def instance(arguments: str) -> str:
    """An instance named i."""
    return f'resource "aws_instance" "i" {{\n{arguments}\n}}\n'


def test_an_instance_without_a_subnet_is_in_the_default_vpc(network: ReadHcl) -> None:
    found = network(instance(""))
    node = found.nodes["aws_instance.i"]
    assert node.vpc == "default VPC"
    assert addresses.describe(node.subnets[0].addresses) == "172.31.0.0/16"
    assert node.is_public
    assert node.subnets[0].table.routes[-1].target.kind == "internet gateway"
    assert [group.name for group in node.groups or ()] == ["default VPC/default security group"]
    assert not found.assumptions


def test_a_default_subnet_is_in_the_default_vpc(network: ReadHcl) -> None:
    found = network(
        resource("aws_default_subnet.a", availability_zone="eu-west-1a")
        + instance("subnet_id = aws_default_subnet.a.id")
    )
    node = found.nodes["aws_instance.i"]
    assert (node.vpc, node.subnets[0].key, node.is_public) == ("default VPC", "aws_default_subnet.a", True)


def test_a_lookup_of_the_default_vpc_is_the_default_vpc(network: ReadHcl) -> None:
    main = resource("data.aws_vpc.d", default=True) + resource("aws_security_group.g", vpc_id="data.aws_vpc.d.id")
    found = network(main + instance("vpc_security_group_ids = [aws_security_group.g.id]"))
    assert found.nodes["aws_instance.i"].vpc == "default VPC"


def test_a_subnet_that_is_looked_up_is_taken_for_a_public_one(network: ReadHcl) -> None:
    main = resource("data.aws_subnet.s", vpc_id="vpc-1")
    found = network(main + instance("subnet_id = data.aws_subnet.s.id"))
    node = found.nodes["aws_instance.i"]
    assert (node.vpc, node.is_public) == ("vpc-1", True)
    assert routes(node.subnets[0].table)[-1] == "anywhere -> unknown?"
    assert assumed(found) == [
        ": vpc-1 is not declared here: taken for one with an internet gateway",
        "data.aws_subnet.s: it is looked up: taken for a public subnet",
    ]


def test_an_unknown_subnet_is_any_that_there_is_or_another(network: ReadHcl) -> None:
    found = network(NETWORK + 'variable "subnet" {}\n' + instance("subnet_id = var.subnet"))
    assert [subnet.key for subnet in found.nodes["aws_instance.i"].subnets] == ["aws_subnet.s", "var.subnet"]
    assert found.vpcs[found.nodes["aws_instance.i"].vpc].may_be == {"aws_vpc.v", "a VPC that is not known"}
    assert "aws_instance.i: it is not known which subnet var.subnet is: any that there is" in assumed(found)


def test_a_subnet_chosen_by_an_unknown_index_is_any_of_those_mentioned(network: ReadHcl) -> None:
    second = resource("aws_subnet.t", vpc_id="aws_vpc.v.id", cidr_block="10.0.2.0/24")
    main = NETWORK + second + 'variable "at" {}\n'
    found = network(main + instance("subnet_id = element([aws_subnet.s.id, aws_subnet.t.id], var.at)"))
    assert {subnet.key for subnet in found.nodes["aws_instance.i"].subnets} == {"aws_subnet.s", "aws_subnet.t"}


def test_further_networks_and_ipv6(network: ReadHcl) -> None:
    main = """
    resource "aws_vpc" "v" {
      cidr_block                       = "10.0.0.0/16"
      assign_generated_ipv6_cidr_block = true
    }
    resource "aws_vpc_ipv4_cidr_block_association" "more" {
      vpc_id     = aws_vpc.v.id
      cidr_block = "10.9.0.0/16"
    }
    resource "aws_subnet" "s" {
      vpc_id                          = aws_vpc.v.id
      cidr_block                      = "10.9.1.0/24"
      ipv6_cidr_block                 = cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 0)
      assign_ipv6_address_on_creation = true
    }
    """
    found = network(main + instance("subnet_id = aws_subnet.s.id"))
    node, vpc = found.nodes["aws_instance.i"], found.vpcs["aws_vpc.v"]
    assert (vpc.addresses & addresses.ALL_V4) == addresses.network("10.0.0.0/16") | addresses.network("10.9.0.0/16")
    assert node.has_ipv6
    six = node.subnets[0].addresses & addresses.ALL_V6
    assert six <= vpc.addresses
    assert six.size == 1 << 64
    assert len([each for each in routes(node.subnets[0].table) if "local" in each]) == 3


WRITTEN = addresses.network("2600:1f18:1:1::/64")


@pytest.mark.parametrize(
    ("vpc", "more"),
    [
        ({"assign_generated_ipv6_cidr_block": True}, ""),
        ({"ipv6_ipam_pool_id": "ipam-pool-1", "ipv6_netmask_length": 56}, ""),
        ({}, resource("aws_vpc_ipv6_cidr_block_association.x", vpc_id="aws_vpc.v.id")),
    ],
    ids=["generated", "from a pool", "associated"],
)
def test_an_ipv6_network_that_aws_chooses_holds_those_written_for_subnets(
    network: ReadHcl, vpc: dict[str, Any], more: str
) -> None:
    written = resource("aws_subnet.s", vpc_id="aws_vpc.v.id", ipv6_native=True, ipv6_cidr_block="2600:1f18:1:1::/64")
    chosen = resource(
        "aws_subnet.t",
        vpc_id="aws_vpc.v.id",
        ipv6_native=True,
        ipv6_cidr_block="cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 2)",
    )
    ingress = {**ANY_TRAFFIC, "ipv6_cidr_blocks": ["::/0"]}
    main = (
        resource("aws_vpc.v", cidr_block="10.0.0.0/16", **vpc)
        + more
        + written
        + chosen
        + resource("aws_security_group.open", vpc_id="aws_vpc.v.id", ingress=ingress, egress=ingress)
        + open_instance("a", "aws_subnet.s.id")
        + open_instance("b", "aws_subnet.t.id")
    )
    found = network(main)
    assert found.vpcs["aws_vpc.v"].addresses >= WRITTEN
    for ends in (("aws_instance.a", "aws_instance.b"), ("aws_instance.b", "aws_instance.a")):
        reply = answer(found, *ends)
        assert reply
        assert not assumptions(reply)


def test_an_uncertain_subnet_may_be_in_an_ipv6_network_that_aws_chooses(network: ReadHcl) -> None:
    main = 'variable "there" {\n  type = bool\n}\n' + resource(
        "aws_vpc.v", cidr_block="10.0.0.0/16", assign_generated_ipv6_cidr_block=True
    )
    subnet = resource("aws_subnet.s", vpc_id="aws_vpc.v.id", ipv6_native=True, ipv6_cidr_block="2600:1f18:1:1::/64")
    subnet = subnet.replace("{\n", "{\n  count = var.there ? 1 : 0\n", 1)
    found = network(main + subnet + resource("aws_instance.i", subnet_id="aws_subnet.s[0].id"))
    assert found.vpcs["aws_vpc.v"].addresses >= WRITTEN
    assert "aws_vpc.v: the network of v is not all known: any that a VPC can have" in assumed(found)


def test_a_vpc_of_an_unknown_ipv6_network_may_have_any_ipv6_address(network: ReadHcl) -> None:
    main = resource("aws_vpc.v", cidr_block="10.0.0.0/16", ipv6_cidr_block="var.cidr", ipv6_ipam_pool_id="p")
    found = network('variable "cidr" {}\n' + main).vpcs["aws_vpc.v"].addresses
    assert found >= WRITTEN
    assert found & addresses.ALL_V4 == addresses.network("10.0.0.0/16")


def test_a_vpc_of_an_unknown_network_may_have_any_address(network: ReadHcl) -> None:
    found = network('variable "cidr" {}\n' + resource("aws_vpc.v", cidr_block="var.cidr"))
    for each in ("192.168.5.0/24", "141.5.0.0/16"):
        assert addresses.network(each) <= found.vpcs["aws_vpc.v"].addresses
    assert assumed(found) == ["aws_vpc.v: its network var.cidr is not known: any that a VPC can have"]


def test_gateways_are_attached_by_argument_or_attachment(network: ReadHcl) -> None:
    main = (
        resource("aws_vpc.a", cidr_block="10.0.0.0/16")
        + resource("aws_vpc.b", cidr_block="10.1.0.0/16")
        + resource("aws_internet_gateway.a", vpc_id="aws_vpc.a.id")
        + resource("aws_vpn_gateway.b")
        + resource("aws_vpn_gateway_attachment.b", vpc_id="aws_vpc.b.id", vpn_gateway_id="aws_vpn_gateway.b.id")
    )
    found = network(main).vpcs
    assert (found["aws_vpc.a"].internet_gateway, found["aws_vpc.a"].vpn_gateway) == ("aws_internet_gateway.a", None)
    assert (found["aws_vpc.b"].internet_gateway, found["aws_vpc.b"].vpn_gateway) == (None, "aws_vpn_gateway.b")


def open_instance(name: str, subnet: str, **arguments: Any) -> str:
    """An instance in a subnet whose security group lets everything through."""
    group = ["aws_security_group.open.id"]
    return resource(f"aws_instance.{name}", subnet_id=subnet, vpc_security_group_ids=group, **arguments)


def routed(name: str, vpc: str, **route: str) -> str:
    """The route table of the subnet of its name, with one route."""
    table = f"aws_route_table.{name}"
    association = f"aws_route_table_association.{name}"
    return resource(table, vpc_id=vpc, route=route) + resource(
        association, subnet_id=f"aws_subnet.{name}.id", route_table_id=f"{table}.id"
    )


def two_vpcs(cidr: str, **arguments: Any) -> str:
    """Two VPCs, and a subnet in a VPC that only a variable names, with an instance of some arguments."""
    return (
        'variable "cidr" {}\nvariable "vpc" {}\n'
        + resource("aws_vpc.a", cidr_block="10.0.0.0/16")
        + resource("aws_vpc.b", cidr_block="10.1.0.0/16")
        + resource("aws_subnet.a", vpc_id="aws_vpc.a.id", cidr_block="10.0.1.0/24")
        + resource("aws_subnet.s", vpc_id="var.vpc", cidr_block=cidr)
        + resource("aws_security_group.open", vpc_id="var.vpc", ingress=ANY_TRAFFIC, egress=ANY_TRAFFIC)
        + open_instance("there", "aws_subnet.a.id")
        + open_instance("somewhere", "aws_subnet.s.id", **arguments)
    )


def test_a_vpc_that_is_not_known_may_be_any_that_is_declared(network: ReadHcl) -> None:
    """So what stands in it is not taken to be apart from what may be its neighbour."""
    found = network(two_vpcs("var.cidr"))
    assert found.vpcs["var.vpc"].may_be == {"aws_vpc.a", "aws_vpc.b"}
    said = reached(found)
    assert "somewhere -> there: all traffic" in said
    assert "there -> somewhere: all traffic" in said
    assert ": var.vpc is not known: any of aws_vpc.a, aws_vpc.b, or one with an internet gateway" in assumed(found)


def test_a_subnet_whose_network_is_in_no_vpc_is_in_none_of_them(network: ReadHcl) -> None:
    """No answer gets back from the VPC that is known. What the other one's local route is for is not known."""
    said = reached(network(two_vpcs("10.9.1.0/24")))
    assert not [line for line in said if line.startswith("there -> somewhere")]
    assert not [line for line in said if line.startswith("somewhere -> there") and "tcp" in line]


def test_a_subnet_whose_network_is_in_one_vpc_may_be_there(network: ReadHcl) -> None:
    found = network(two_vpcs("10.1.1.0/24"))
    assert found.vpcs[found.nodes["aws_instance.somewhere"].vpc].may_be == {"aws_vpc.b"}
    assert not [line for line in reached(found) if line.startswith("somewhere -> there") and "tcp" in line]


def test_a_vpc_that_is_named_is_no_other(network: ReadHcl) -> None:
    found = network(two_vpcs("var.cidr").replace("= var.vpc", '= "vpc-1"'))
    assert found.vpcs["vpc-1"].may_be == frozenset()
    assert not [line for line in reached(found) if line.startswith("somewhere -> there") and "tcp" in line]


def test_an_internet_gateway_of_a_vpc_that_it_may_be_leads_out(network: ReadHcl) -> None:
    main = (
        two_vpcs("var.cidr", associate_public_ip_address=True)
        + resource("aws_internet_gateway.a", vpc_id="aws_vpc.a.id")
        + routed("s", "var.vpc", cidr_block="0.0.0.0/0", gateway_id="aws_internet_gateway.a.id")
    )
    found = network(main)
    assert "somewhere -> internet: all traffic" in reached(found)


def test_a_nat_gateway_of_a_vpc_that_it_may_be_leads_out(network: ReadHcl) -> None:
    main = (
        two_vpcs("var.cidr")
        + resource("aws_internet_gateway.a", vpc_id="aws_vpc.a.id")
        + routed("a", "aws_vpc.a.id", cidr_block="0.0.0.0/0", gateway_id="aws_internet_gateway.a.id")
        + resource("aws_eip.n")
        + resource("aws_nat_gateway.n", subnet_id="aws_subnet.a.id", allocation_id="aws_eip.n.id")
        + routed("s", "var.vpc", cidr_block="0.0.0.0/0", nat_gateway_id="aws_nat_gateway.n.id")
    )
    said = reached(network(main))
    assert [line for line in said if line.startswith("somewhere -> internet")]


def test_a_transit_gateway_leads_to_a_vpc_that_it_may_be(network: ReadHcl) -> None:
    """Two VPCs have the subnet's network, so that it may be in either; no local route of the third leads there."""
    gateway = "aws_ec2_transit_gateway.t.id"

    def attached(name: str) -> str:
        attachment = f"aws_ec2_transit_gateway_vpc_attachment.{name}"
        subnets = [f"aws_subnet.{name}.id"]
        return resource(attachment, transit_gateway_id=gateway, vpc_id=f"aws_vpc.{name}.id", subnet_ids=subnets)

    main = (
        two_vpcs("10.0.9.0/24")
        + resource("aws_vpc.c", cidr_block="10.0.0.0/16")
        + resource("aws_subnet.b", vpc_id="aws_vpc.b.id", cidr_block="10.1.1.0/24")
        + open_instance("away", "aws_subnet.b.id")
        + resource("aws_ec2_transit_gateway.t")
        + attached("a")
        + attached("b")
        + routed("b", "aws_vpc.b.id", cidr_block="10.0.0.0/16", transit_gateway_id=gateway)
        + routed("s", "var.vpc", cidr_block="10.1.0.0/16", transit_gateway_id=gateway)
    )
    said = reached(network(main))
    assert [line for line in said if line.startswith("away -> somewhere")]


REGIONS = """
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "far"
  region = "us-east-1"
}
provider "aws" {
  alias  = "same"
  region = "eu-west-1"
}
provider "aws" {
  alias  = "unknown"
  region = var.unknown
}
variable "unknown" {}
"""
INSIDE = {**ANY_TRAFFIC, "cidr_blocks": ["172.31.0.0/16"]}


def in_default(name: str, where: str) -> str:
    """A server in a default VPC, in a group that is for what is in such VPCs only."""
    main = resource(f"aws_security_group.{name}", ingress=INSIDE, egress=INSIDE) + resource(
        f"aws_instance.{name}", vpc_security_group_ids=[f"aws_security_group.{name}.id"]
    )
    return main.replace(f'"{name}" {{\n', f'"{name}" {{\n{where}\n')


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("", "yes"),
        ("provider = aws.far", "no"),
        ("provider = aws.same", "assumed"),
        ("provider = aws.unknown", "assumed"),
        ('region = "us-east-1"', "no"),
        ('region = "eu-west-1"', "yes"),
        ("region = var.unknown", "assumed"),
    ],
)
def test_each_region_has_a_default_vpc_of_its_own(network: ReadHcl, where: str, expected: str) -> None:
    found = answer(
        network(REGIONS + in_default("here", "") + in_default("there", where)),
        "aws_instance.here",
        "aws_instance.there",
    )
    assert (("assumed" if is_assumed(found) else "yes") if found else "no") == expected
