"""Ways into a VPC that AWS carries itself."""

from __future__ import annotations

import pytest

from tests.support.hcl import NETWORK, resource
from tests.support.reachability_text import assumed, forwards, reached
from tests.support.reading import ReadHcl

ANY_TCP = {"from_port": 0, "to_port": 65535, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
VPC = (
    NETWORK
    + resource("aws_security_group.open", vpc_id="aws_vpc.v.id", ingress=ANY_TCP, egress=ANY_TCP)
    + resource("aws_lb.b", internal=True, subnets=["aws_subnet.s.id"], security_groups=["aws_security_group.open.id"])
    + resource(
        "aws_lb_listener.l",
        load_balancer_arn="aws_lb.b.arn",
        port=8080,
        protocol="HTTP",
        default_action={"type": "fixed-response", "fixed_response": {"content_type": "text/plain"}},
    )
    + resource(
        "aws_instance.client", subnet_id="aws_subnet.s.id", vpc_security_group_ids=["aws_security_group.open.id"]
    )
)
TAKEN = "what it asks of its callers is not looked at: as if it were open"


def test_nothing_of_it_is_reached_otherwise(network: ReadHcl) -> None:
    assert reached(network(VPC), of="internet") == []


@pytest.mark.parametrize(
    ("main", "way", "passed"),
    [
        (
            resource(
                "aws_cloudfront_vpc_origin.w",
                vpc_origin_endpoint_config={
                    "name": "w",
                    "arn": "aws_lb.b.arn",
                    "http_port": 8080,
                    "https_port": 8443,
                    "origin_protocol_policy": "http-only",
                },
            ),
            "aws_cloudfront_vpc_origin.w",
            "tcp 80, 443 -> aws_lb.b tcp 8080, 8443",
        ),
        (
            resource(
                "aws_apigatewayv2_integration.w",
                api_id="api",
                integration_type="HTTP_PROXY",
                connection_type="VPC_LINK",
                connection_id="link",
                integration_uri="aws_lb_listener.l.arn",
            ),
            "aws_apigatewayv2_integration.w",
            "tcp 443 -> aws_lb.b tcp 8080",
        ),
        (
            (
                resource(
                    "aws_globalaccelerator_listener.l",
                    accelerator_arn="arn",
                    protocol="TCP",
                    port_range={"from_port": 80, "to_port": 80},
                )
                + resource(
                    "aws_globalaccelerator_endpoint_group.w",
                    listener_arn="aws_globalaccelerator_listener.l.arn",
                    endpoint_configuration={"endpoint_id": "aws_lb.b.arn"},
                    port_override={"listener_port": 80, "endpoint_port": 8080},
                )
            ),
            "aws_globalaccelerator_endpoint_group.w",
            "tcp 80 -> aws_lb.b tcp 8080",
        ),
    ],
    ids=["CloudFront", "API Gateway", "Global Accelerator"],
)
def test_ways_in_from_the_internet(network: ReadHcl, main: str, way: str, passed: str) -> None:
    found = network(VPC + main)
    assert forwards(found) == [f"{way} {passed}"]
    assert [each.partition(": ")[0] for each in reached(found, of="internet")] == ["internet -> b", "internet -> w"]
    assert assumed(found) == [f"{way}: {TAKEN}"]


def test_lattice_reaches_from_every_vpc_that_is_associated(network: ReadHcl) -> None:
    found = network(
        VPC
        + resource(
            "aws_vpclattice_service_network_vpc_association.w",
            vpc_identifier="aws_vpc.v.id",
            service_network_identifier="sn-1",
        )
        + resource(
            "aws_vpclattice_target_group_attachment.t",
            target_group_identifier="tg-1",
            target={"id": "aws_lb.b.arn", "port": 8080},
        )
    )
    assert forwards(found) == ["aws_vpclattice_service_network_vpc_association.w tcp 80, 443 -> aws_lb.b tcp 8080"]
    assert "client -> w: tcp 80, 443" in reached(found, of="client")
    assert reached(found, of="internet") == []
