"""Who has an elastic address, also through what is looked up."""

from __future__ import annotations

import pytest

from tests.support.hcl import NETWORK, SERVER, UNKNOWN, resource
from tests.support.reachability_text import assumed
from tests.support.reading import ReadHcl

VPC = (
    NETWORK
    + SERVER
    + UNKNOWN
    + resource("aws_security_group.g", vpc_id="aws_vpc.v.id")
    + resource("aws_subnet.other", vpc_id="aws_vpc.v.id", cidr_block="10.0.9.0/24")
    + resource(
        "aws_ecs_service.tasks",
        name="tasks",
        network_configuration={"subnets": ["aws_subnet.s.id"], "security_groups": ["aws_security_group.g.id"]},
    )
    + resource("aws_instance.named", subnet_id="aws_subnet.other.id", tags={"Name": "named"})
    + resource(
        "aws_vpc_endpoint.e",
        vpc_id="aws_vpc.v.id",
        service_name="com.amazonaws.eu-central-1.ssm",
        vpc_endpoint_type="Interface",
        subnet_ids=["aws_subnet.other.id"],
    )
)
TASKS, SERVERS = "aws_ecs_service.tasks", ["aws_instance.i", "aws_instance.named"]


def found_by(name: str, values: str) -> str:
    """A data source of interfaces with one filter, and an address on what it finds."""
    data = resource("data.aws_network_interface.n", filter={"name": name, "values": [values]})
    return data + resource("aws_eip.e", network_interface="data.aws_network_interface.n.id")


@pytest.mark.parametrize(
    ("main", "public"),
    [
        (found_by("attachment.instance-id", "aws_instance.i.id"), ["aws_instance.i"]),
        (found_by("group-id", "aws_security_group.g.id"), [TASKS]),
        (found_by("subnet-id", "aws_subnet.s.id"), [TASKS, "aws_instance.i"]),
        (found_by("tag:Name", "named"), [TASKS, *SERVERS, "aws_vpc_endpoint.e"]),
        (
            found_by("subnet-id", "aws_subnet.s.id").replace("aws_subnet.s.id", "aws_subnet.s.id, aws_subnet.other.id"),
            [TASKS, *SERVERS, "aws_vpc_endpoint.e"],
        ),
        (
            resource("data.aws_instances.n", instance_tags={"Name": "named"})
            + resource("aws_eip.e", instance="data.aws_instances.n.ids"),
            ["aws_instance.i", "aws_instance.named"],
        ),
        (found_by("description", "*"), [TASKS, *SERVERS, "aws_vpc_endpoint.e"]),
        (
            resource("data.aws_instance.n", filter={"name": "tag:Name", "values": ["another"]})
            + resource("aws_eip.e", instance="data.aws_instance.n.id"),
            ["aws_instance.i"],
        ),
        (
            resource("aws_eip.e", network_interface="tolist(aws_vpc_endpoint.e.network_interface_ids)[0]")
            .replace('"tolist', "tolist")
            .replace('[0]"', "[0]"),
            ["aws_vpc_endpoint.e"],
        ),
        (resource("aws_eip.e", network_interface="var.unknown"), SERVERS),
    ],
)
def test_who_has_it(network: ReadHcl, main: str, public: list[str]) -> None:
    found = network(VPC + main)
    assert [key for key, node in found.nodes.items() if node.is_public] == public


def test_what_is_looked_up_is_assumed(network: ReadHcl) -> None:
    found = network(VPC + found_by("attachment.instance-id", "aws_instance.i.id"))
    assert assumed(found) == ["aws_eip.e: data.aws_network_interface.n is looked up: it may have found aws_instance.i"]
