"""What makes a subnet private or public, what stands in it, and who is in a security group."""

from __future__ import annotations

import pytest

from policies.library.members import is_private_server, members
from policies.library.routing import says_private
from policies.library.subnets import is_private, is_public, main_tables, subnets_of
from policies.library.values import UnknownValue
from tests.support.hcl import resource
from tests.support.reading import Load

VPC = resource("aws_vpc.meals") + resource("aws_internet_gateway.meals")


def routed(gateway: str) -> str:
    """A subnet whose route table leads to a gateway."""
    return f"""
resource "aws_route_table" "t" {{
  vpc_id = aws_vpc.meals.id
}}
resource "aws_route" "r" {{
  route_table_id         = aws_route_table.t.id
  destination_cidr_block = "0.0.0.0/0"
  {gateway}
}}
resource "aws_route_table_association" "a" {{
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}}
"""


INTERNET = "gateway_id = aws_internet_gateway.meals.id"
MAIN = f"""
resource "aws_default_route_table" "m" {{
  default_route_table_id = aws_vpc.meals.default_route_table_id
  route {{
    cidr_block = "0.0.0.0/0"
    {INTERNET}
  }}
}}
"""
VPN = 'gateway_id = "vgw-0123456789abcdef0"'


@pytest.mark.parametrize(
    ("attributes", "rest", "private", "public"),
    [
        ('tags = { Name = "meals-private-1" }', routed(INTERNET), True, False),  # what it is called wins
        ('tags = { Tier = "public" }', routed(VPN), False, True),
        ('tags = { Name = "no-private-subnets" }', routed(INTERNET), False, True),
        ('tags = { Example = "private-cluster", Name = "private-cluster-public-1" }', routed(INTERNET), False, True),
        ('tags = { Name = "non_private" }', routed(INTERNET), False, True),
        ('tags = { Name = "not-private" }', routed(INTERNET), False, True),
        ('tags = { Name = "unprivate" }', routed(INTERNET), False, True),
        ('tags = { Name = "non-public" }', routed(VPN), True, False),
        ('tags = { Name = "no-public-private-1" }', routed(INTERNET), True, False),
        ("", routed(INTERNET), False, True),
        ("", routed('gateway_id = "igw-0123456789abcdef0"'), False, True),
        ("", routed(VPN), True, False),
        ("", routed("nat_gateway_id = aws_nat_gateway.n.id"), True, False),
        ("map_public_ip_on_launch = true", "", False, True),
        ("", "", False, False),
        ("", MAIN, False, True),
    ],
)
def test_what_a_subnet_is(attributes: str, rest: str, private: bool, public: bool, load: Load) -> None:
    text = f'{VPC}resource "aws_subnet" "s" {{\n  vpc_id = aws_vpc.meals.id\n  {attributes}\n}}\n{rest}'
    configuration = load(text)
    subnet = configuration.resources["aws_subnet.s"]
    assert (is_private(subnet, configuration), is_public(subnet, configuration)) == (private, public)


def test_nobody_knows_whether_a_subnet_gives_addresses_by_a_variable(load: Load) -> None:
    configuration = load(f'{VPC}resource "aws_subnet" "s" {{\n  map_public_ip_on_launch = var.unset\n}}\n')
    with pytest.raises(UnknownValue):
        is_public(configuration.resources["aws_subnet.s"], configuration)


STANDING = (
    resource("aws_vpc.meals")
    + resource("aws_route_table.main")
    + resource(
        "aws_main_route_table_association.main", vpc_id="aws_vpc.meals.id", route_table_id="aws_route_table.main.id"
    )
    + resource("aws_subnet.private", count=2, vpc_id="aws_vpc.meals.id")
    + resource("aws_db_subnet_group.g", subnet_ids="aws_subnet.private[*].id")
    + resource(
        "aws_rds_cluster.c",
        db_subnet_group_name="aws_db_subnet_group.g.name",
        vpc_security_group_ids=["aws_security_group.g.id"],
    )
    + resource("aws_security_group.g")
    + resource("aws_launch_template.t", vpc_security_group_ids=["aws_security_group.g.id"])
    + resource(
        "aws_autoscaling_group.g",
        vpc_zone_identifier=["aws_subnet.private[0].id"],
        launch_template={"id": "aws_launch_template.t.id"},
    )
    + resource("aws_network_interface.n", subnet_id="aws_subnet.private[1].id")
    + resource(
        "aws_network_interface_sg_attachment.a",
        network_interface_id="aws_network_interface.n.id",
        security_group_id="aws_security_group.g.id",
    )
    + resource("aws_instance.i", network_interface={"network_interface_id": "aws_network_interface.n.id"})
)


@pytest.mark.parametrize(
    ("address", "subnets"),
    [
        ("aws_rds_cluster.c", [0, 1]),
        ("aws_launch_template.t", [0]),
        ("aws_autoscaling_group.g", [0]),
        ("aws_network_interface.n", [1]),
        ("aws_instance.i", [1]),
    ],
)
def test_where_things_stand(address: str, subnets: list[int], load: Load) -> None:
    configuration = load(STANDING)
    found = [each.address for each in subnets_of(configuration.resources[address], configuration)]
    assert found == [f"aws_subnet.private[{index}]" for index in subnets]


def test_members_of_a_group(load: Load) -> None:
    configuration = load(STANDING)
    found = members(configuration.resources["aws_security_group.g"], configuration)
    assert {each.address for each in found} == {"aws_rds_cluster.c", "aws_launch_template.t", "aws_network_interface.n"}
    private = [each.address for each in found if is_private_server(each, configuration)]
    assert private == ["aws_launch_template.t", "aws_network_interface.n"]


def test_main_route_tables(load: Load) -> None:
    configuration = load(STANDING)
    subnet = configuration.resources["aws_subnet.private[0]"]
    assert [each.address for each in main_tables(subnet, configuration)] == ["aws_route_table.main"]


def test_a_name_says_what_is_known_of_it(load: Load) -> None:
    configuration = load("""
        data "aws_availability_zones" "all" {
        }
        resource "aws_subnet" "s" {
          tags = {
            Name  = "private-cluster-public-${data.aws_availability_zones.all.names[0]}"
            Owner = "private-cluster"
          }
        }
    """)
    assert says_private(configuration.resources["aws_subnet.s"]) is False
