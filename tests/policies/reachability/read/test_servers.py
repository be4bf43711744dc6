"""Servers: where instances stand, with which addresses, in which groups."""

from __future__ import annotations

import pytest

from policies.reachability import addresses
from tests.support.hcl import NETWORK, UNKNOWN, resource
from tests.support.reachability_text import assumed
from tests.support.reading import ReadHcl

VPC = (
    NETWORK
    + resource("aws_subnet.open", vpc_id="aws_vpc.v.id", cidr_block="10.0.2.0/24", map_public_ip_on_launch=True)
    + resource("aws_security_group.g", vpc_id="aws_vpc.v.id")
    + resource("aws_security_group.h", vpc_id="aws_vpc.v.id")
    + UNKNOWN
)


def instance(arguments: str) -> str:
    """An instance in the private subnet, if it does not say otherwise."""
    place = "" if "subnet_id" in arguments or "network_interface" in arguments else "subnet_id = aws_subnet.s.id\n"
    return f'resource "aws_instance" "i" {{\n{place}{arguments}\n}}\n'


@pytest.mark.parametrize(
    ("main", "is_public"),
    [
        (instance(""), False),
        (instance("associate_public_ip_address = true"), True),
        (instance("subnet_id = aws_subnet.open.id"), True),
        (instance("subnet_id = aws_subnet.open.id\nassociate_public_ip_address = false"), False),
        (instance("associate_public_ip_address = var.unknown"), True),
        (instance("") + resource("aws_eip.e", instance="aws_instance.i.id"), True),
        (instance("") + resource("aws_eip.e", instance="var.unknown"), True),
        (instance("") + resource("aws_eip.e"), False),
        (
            instance("")
            + resource(
                "aws_eip_association.e",
                allocation_id="eipalloc-1",
                network_interface_id="aws_instance.i.primary_network_interface_id",
            ),
            True,
        ),
    ],
)
def test_public_addresses(network: ReadHcl, main: str, is_public: bool) -> None:
    assert network(VPC + main).nodes["aws_instance.i"].is_public is is_public


def test_known_private_addresses(network: ReadHcl) -> None:
    node = network(VPC + instance('private_ip = "10.0.1.7"\nsecondary_private_ips = ["10.0.1.8"]')).nodes[
        "aws_instance.i"
    ]
    assert addresses.describe(node.addresses) == "10.0.1.7/32, 10.0.1.8/32"


def test_an_interface_of_its_own_stands_for_the_instance(network: ReadHcl) -> None:
    main = resource(
        "aws_network_interface.n",
        subnet_id="aws_subnet.open.id",
        private_ips=["10.0.2.9"],
        security_groups=["aws_security_group.g.id"],
    ) + resource("aws_eip.e", network_interface="aws_network_interface.n.id")
    block = "network_interface {\ndevice_index = 0\nnetwork_interface_id = aws_network_interface.n.id\n}"
    found = network(VPC + main + instance(block))
    assert list(found.nodes) == ["aws_instance.i"]
    node = found.nodes["aws_instance.i"]
    assert [subnet.key for subnet in node.subnets] == ["aws_subnet.open"]
    assert [group.key for group in node.groups or ()] == ["aws_security_group.g"]
    assert addresses.describe(node.addresses) == "10.0.2.9/32"
    assert node.is_public


def test_further_interfaces_are_the_instances_too(network: ReadHcl) -> None:
    main = resource(
        "aws_network_interface.n", subnet_id="aws_subnet.open.id", security_groups=["aws_security_group.h.id"]
    ) + resource(
        "aws_network_interface_attachment.a",
        instance_id="aws_instance.i.id",
        network_interface_id="aws_network_interface.n.id",
        device_index=1,
    )
    found = network(VPC + main + instance("vpc_security_group_ids = [aws_security_group.g.id]"))
    node = found.nodes["aws_instance.i"]
    assert list(found.nodes) == ["aws_instance.i"]
    assert {subnet.key for subnet in node.subnets} == {"aws_subnet.s", "aws_subnet.open"}
    assert {group.key for group in node.groups or ()} == {"aws_security_group.g", "aws_security_group.h"}
    assert assumed(found) == [
        "aws_instance.i: it has several interfaces: taken for one with the security groups of all"
    ]


def test_an_interface_of_nobody_stands_for_itself(network: ReadHcl) -> None:
    found = network(VPC + resource("aws_network_interface.n", subnet_id="aws_subnet.s.id"))
    assert found.nodes["aws_network_interface.n"].kind == "interface"


def test_groups_attached_to_interfaces(network: ReadHcl) -> None:
    main = resource(
        "aws_network_interface_sg_attachment.a",
        security_group_id="aws_security_group.h.id",
        network_interface_id="aws_instance.i.primary_network_interface_id",
    )
    found = network(VPC + main + instance("vpc_security_group_ids = [aws_security_group.g.id]"))
    assert {group.key for group in found.nodes["aws_instance.i"].groups or ()} == {
        "aws_security_group.g",
        "aws_security_group.h",
    }


TEMPLATE = resource("aws_launch_template.t", name="t", vpc_security_group_ids=["aws_security_group.g.id"])


def fleet(launch: str, subnet: str = "s") -> str:
    """A scaling group."""
    subnets = f"vpc_zone_identifier = [aws_subnet.{subnet}.id]"
    return f'resource "aws_autoscaling_group" "f" {{\nmin_size = 1\nmax_size = 1\n{subnets}\n{launch}\n}}\n'


@pytest.mark.parametrize(
    "launch",
    [
        "launch_template {\nid = aws_launch_template.t.id\n}",
        'launch_template {\nname = "t"\n}',
        (
            "mixed_instances_policy {\nlaunch_template {\nlaunch_template_specification {\n"
            "launch_template_id = aws_launch_template.t.id\n}\n}\n}"
        ),
    ],
)
def test_a_scaling_group_has_the_groups_of_its_template(network: ReadHcl, launch: str) -> None:
    found = network(VPC + TEMPLATE + fleet(launch))
    node = found.nodes["aws_autoscaling_group.f"]
    assert (node.kind, node.is_public) == ("server", False)
    assert [group.key for group in node.groups or ()] == ["aws_security_group.g"]
    assert not found.assumptions


def test_a_template_of_an_override_counts_too(network: ReadHcl) -> None:
    other = TEMPLATE.replace('"t"', '"u"').replace("aws_security_group.g", "aws_security_group.h")
    launch = """
    mixed_instances_policy {
      launch_template {
        launch_template_specification {
          launch_template_id = aws_launch_template.t.id
        }
        override {
          launch_template_specification {
            launch_template_id = aws_launch_template.u.id
          }
        }
      }
    }
    """
    found = network(VPC + TEMPLATE + other + fleet(launch))
    assert {group.key for group in found.nodes["aws_autoscaling_group.f"].groups or ()} == {
        "aws_security_group.g",
        "aws_security_group.h",
    }


@pytest.mark.parametrize(
    ("template", "subnet", "is_public"),
    [
        ("", "s", False),
        ("", "open", True),
        ("network_interfaces {\nassociate_public_ip_address = true\n}", "s", True),
        ('network_interfaces {\nassociate_public_ip_address = "false"\n}', "open", False),
        ("network_interfaces {\ndevice_index = 0\n}", "open", True),
        ("network_interfaces {\nassociate_public_ip_address = var.unknown\n}", "s", True),
    ],
)
def test_public_addresses_of_scaling_groups(network: ReadHcl, template: str, subnet: str, is_public: bool) -> None:
    main = f'resource "aws_launch_template" "t" {{\n{template}\n}}\n'
    found = network(VPC + main + fleet("launch_template {\nid = aws_launch_template.t.id\n}", subnet))
    assert found.nodes["aws_autoscaling_group.f"].is_public is is_public


def test_a_launch_configuration(network: ReadHcl) -> None:
    main = resource(
        "aws_launch_configuration.c", security_groups=["aws_security_group.g.id"], associate_public_ip_address=True
    )
    node = network(VPC + main + fleet("launch_configuration = aws_launch_configuration.c.name")).nodes[
        "aws_autoscaling_group.f"
    ]
    assert node.is_public
    assert [group.key for group in node.groups or ()] == ["aws_security_group.g"]


def test_a_template_that_is_declared_elsewhere_is_open(network: ReadHcl) -> None:
    found = network(VPC + fleet('launch_template {\nid = "lt-1"\n}'))
    node = found.nodes["aws_autoscaling_group.f"]
    assert node.is_public
    assert next(group.key for group in node.groups or ()) == "the groups of lt-1"
    assert "aws_autoscaling_group.f: lt-1 is not declared here: with public addresses, open to everything" in assumed(
        found
    )


def test_what_has_a_count_of_zero_does_not_exist(network: ReadHcl) -> None:
    assert network(VPC + instance("count = 0")).nodes == {}


def test_a_spot_fleet(network: ReadHcl) -> None:
    main = resource(
        "aws_spot_fleet_request.f",
        iam_fleet_role="arn:aws:iam::111111111111:role/fleet",
        target_capacity=1,
        launch_specification={
            "ami": "ami-1",
            "instance_type": "t3.small",
            "subnet_id": "aws_subnet.s.id",
            "vpc_security_group_ids": ["aws_security_group.g.id"],
            "associate_public_ip_address": True,
        },
    )
    node = network(VPC + main).nodes["aws_spot_fleet_request.f"]
    assert (node.is_public, node.subnets[0].key) == (True, "aws_subnet.s")
