"""Ways into a VPC that AWS carries itself."""

from __future__ import annotations

import pytest

from policies.reachability.analysis import answer
from policies.reachability.explain import blockers, is_assumed, witness
from tests.support.hcl import NETWORK, UNKNOWN, resource
from tests.support.reachability_text import assumed, forwards, reached
from tests.support.reading import ReadHcl

ANY_TCP = {"from_port": 0, "to_port": 65535, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
GATEWAY = resource("aws_internet_gateway.g", vpc_id="aws_vpc.v.id")
VPC = (
    NETWORK
    + GATEWAY
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
            "tcp 80 -> aws_lb.b tcp 8080 kept",
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


def guarded(*rules: str, **lets_in: list[str]) -> str:
    """The network with a group around the load balancer that lets in some networks, or what rules of its own say."""
    group = resource(
        "aws_security_group.lb",
        vpc_id="aws_vpc.v.id",
        ingress=[{**ANY_TCP, "cidr_blocks": [], **lets_in}] if lets_in else [],
        egress=ANY_TCP,
    )
    guarded = VPC.replace(
        "security_groups = [aws_security_group.open.id]", "security_groups = [aws_security_group.lb.id]"
    )
    return guarded + group + "".join(rules)


ACCELERATOR = resource(
    "aws_globalaccelerator_endpoint_group.w", listener_arn="arn", endpoint_configuration={"endpoint_id": "aws_lb.b.arn"}
)
ORIGIN = resource(
    "aws_cloudfront_vpc_origin.w",
    vpc_origin_endpoint_config={"name": "w", "arn": "aws_lb.b.arn", "http_port": 8080, "https_port": 8443},
)
CLOUDFRONT = resource("data.aws_ec2_managed_prefix_list.c", name="com.amazonaws.global.cloudfront.origin-facing")
SERVICE_GROUP = resource("data.aws_security_group.c", name="CloudFront-VPCOrigins-Service-SG")
LINK = resource(
    "aws_apigatewayv2_vpc_link.k", subnet_ids=["aws_subnet.s.id"], security_group_ids=["aws_security_group.link.id"]
) + resource("aws_security_group.link", vpc_id="aws_vpc.v.id", egress=ANY_TCP)
INTEGRATION = resource(
    "aws_apigatewayv2_integration.w",
    api_id="api",
    connection_type="VPC_LINK",
    connection_id="aws_apigatewayv2_vpc_link.k.id",
    integration_uri="aws_lb_listener.l.arn",
)
FROM_LINK = resource(
    "aws_vpc_security_group_ingress_rule.r",
    security_group_id="aws_security_group.lb.id",
    ip_protocol="tcp",
    from_port=8080,
    to_port=8080,
    referenced_security_group_id="aws_security_group.link.id",
)


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        (guarded(ACCELERATOR), False),
        (guarded(ACCELERATOR, cidr_blocks=["10.0.0.0/8"]), False),
        (guarded(ACCELERATOR, cidr_blocks=["203.0.113.0/24"]), True),
        (guarded(ORIGIN), False),
        (guarded(ORIGIN, cidr_blocks=["10.9.0.0/16"]), False),
        (guarded(ORIGIN, cidr_blocks=["10.0.0.0/16"]), True),
        (guarded(CLOUDFRONT, ORIGIN, prefix_list_ids=["data.aws_ec2_managed_prefix_list.c.id"]), True),
        (guarded(SERVICE_GROUP, ORIGIN, security_groups=["data.aws_security_group.c.id"]), True),
        (guarded(LINK, INTEGRATION), False),
        (guarded(LINK, INTEGRATION, FROM_LINK), True),
        (guarded(INTEGRATION.replace("aws_apigatewayv2_vpc_link.k.id", '"k"')), False),
        (guarded(INTEGRATION.replace("aws_apigatewayv2_vpc_link.k.id", '"k"'), cidr_blocks=["10.7.0.0/16"]), True),
    ],
)
def test_the_groups_of_what_they_lead_to_decide(network: ReadHcl, main: str, *, expected: bool) -> None:
    found = answer(network(main), "internet", "aws_lb.b")
    assert bool(found) is expected
    assert bool(witness(found)) is expected
    assert bool(blockers(found)) is not expected


def test_a_link_that_lets_nothing_out_leads_nowhere(network: ReadHcl) -> None:
    shut = LINK.replace("0.0.0.0/0", "10.9.0.0/16")
    assert not answer(network(guarded(shut, INTEGRATION, FROM_LINK)), "internet", "aws_lb.b")


OLD_LINK = resource("aws_api_gateway_vpc_link.k", name="k", target_arns=["aws_lb.n.arn"])
NETWORK_BALANCER = (
    VPC
    + resource("aws_security_group.nlb", vpc_id="aws_vpc.v.id")
    + resource(
        "aws_lb.n",
        internal=True,
        load_balancer_type="network",
        subnets=["aws_subnet.s.id"],
        security_groups=["aws_security_group.nlb.id"],
    )
    + resource(
        "aws_lb_listener.n",
        load_balancer_arn="aws_lb.n.arn",
        port=80,
        protocol="TCP",
        default_action={"type": "forward", "target_group_arn": "aws_lb_target_group.n.arn"},
    )
    + resource("aws_lb_target_group.n", port=8080, protocol="TCP", vpc_id="aws_vpc.v.id")
)


def enforcing(value: str) -> str:
    """The network with a Network Load Balancer that has its groups look at what comes over PrivateLink, or not."""
    name = "enforce_security_group_inbound_rules_on_private_link_traffic"
    kind = 'load_balancer_type = "network"'
    return NETWORK_BALANCER.replace(kind, f'{kind}\n{name} = "{value}"')


@pytest.mark.parametrize(("enforced", "expected"), [("on", False), ("off", True)])
def test_a_link_of_a_rest_api_meets_enforced_groups(network: ReadHcl, enforced: str, *, expected: bool) -> None:
    assert bool(answer(network(enforcing(enforced) + OLD_LINK), "internet", "aws_lb.n")) is expected


@pytest.mark.parametrize(
    ("types", "from_internet", "from_client"),
    [(["PRIVATE"], False, True), (["REGIONAL"], True, False), ("var.unknown", True, True)],
)
def test_private_apis_are_for_endpoints(
    network: ReadHcl, types: object, *, from_internet: bool, from_client: bool
) -> None:
    main = (
        enforcing("off")
        + UNKNOWN
        + OLD_LINK
        + resource("aws_api_gateway_rest_api.a", name="a", endpoint_configuration={"types": types})
        + resource(
            "aws_api_gateway_integration.i",
            rest_api_id="aws_api_gateway_rest_api.a.id",
            connection_type="VPC_LINK",
            connection_id="aws_api_gateway_vpc_link.k.id",
        )
        + resource(
            "aws_vpc_endpoint.e",
            vpc_id="aws_vpc.v.id",
            service_name="com.amazonaws.eu-west-1.execute-api",
            vpc_endpoint_type="Interface",
            subnet_ids=["aws_subnet.s.id"],
            security_group_ids=["aws_security_group.open.id"],
        )
    )
    found = network(main)
    assert bool(answer(found, "internet", "aws_lb.n")) is from_internet
    assert bool(answer(found, "aws_vpc_endpoint.e", "aws_lb.n")) is False
    through = [path for path in answer(found, "aws_instance.client", "aws_lb.n").paths if path.forwards and path]
    assert bool(through) is from_client


def test_accelerators_of_other_accounts_lead_to_what_is_shared(network: ReadHcl) -> None:
    shared = resource(
        "aws_globalaccelerator_cross_account_attachment.a", name="a", resource={"endpoint_id": "aws_lb.b.arn"}
    )
    assert answer(network(VPC + shared), "internet", "aws_lb.b")
    assert not answer(network(guarded(shared)), "internet", "aws_lb.b")


@pytest.mark.parametrize("way", [ACCELERATOR, ORIGIN], ids=["Global Accelerator", "CloudFront"])
def test_the_vpc_needs_an_internet_gateway_and_no_route(network: ReadHcl, way: str) -> None:
    assert answer(network(VPC + way), "internet", "aws_lb.b")
    assert not answer(network((VPC + way).replace(GATEWAY, "")), "internet", "aws_lb.b")


def entries(**directions: str) -> str:
    """A network ACL around the subnet, which lets everything through in some directions."""
    everything = {"rule_no": 100, "action": "allow", "protocol": "-1", "from_port": 0, "to_port": 0}
    lets = {name: {**everything, "cidr_block": cidr} for name, cidr in directions.items()}
    return resource("aws_network_acl.n", vpc_id="aws_vpc.v.id", subnet_ids=["aws_subnet.s.id"], **lets)


@pytest.mark.parametrize(
    ("acl", "expected"),
    [
        (entries(egress="0.0.0.0/0"), True),
        (entries(ingress="0.0.0.0/0"), False),
        (entries(ingress="0.0.0.0/0", egress="10.0.0.0/8"), False),
    ],
)
def test_network_acls_look_at_the_answers_to_an_accelerator(network: ReadHcl, acl: str, *, expected: bool) -> None:
    assert bool(answer(network(VPC + ACCELERATOR + acl), "internet", "aws_lb.b")) is expected


@pytest.mark.parametrize("has_route", [True, False])
def test_an_accelerator_comes_to_an_elastic_address_over_the_internet(network: ReadHcl, *, has_route: bool) -> None:
    main = (
        VPC
        + resource("aws_eip.e", instance="aws_instance.client")
        + ACCELERATOR.replace("aws_lb.b.arn", "aws_eip.e.id")
        + resource(
            "aws_default_route_table.r",
            default_route_table_id="aws_vpc.v.default_route_table_id",
            route={"cidr_block": "0.0.0.0/0", "gateway_id": "aws_internet_gateway.g.id"} if has_route else [],
        )
    )
    assert bool(answer(network(main), "internet", "aws_instance.client")) is has_route


@pytest.mark.parametrize(
    ("lets_in", "expected"),
    [("10.0.0.0/8", False), ("169.254.171.0/24", True), ("0.0.0.0/0", True)],
)
def test_targets_of_lattice_let_its_addresses_in(network: ReadHcl, lets_in: str, *, expected: bool) -> None:
    main = (
        guarded(cidr_blocks=[lets_in])
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
    paths = answer(network(main), "aws_instance.client", "aws_lb.b").paths
    assert any(path for path in paths if path.forwards) is expected


def test_a_module_may_lead_to_what_it_is_given(network: ReadHcl) -> None:
    called = 'module "m" {\n  source = "example/m/aws"\n  listener = aws_lb_listener.l.arn\n}\n'
    found = answer(network(guarded(called)), "internet", "aws_lb.b")
    assert found
    assert is_assumed(found)
