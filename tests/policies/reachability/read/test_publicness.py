"""Whether interfaces of services have public addresses, IPv4 and IPv6."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.reachability.network import Node
from tests.support.hcl import UNKNOWN, resource
from tests.support.reachability_text import assumed
from tests.support.reading import ReadHcl

VPC = (
    resource("aws_vpc.v", cidr_block="10.0.0.0/16", assign_generated_ipv6_cidr_block=True)
    + resource("aws_subnet.s", vpc_id="aws_vpc.v.id", cidr_block="10.0.1.0/24")
    + resource("aws_subnet.open", vpc_id="aws_vpc.v.id", cidr_block="10.0.2.0/24", map_public_ip_on_launch=True)
    + 'resource "aws_subnet" "six" {\nvpc_id = aws_vpc.v.id\ncidr_block = "10.0.3.0/24"\n'
    + "ipv6_cidr_block = cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 1)\n}\n"
    + 'resource "aws_subnet" "given" {\nvpc_id = aws_vpc.v.id\ncidr_block = "10.0.4.0/24"\n'
    + "ipv6_cidr_block = cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 2)\nassign_ipv6_address_on_creation = true\n}\n"
    + resource("aws_security_group.g", vpc_id="aws_vpc.v.id")
    + resource("aws_launch_template.public", network_interfaces={"associate_public_ip_address": True})
    + resource("aws_launch_template.six", network_interfaces={"ipv6_address_count": 1})
    + resource("aws_launch_template.none", vpc_security_group_ids=["aws_security_group.g.id"])
    + UNKNOWN
)


def tasks(subnet: str = "s", **more: Any) -> dict[str, Any]:
    """Where tasks stand."""
    return {"subnets": [f"aws_subnet.{subnet}.id"], "security_groups": ["aws_security_group.g.id"], **more}


def state_machine(network: dict[str, Any]) -> str:
    """A state machine that runs a task."""
    states = {"Run": {"Type": "Task", "Parameters": {"NetworkConfiguration": {"AwsvpcConfiguration": network}}}}
    text = json.dumps({"StartAt": "Run", "States": states}).replace('"aws_subnet.s.id"', "aws_subnet.s.id")
    return f'resource "aws_sfn_state_machine" "x" {{\ndefinition = jsonencode({text})\n}}\n'


def nodes(subnet: str = "s", **more: Any) -> str:
    """A group of EKS nodes."""
    return resource("aws_eks_node_group.x", cluster_name="k", subnet_ids=[f"aws_subnet.{subnet}.id"], **more)


def batch(kind: str, **more: Any) -> str:
    """A compute environment."""
    resources = {"type": kind, "subnets": ["aws_subnet.s.id"], "security_group_ids": [], **more}
    return resource("aws_batch_compute_environment.x", compute_resources=resources)


def job(assign: str) -> str:
    """A definition of jobs on Fargate."""
    properties = json.dumps({"networkConfiguration": {"assignPublicIp": assign}})
    return resource("aws_batch_job_definition.j", name="j", type="container", container_properties=properties)


def the_node(network: ReadHcl, main: str) -> Node:
    """The only node."""
    (node,) = network(VPC + main).nodes.values()
    return node


@pytest.mark.parametrize(
    ("main", "is_public"),
    [
        (resource("aws_ecs_service.x", network_configuration=tasks(assign_public_ip=True)), True),
        (resource("aws_ecs_service.x", network_configuration=tasks("open")), False),
        (resource("aws_ecs_task_set.x", network_configuration=tasks(assign_public_ip=True)), True),
        (resource("aws_ecs_task_set.x", network_configuration=tasks(assign_public_ip="var.unknown")), True),
        (
            resource(
                "aws_cloudwatch_event_target.x", ecs_target={"network_configuration": tasks(assign_public_ip=True)}
            ),
            True,
        ),
        (resource("aws_cloudwatch_event_target.x", ecs_target={"network_configuration": tasks()}), False),
        (
            resource(
                "aws_scheduler_schedule.x",
                target={"ecs_parameters": {"network_configuration": tasks(assign_public_ip=True)}},
            ),
            True,
        ),
        (
            resource(
                "aws_pipes_pipe.x",
                source="arn:aws:sqs:eu-central-1:1:q",
                target_parameters={
                    "ecs_task_parameters": {
                        "network_configuration": {"aws_vpc_configuration": tasks(assign_public_ip="ENABLED")}
                    }
                },
            ),
            True,
        ),
        (state_machine({"Subnets": ["aws_subnet.s.id"], "AssignPublicIp": "ENABLED"}), True),
        (state_machine({"Subnets": ["aws_subnet.s.id"], "AssignPublicIp": "DISABLED"}), False),
        (state_machine({"Subnets": ["aws_subnet.s.id"], "AssignPublicIp.$": "$.public"}), True),
        (nodes(), False),
        (nodes("open"), True),
        (nodes(launch_template={"id": "aws_launch_template.public.id", "version": "1"}), True),
        (nodes(launch_template={"name": "aws_launch_template.none.name", "version": "1"}), False),
        (nodes(launch_template={"id": "var.unknown", "version": "1"}), True),
        (batch("EC2"), False),
        (batch("EC2", launch_template={"launch_template_id": "aws_launch_template.public.id"}), True),
        (batch("FARGATE") + job("ENABLED"), True),
        (batch("FARGATE") + job("DISABLED"), False),
        (batch("FARGATE"), True),
        (resource("aws_workspaces_directory.x", subnet_ids=["aws_subnet.s.id"]), False),
        (
            resource(
                "aws_workspaces_directory.x",
                subnet_ids=["aws_subnet.s.id"],
                workspace_creation_properties={"enable_internet_access": True},
            ),
            True,
        ),
        (resource("aws_lb.x", subnets=["aws_subnet.s.id"]), True),
        (resource("aws_lb.x", subnets=["aws_subnet.s.id"], ip_address_type="dualstack-without-public-ipv4"), False),
        (
            resource(
                "aws_elastic_beanstalk_environment.x",
                setting={"namespace": "aws:ec2:vpc", "name": "Subnets", "value": "aws_subnet.s.id"},
            ),
            True,
        ),
        (
            resource(
                "aws_elastic_beanstalk_environment.x",
                setting=[
                    {"namespace": "aws:ec2:vpc", "name": "Subnets", "value": "aws_subnet.s.id"},
                    {"namespace": "aws:ec2:vpc", "name": "ELBScheme", "value": "internal"},
                ],
            ),
            False,
        ),
    ],
)
def test_public_ipv4_addresses(network: ReadHcl, main: str, is_public: bool) -> None:
    assert the_node(network, main).is_public is is_public


SETTING = resource("aws_ecs_account_setting_default.d", name="dualStackIPv6", value="enabled")


@pytest.mark.parametrize(
    ("main", "has_ipv6"),
    [
        (resource("aws_ecs_service.x", network_configuration=tasks("six")), True),
        (resource("aws_ecs_service.x", network_configuration=tasks("s")), False),
        (resource("aws_ecs_service.x", network_configuration=tasks("six")) + SETTING, True),
        (
            resource("aws_ecs_service.x", network_configuration=tasks("six")) + SETTING.replace("enabled", "disabled"),
            False,
        ),
        (nodes("given"), True),
        (nodes("six"), False),
        (nodes("six", launch_template={"id": "aws_launch_template.six.id"}), True),
        (
            resource("aws_lambda_function.x", vpc_config={"subnet_ids": ["aws_subnet.six.id"]}),
            False,
        ),
        (
            resource(
                "aws_lambda_function.x",
                vpc_config={"subnet_ids": ["aws_subnet.six.id"], "ipv6_allowed_for_dual_stack": True},
            ),
            True,
        ),
        (resource("aws_db_instance.x", db_subnet_group_name="d", network_type="IPV4"), False),
        (resource("aws_lb.x", subnets=["aws_subnet.six.id"], ip_address_type="dualstack"), True),
    ],
)
def test_ipv6_addresses(network: ReadHcl, main: str, has_ipv6: bool) -> None:
    group = resource("aws_db_subnet_group.d", name="d", subnet_ids=["aws_subnet.six.id"])
    assert the_node(network, group + main).has_ipv6 is has_ipv6


def test_that_a_setting_of_the_account_is_not_known_is_assumed(network: ReadHcl) -> None:
    main = resource("aws_ecs_service.x", network_configuration=tasks("six"))
    text = "aws_ecs_service.x: whether the account's setting dualStackIPv6 is on is not known: its tasks have IPv6"
    assert assumed(network(VPC + main)) == [text]
    assert assumed(network(VPC + main + SETTING)) == []


def test_a_pipe_that_polls_a_cluster_has_tasks_of_its_own(network: ReadHcl) -> None:
    node = {"client_subnets": ["aws_subnet.s.id"], "security_groups": ["aws_security_group.g.id"]}
    parameters = {"ecs_task_parameters": {"network_configuration": {"aws_vpc_configuration": tasks("open")}}}
    found = network(
        VPC
        + resource("aws_msk_cluster.m", broker_node_group_info=node)
        + resource("aws_pipes_pipe.x", source="aws_msk_cluster.m.arn", target_parameters=parameters)
    )
    places = {key: [subnet.key for subnet in node.subnets] for key, node in found.nodes.items()}
    assert places["aws_pipes_pipe.x"] == ["aws_subnet.s"]
    assert places["aws_pipes_pipe.x/tasks"] == ["aws_subnet.open"]
    assert found.nodes["aws_pipes_pipe.x/tasks"].listens is None


def test_a_directory_has_a_group_that_aws_makes(network: ReadHcl) -> None:
    main = resource("aws_directory_service_directory.x", vpc_settings={"subnet_ids": ["aws_subnet.s.id"]})
    (text,) = assumed(network(VPC + main))
    assert "that AWS makes for aws_directory_service_directory.x is not declared here: as if it let" in text
