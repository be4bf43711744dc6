"""VPC Lattice: who is led to the targets of services, and to resources."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.hcl import NETWORK, resource
from tests.support.reachability_text import forwards, reached
from tests.support.reading import ReadHcl

ANYBODY = {"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}
BASE = (
    NETWORK
    + resource("aws_vpc.c", cidr_block="10.1.0.0/16")
    + resource("aws_subnet.c", vpc_id="aws_vpc.c.id", cidr_block="10.1.1.0/24")
    + resource("aws_security_group.c", vpc_id="aws_vpc.c.id", egress=ANYBODY, ingress=ANYBODY)
    + resource("aws_security_group.v", vpc_id="aws_vpc.v.id", egress=ANYBODY, ingress=ANYBODY)
    + resource("aws_instance.client", subnet_id="aws_subnet.c.id", vpc_security_group_ids=["aws_security_group.c.id"])
    + resource("aws_vpclattice_service_network.n", name="n")
    + resource("aws_vpclattice_service_network.other", name="other")
    + resource("aws_vpclattice_service.s", name="s")
    + resource(
        "aws_vpclattice_service_network_service_association.a",
        service_identifier="aws_vpclattice_service.s.id",
        service_network_identifier="aws_vpclattice_service_network.n.id",
    )
    + resource("aws_vpclattice_target_group.t", name="t", type="INSTANCE", config={"port": 8080})
    + resource(
        "aws_vpclattice_listener.l",
        port=8000,
        protocol="HTTP",
        service_identifier="aws_vpclattice_service.s.id",
        default_action={"forward": {"target_groups": {"target_group_identifier": "aws_vpclattice_target_group.t.id"}}},
    )
)
FLEET = resource("aws_launch_template.t", vpc_security_group_ids=["aws_security_group.v.id"]) + resource(
    "aws_autoscaling_group.app",
    vpc_zone_identifier=["aws_subnet.s.id"],
    launch_template={"id": "aws_launch_template.t.id"},
    traffic_source={"identifier": "aws_vpclattice_target_group.t.arn", "type": "vpc-lattice"},
)
TASKS = resource(
    "aws_ecs_service.app",
    network_configuration={"subnets": ["aws_subnet.s.id"], "security_groups": ["aws_security_group.v.id"]},
    vpc_lattice_configurations={"target_group_arn": "aws_vpclattice_target_group.t.arn", "port_name": "http"},
)


def association(network: str = "n", **more: Any) -> str:
    """The client's VPC in a service network."""
    return resource(
        "aws_vpclattice_service_network_vpc_association.w",
        vpc_identifier="aws_vpc.c.id",
        service_network_identifier=f"aws_vpclattice_service_network.{network}.id",
        **more,
    )


@pytest.mark.parametrize(("targets", "ports"), [(FLEET, "tcp 8080"), (TASKS, "every tcp port")])
def test_clients_of_an_associated_vpc_reach_targets(network: ReadHcl, targets: str, ports: str) -> None:
    found = network(BASE + targets + association())
    assert f"client -> app: {ports}" in reached(found, of="client")
    assert [each.partition(" -> ")[0] for each in forwards(found)] == [
        "aws_vpclattice_service_network_vpc_association.w tcp 8000"
    ]


def test_another_service_network_leads_nowhere(network: ReadHcl) -> None:
    assert forwards(network(BASE + FLEET + association("other"))) == []


def test_groups_of_an_association_guard_it(network: ReadHcl) -> None:
    guard = resource("aws_security_group.g", vpc_id="aws_vpc.c.id")
    main = association(security_group_ids=["aws_security_group.g.id"])
    assert [each for each in reached(network(BASE + guard + FLEET + main), of="client") if "app" in each] == []


def test_an_endpoint_of_a_service_network(network: ReadHcl) -> None:
    endpoint = resource(
        "aws_vpc_endpoint.e",
        vpc_id="aws_vpc.c.id",
        vpc_endpoint_type="ServiceNetwork",
        service_network_arn="aws_vpclattice_service_network.n.arn",
        subnet_ids=["aws_subnet.c.id"],
        security_group_ids=["aws_security_group.c.id"],
    )
    assert "client -> app: tcp 8080" in reached(network(BASE + FLEET + endpoint), of="client")


RESOURCES = (
    BASE
    + resource("aws_db_subnet_group.d", name="d", subnet_ids=["aws_subnet.s.id"])
    + resource("aws_db_instance.db", db_subnet_group_name="d", vpc_security_group_ids=["aws_security_group.v.id"])
    + resource(
        "aws_vpclattice_resource_gateway.g",
        vpc_id="aws_vpc.v.id",
        subnet_ids=["aws_subnet.s.id"],
        security_group_ids=["aws_security_group.v.id"],
    )
    + resource(
        "aws_vpclattice_resource_configuration.r",
        resource_gateway_identifier="aws_vpclattice_resource_gateway.g.id",
        port_ranges=["5432", "6000-6010"],
        resource_configuration_definition={"dns_resource": {"domain_name": "aws_db_instance.db.address"}},
    )
)


@pytest.mark.parametrize(
    "way",
    [
        resource(
            "aws_vpc_endpoint.e",
            vpc_id="aws_vpc.c.id",
            vpc_endpoint_type="Resource",
            resource_configuration_arn="aws_vpclattice_resource_configuration.r.arn",
            subnet_ids=["aws_subnet.c.id"],
            security_group_ids=["aws_security_group.c.id"],
        ),
        association()
        + resource(
            "aws_vpclattice_service_network_resource_association.r",
            resource_configuration_identifier="aws_vpclattice_resource_configuration.r.id",
            service_network_identifier="aws_vpclattice_service_network.n.id",
        ),
    ],
    ids=["endpoint", "service network"],
)
def test_resources_are_reached_through_their_gateway(network: ReadHcl, way: str) -> None:
    found = network(RESOURCES + way)
    assert "client -> db: tcp 5432, 6000-6010" in reached(found, of="client")
    closed = network((RESOURCES + way).replace('"aws_vpclattice_resource_gateway" "g" {', '"aws_x" "g" {'))
    assert [each for each in reached(closed, of="client") if "-> db" in each] == []


def test_a_resource_that_is_not_known_is_any_of_the_vpc(network: ReadHcl) -> None:
    main = RESOURCES.replace("aws_db_instance.db.address", '"db.example.com"') + association()
    main += resource(
        "aws_vpclattice_service_network_resource_association.r",
        resource_configuration_identifier="aws_vpclattice_resource_configuration.r.id",
        service_network_identifier="aws_vpclattice_service_network.n.id",
    )
    assert "client -> db: tcp 5432, 6000-6010" in reached(network(main), of="client")
