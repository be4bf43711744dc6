"""Who is registered with target groups and classic load balancers, by every way of registering."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.hcl import NETWORK, SERVER, UNKNOWN, resource
from tests.support.reachability_text import assumed, forwards
from tests.support.reading import ReadHcl

BALANCER = (
    NETWORK
    + UNKNOWN
    + resource("aws_lb.b", subnets=["aws_subnet.s.id"])
    + resource("aws_lb_target_group.t", name="t", port=8080, protocol="HTTP", vpc_id="aws_vpc.v.id")
    + resource(
        "aws_lb_listener.l",
        load_balancer_arn="aws_lb.b.arn",
        port=80,
        default_action={"type": "forward", "target_group_arn": "aws_lb_target_group.t.arn"},
    )
)
CLASSIC = NETWORK + resource(
    "aws_elb.c", name="c", subnets=["aws_subnet.s.id"], listener={"lb_port": 80, "instance_port": 8080}
)
NODES = resource("aws_eks_node_group.n", cluster_name="k", subnet_ids=["aws_subnet.s.id"])
TEMPLATE = resource("aws_launch_template.n", name="n")
FLEET = TEMPLATE + resource(
    "aws_autoscaling_group.g",
    vpc_zone_identifier=["aws_subnet.s.id"],
    launch_template={"id": "aws_launch_template.n.id"},
)
SPOT = {
    "launch_template_config": {
        "launch_template_specification": {"id": "aws_launch_template.n.id", "version": "1"},
        "overrides": {"subnet_id": "aws_subnet.s.id"},
    }
}
ENDPOINT = resource(
    "aws_vpc_endpoint.e",
    vpc_id="aws_vpc.v.id",
    service_name="com.amazonaws.eu-central-1.execute-api",
    vpc_endpoint_type="Interface",
    subnet_ids=["aws_subnet.s.id"],
)


def attached(target: str, **more: Any) -> str:
    """A target of the group."""
    arguments = {"target_group_arn": "aws_lb_target_group.t.arn", "target_id": target, **more}
    return resource("aws_lb_target_group_attachment.a", **arguments)


def raw(main: str, **values: str) -> str:
    """HCL in which words in capitals stand for expressions."""
    for word, expression in values.items():
        main = main.replace(f'"{word}"', expression)
    return main


def service(mappings: Any, mode: str = "bridge", **more: Any) -> str:
    """A service of ECS with one container that listens on port 80."""
    definitions = json.dumps([{"name": "c", "image": "i", "portMappings": mappings}])
    balancer = {"target_group_arn": "aws_lb_target_group.t.arn", "container_name": "c", "container_port": 80, **more}
    return resource(
        "aws_ecs_task_definition.d", family="d", network_mode=mode, container_definitions=definitions
    ) + resource("aws_ecs_service.s", name="s", task_definition="aws_ecs_task_definition.d.arn", load_balancer=balancer)


@pytest.mark.parametrize(
    ("main", "passed"),
    [
        (
            NODES
            + raw(
                resource(
                    "aws_autoscaling_attachment.a",
                    autoscaling_group_name="GROUP",
                    lb_target_group_arn="aws_lb_target_group.t.arn",
                ),
                GROUP="aws_eks_node_group.n.resources[0].autoscaling_groups[0].name",
            ),
            ["aws_eks_node_group.n tcp 8080"],
        ),
        (
            TEMPLATE + resource("aws_spot_fleet_request.f", target_group_arns=["aws_lb_target_group.t.arn"], **SPOT),
            ["aws_spot_fleet_request.f tcp 8080"],
        ),
        (
            FLEET
            + resource(
                "aws_autoscaling_traffic_source_attachment.a",
                autoscaling_group_name="aws_autoscaling_group.g.name",
                traffic_source={"identifier": "aws_lb_target_group.t.arn", "type": "elbv2"},
            ),
            ["aws_autoscaling_group.g tcp 8080"],
        ),
        (
            SERVER
            + resource("data.aws_instances.d", instance_tags={"Role": "app"})
            + raw(attached("IDS"), IDS="data.aws_instances.d.ids[0]"),
            ["aws_instance.i tcp 8080"],
        ),
        (
            SERVER
            + ENDPOINT
            + raw(
                'data "aws_network_interface" "d" {\nid = tolist(aws_vpc_endpoint.e.network_interface_ids)[0]\n}\n'
                + attached("data.aws_network_interface.d.private_ip")
            ),
            ["aws_vpc_endpoint.e tcp 8080"],
        ),
        (
            ENDPOINT + raw(attached("IP"), IP="[for s in aws_vpc_endpoint.e.subnet_configuration : s.ipv4][0]"),
            ["aws_vpc_endpoint.e tcp 8080"],
        ),
        (SERVER + attached("10.0.1.7", port=81), ["aws_instance.i tcp 81"]),
        (
            SERVER
            + 'data "dns_a_record_set" "d" {\nhost = "db"\n}\n'
            + raw(attached("IP"), IP="data.dns_a_record_set.d.addrs[0]"),
            ["aws_instance.i tcp 8080"],
        ),
        (
            FLEET + service([{"containerPort": 80, "hostPort": 0}]),
            ["aws_autoscaling_group.g tcp 32768-65535"],
        ),
        (FLEET + service([{"containerPort": 80}]), ["aws_autoscaling_group.g tcp 32768-65535"]),
        (FLEET + service([{"containerPort": 80, "hostPort": 8081}]), ["aws_autoscaling_group.g tcp 8081"]),
        (FLEET + service([{"containerPort": 80}], mode="host"), ["aws_autoscaling_group.g tcp 80"]),
        (
            FLEET + service([{"containerPort": 80}]).replace("aws_ecs_task_definition.d.arn", "var.unknown"),
            ["aws_autoscaling_group.g every tcp port"],
        ),
        (
            FLEET
            + service([{"containerPort": 80}], target_group_arn="aws_lb_target_group.other.arn")
            + resource("aws_lb_target_group.other", name="other", port=1)
            + resource(
                "aws_codedeploy_deployment_group.d",
                ecs_service={"cluster_name": "c", "service_name": "aws_ecs_service.s.name"},
                load_balancer_info={
                    "target_group_pair_info": {"target_group": [{"name": "aws_lb_target_group.t.name"}, {"name": "x"}]}
                },
            ),
            ["aws_autoscaling_group.g tcp 32768-65535"],
        ),
        (
            FLEET
            + resource(
                "aws_codedeploy_deployment_group.d",
                autoscaling_groups=["aws_autoscaling_group.g.name"],
                load_balancer_info={"target_group_info": {"name": "t"}},
            ),
            ["aws_autoscaling_group.g tcp 8080"],
        ),
    ],
)
def test_targets(network: ReadHcl, main: str, passed: list[str]) -> None:
    found = [each for each in forwards(network(BALANCER + main)) if each.startswith("aws_lb.b ")]
    assert found == [f"aws_lb.b tcp 80 -> {each}" for each in passed]


@pytest.mark.parametrize(
    ("main", "passed"),
    [
        (FLEET.replace("launch_template {", 'load_balancers = ["c"]\nlaunch_template {'), "aws_autoscaling_group.g"),
        (
            UNKNOWN + FLEET.replace("launch_template {", "load_balancers = [var.unknown]\nlaunch_template {"),
            "aws_autoscaling_group.g",
        ),
        (TEMPLATE + resource("aws_spot_fleet_request.f", load_balancers=["c"], **SPOT), "aws_spot_fleet_request.f"),
        (
            FLEET
            + service([{"containerPort": 80}]).replace(
                "target_group_arn = aws_lb_target_group.t.arn", "elb_name = aws_elb.c.name"
            ),
            "aws_autoscaling_group.g",
        ),
        (SERVER + resource("aws_elb_attachment.a", elb="c", instance="aws_instance.i.id"), "aws_instance.i"),
        (
            SERVER
            + resource("data.aws_instance.d", instance_tags={"Role": "app"})
            + resource("aws_elb_attachment.a", elb="aws_elb.c.id", instance="data.aws_instance.d.id"),
            "aws_instance.i",
        ),
    ],
)
def test_targets_of_classic_load_balancers(network: ReadHcl, main: str, passed: str) -> None:
    assert forwards(network(CLASSIC + main)) == [f"aws_elb.c tcp 80 -> {passed} tcp 8080"]


def test_hosts_of_a_capacity_provider_are_known(network: ReadHcl) -> None:
    provider = resource(
        "aws_ecs_capacity_provider.p",
        name="p",
        auto_scaling_group_provider={"auto_scaling_group_arn": "aws_autoscaling_group.g.arn"},
    )
    strategy = "capacity_provider_strategy {\ncapacity_provider = aws_ecs_capacity_provider.p.name\n}\nload_balancer {"
    main = service([{"containerPort": 80, "hostPort": 8081}]).replace("load_balancer {", strategy)
    found = network(BALANCER + SERVER + FLEET + provider + main)
    assert forwards(found) == ["aws_lb.b tcp 80 -> aws_autoscaling_group.g tcp 8081"]
    assert assumed(found) == []


def test_a_load_balancer_that_is_looked_up_may_be_a_declared_one(network: ReadHcl) -> None:
    main = BALANCER.replace("aws_lb.b.arn", "data.aws_lb.d.arn") + SERVER + attached("aws_instance.i.id")
    named = resource("data.aws_lb.d", name="b") + main.replace('"aws_lb" "b" {', '"aws_lb" "b" {\nname = "b"')
    assert forwards(network(named)) == ["aws_lb.b tcp 80 -> aws_instance.i tcp 8080"]
    other = resource("data.aws_lb.d", name="other") + main.replace('"aws_lb" "b" {', '"aws_lb" "b" {\nname = "b"')
    assert forwards(network(other)) == ["data.aws_lb.d tcp 80 -> aws_instance.i tcp 8080"]
    by_tag = resource("data.aws_lb.d", tags={"a": "b"}) + main
    assert forwards(network(by_tag)) == [
        "aws_lb.b tcp 80 -> aws_instance.i tcp 8080",
        "data.aws_lb.d tcp 80 -> aws_instance.i tcp 8080",
    ]
