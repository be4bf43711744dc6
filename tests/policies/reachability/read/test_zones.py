"""Zones of load balancers, families of their addresses, their groups behind endpoints, their ACLs."""

from __future__ import annotations

from typing import Any

import pytest

from policies.reachability import traffic
from policies.reachability.analysis import answer
from policies.reachability.explain import blockers
from tests.support.hcl import UNKNOWN, resource
from tests.support.reachability_text import reached
from tests.support.reading import ReadHcl

ANYBODY = {"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}
VPC = (
    resource("aws_vpc.v", cidr_block="10.0.0.0/16")
    + resource("aws_subnet.a", vpc_id="aws_vpc.v.id", cidr_block="10.0.1.0/24", availability_zone="a")
    + resource("aws_subnet.a2", vpc_id="aws_vpc.v.id", cidr_block="10.0.2.0/24", availability_zone="a")
    + resource("aws_subnet.b", vpc_id="aws_vpc.v.id", cidr_block="10.0.3.0/24", availability_zone="b")
    + resource("aws_subnet.x", vpc_id="aws_vpc.v.id", cidr_block="10.0.4.0/24", availability_zone="var.unknown")
    + resource("aws_security_group.open", vpc_id="aws_vpc.v.id", ingress=ANYBODY, egress=ANYBODY)
    + UNKNOWN
)


def balanced(subnets: str, target: str, kind: str = "network", **more: Any) -> str:
    """A load balancer in some subnets with one target in another, and a client."""
    groups = {"vpc_security_group_ids": ["aws_security_group.open.id"]}
    return (
        VPC
        + resource("aws_instance.client", subnet_id="aws_subnet.a.id", **groups)
        + resource("aws_instance.app", subnet_id=f"aws_subnet.{target}.id", **groups)
        + resource(
            "aws_lb.b",
            internal=True,
            load_balancer_type=kind,
            subnets=[f"aws_subnet.{each}.id" for each in subnets.split()],
            security_groups=["aws_security_group.open.id"],
            **more,
        )
        + resource("aws_lb_target_group.t", port=81, protocol="TCP" if kind == "network" else "HTTP")
        + resource(
            "aws_lb_listener.l",
            load_balancer_arn="aws_lb.b.arn",
            port=80,
            protocol="TCP" if kind == "network" else "HTTP",
            default_action={"type": "forward", "target_group_arn": "aws_lb_target_group.t.arn"},
        )
        + resource(
            "aws_lb_target_group_attachment.a",
            target_group_arn="aws_lb_target_group.t.arn",
            target_id="aws_instance.app.id",
        )
    )


def passes(network: ReadHcl, main: str) -> bool:
    """Whether the load balancer passes something on."""
    found = network(main)
    return any(path for path in answer(found, "aws_instance.client", "aws_instance.app").paths if path.forwards)


@pytest.mark.parametrize(
    ("subnets", "target", "is_passed_on"),
    [("a", "a", True), ("a", "a2", True), ("a", "b", False), ("a b", "b", True), ("a", "x", True), ("x", "b", True)],
)
@pytest.mark.parametrize("kind", ["network", "application"])
def test_only_targets_in_zones_that_it_is_enabled_in(
    network: ReadHcl, subnets: str, target: str, is_passed_on: bool, kind: str
) -> None:
    assert passes(network, balanced(subnets, target, kind)) is is_passed_on


@pytest.mark.parametrize(
    ("more", "group", "is_passed_on"),
    [
        ({}, {}, False),
        ({"enable_cross_zone_load_balancing": True}, {}, True),
        ({"enable_cross_zone_load_balancing": "var.unknown"}, {}, True),
        ({}, {"load_balancing_cross_zone_enabled": "true"}, True),
    ],
)
def test_between_zones_only_where_it_is_cross_zone(
    network: ReadHcl, more: dict[str, Any], group: dict[str, str], is_passed_on: bool
) -> None:
    """The client does not reach the load balancer's address in the target's zone."""
    main = balanced("a b", "b", **more).replace(
        "port = 81", "port = 81" + "".join(f'\n{k} = "{v}"' for k, v in group.items())
    )
    rule = {"action": "allow", "protocol": "-1", "from_port": 0, "to_port": 0}
    ingress = [
        {
            **rule,
            "rule_no": 1,
            "action": "deny",
            "protocol": "tcp",
            "cidr_block": "10.0.1.0/24",
            "from_port": 80,
            "to_port": 80,
        },
        {**rule, "rule_no": 2, "cidr_block": "0.0.0.0/0"},
    ]
    acl = resource(
        "aws_network_acl.n",
        vpc_id="aws_vpc.v.id",
        subnet_ids=["aws_subnet.b.id"],
        ingress=ingress,
        egress=[{**rule, "rule_no": 1, "cidr_block": "0.0.0.0/0"}],
    )
    assert passes(network, main + acl) is is_passed_on


def test_a_no_says_that_it_is_the_zone(network: ReadHcl) -> None:
    main = balanced("a", "b") + resource(
        "aws_security_group.lb", vpc_id="aws_vpc.v.id", ingress=ANYBODY, egress=ANYBODY
    )
    closed = {"from_port": 81, "to_port": 81, "protocol": "tcp", "security_groups": ["aws_security_group.lb.id"]}
    main += resource("aws_security_group.app", vpc_id="aws_vpc.v.id", ingress=closed)
    main = main.replace(
        "security_groups = [aws_security_group.open.id]", "security_groups = [aws_security_group.lb.id]"
    )
    where = "subnet_id = aws_subnet.b.id\nvpc_security_group_ids = [aws_security_group."
    reply = answer(network(main.replace(f"{where}open", f"{where}app")), "aws_instance.client", "aws_instance.app")
    assert not reply
    assert "zones of b" in [each.place for each in blockers(reply)]


def test_ipv6_clients_reach_ipv4_targets(network: ReadHcl) -> None:
    six = "ipv6_cidr_block = cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 1)\n"
    everything = {"from_port": 0, "to_port": 0, "protocol": "-1", "ipv6_cidr_blocks": ["::/0"]}
    main = balanced("a", "a2", "application", ip_address_type="dualstack").replace(
        "internal = true", "internal = false"
    )
    main = main.replace(
        'cidr_block = "10.0.0.0/16"', 'cidr_block = "10.0.0.0/16"\nassign_generated_ipv6_cidr_block = true'
    )
    main = main.replace('cidr_block = "10.0.1.0/24"', f'cidr_block = "10.0.1.0/24"\n{six}')
    main = main.replace(
        "security_groups = [aws_security_group.open.id]", "security_groups = [aws_security_group.six.id]"
    )
    main += resource("aws_security_group.six", vpc_id="aws_vpc.v.id", ingress=everything, egress=ANYBODY)
    main += resource("aws_internet_gateway.i", vpc_id="aws_vpc.v.id") + resource(
        "aws_route_table.r",
        vpc_id="aws_vpc.v.id",
        route={"ipv6_cidr_block": "::/0", "gateway_id": "aws_internet_gateway.i.id"},
    )
    main += resource(
        "aws_route_table_association.r", subnet_id="aws_subnet.a.id", route_table_id="aws_route_table.r.id"
    )
    assert reached(network(main), of="internet") == ["internet -> app: tcp 81", "internet -> b: tcp 80"]


def linked(enforced: str, allowed: str) -> str:
    """A service behind a network load balancer whose group lets one network in, and an endpoint of it elsewhere."""
    rule = {"from_port": 80, "to_port": 80, "protocol": "tcp", "cidr_blocks": [allowed]}
    main = balanced("a", "a", enforce_security_group_inbound_rules_on_private_link_traffic=enforced)
    main = main.replace(
        "security_groups = [aws_security_group.open.id]", "security_groups = [aws_security_group.lb.id]"
    )
    return (
        main
        + resource("aws_security_group.lb", vpc_id="aws_vpc.v.id", ingress=rule, egress=ANYBODY)
        + resource("aws_vpc_endpoint_service.s", network_load_balancer_arns=["aws_lb.b.arn"])
        + resource("aws_vpc.c", cidr_block="10.9.0.0/16")
        + resource("aws_subnet.c", vpc_id="aws_vpc.c.id", cidr_block="10.9.1.0/24")
        + resource("aws_security_group.c", vpc_id="aws_vpc.c.id", ingress=ANYBODY, egress=ANYBODY)
        + resource("aws_instance.far", subnet_id="aws_subnet.c.id", vpc_security_group_ids=["aws_security_group.c.id"])
        + resource(
            "aws_vpc_endpoint.e",
            vpc_id="aws_vpc.c.id",
            service_name="aws_vpc_endpoint_service.s.service_name",
            vpc_endpoint_type="Interface",
            subnet_ids=["aws_subnet.c.id"],
            security_group_ids=["aws_security_group.c.id"],
        )
    )


@pytest.mark.parametrize(
    ("enforced", "allowed", "is_reached"),
    [("on", "10.9.0.0/16", True), ("on", "10.8.0.0/16", False), ("off", "10.8.0.0/16", True)],
)
def test_groups_look_at_what_endpoints_bring(network: ReadHcl, enforced: str, allowed: str, is_reached: bool) -> None:
    found = network(linked(enforced, allowed))
    reply = answer(found, "aws_instance.far", "aws_instance.app")
    assert bool(reply) is is_reached
    if not is_reached:
        assert any(each.place.startswith("security groups") and each.target == "b" for each in blockers(reply))


def test_interface_endpoints_lead_to_services_that_are_ends(network: ReadHcl) -> None:
    groups = {"security_group_ids": ["aws_security_group.open.id"], "subnet_ids": ["aws_subnet.a.id"]}
    main = VPC + resource(
        "aws_instance.i", subnet_id="aws_subnet.a.id", vpc_security_group_ids=["aws_security_group.open.id"]
    )
    for service, ends in (("s3", ["s3"]), ("dynamodb", ["dynamodb"]), ("ssm", [])):
        endpoint = resource(
            "aws_vpc_endpoint.e",
            vpc_id="aws_vpc.v.id",
            vpc_endpoint_type="Interface",
            service_name=f"com.amazonaws.eu-central-1.{service}",
            **groups,
        )
        assert [each for each in reached(network(main + endpoint), of="i") if "-> e" not in each] == [
            f"i -> {end}: tcp 80, 443" for end in ends
        ]


@pytest.mark.parametrize(("port", "is_reached"), [(8080, True), (8081, False)])
def test_a_classic_load_balancer_meets_its_acl_inside_the_subnet(network: ReadHcl, port: int, is_reached: bool) -> None:
    rule = {"action": "allow", "from_port": 0, "to_port": 0, "protocol": "-1", "cidr_block": "0.0.0.0/0"}
    out = {
        "rule_no": 1,
        "action": "deny",
        "protocol": "tcp",
        "cidr_block": "0.0.0.0/0",
        "from_port": 8081,
        "to_port": 8081,
    }
    main = (
        VPC
        + resource(
            "aws_network_acl.n",
            vpc_id="aws_vpc.v.id",
            subnet_ids=["aws_subnet.a.id"],
            ingress={**rule, "rule_no": 1},
            egress=[out, {**rule, "rule_no": 2}],
        )
        + resource(
            "aws_instance.app", subnet_id="aws_subnet.a.id", vpc_security_group_ids=["aws_security_group.open.id"]
        )
        + resource(
            "aws_elb.c",
            internal=True,
            subnets=["aws_subnet.a.id"],
            security_groups=["aws_security_group.open.id"],
            instances=["aws_instance.app.id"],
            listener={"lb_port": 80, "instance_port": port},
        )
    )
    reply = answer(network(main), "aws_elb.c", "aws_instance.app", traffic.tcp(port))
    assert bool(reply) is is_reached
