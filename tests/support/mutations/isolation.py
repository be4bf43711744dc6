"""Sabotages of the network: addresses, routes, subnets, security groups, network ACLs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.mutation import Edit, Mutation, add, body, change, reference, remove, update

INGRESS = "aws_vpc_security_group_ingress_rule"
EGRESS = "aws_vpc_security_group_egress_rule"
ACL_RULE = "aws_network_acl_rule"
TEMPLATE = "aws_launch_template"
SCALING_GROUP = "aws_autoscaling_group"
SUBNET = "aws_subnet"
VPC = "network/vpc/vpc"
PRIVATE_SUBNET = "network/replica-1/private-subnet"
PUBLIC_SUBNET = "network/replica-1/public-subnet"
PRIVATE_ROUTES = "network/routes/private"
PUBLIC_ROUTES = "network/routes/public"
EVENT_STORE_TEMPLATE = "event-store/server/launch-template/template"
CORE_TEMPLATE = "servers/core-server/launch-template/template"
EVENT_STORE_GROUP = "event-store/server/scaling-group/group"
CORE_GROUP = "servers/core-server/scaling-group/group"
TO_EVENT_STORE = "servers/security-groups/event-store/from-event-store-2113"
EVERYONE = "0.0.0.0/0"
CORE = "servers/security-groups/core-server"
EVENT_STORE = "servers/security-groups/event-store"
MESSAGING = "messaging/security-group"
STREAM = "streaming/cluster/security-group"
INTERNET_GATEWAY = {"gateway_id": "igw-0123456789abcdef0"}


def group_of(path: str) -> Callable[[Mapping[str, Any]], str]:
    """The id of the security group at a construct path."""
    return lambda document: reference(document, "aws_security_group", f"{path}/group")


def rule(group: str, type: str = INGRESS, **attributes: Any) -> Edit:
    """A rule, at the path `sabotage`, added to the security group below a construct path."""

    def made(document: Mapping[str, Any]) -> dict[str, Any]:
        return {"security_group_id": group_of(group)(document), "ip_protocol": "tcp", **attributes}

    return add(type, "sabotage", made)


def route(table: str, **target: Any) -> Edit:
    """A route to everywhere added to a route table at a construct path."""
    return add(
        "aws_route",
        "sabotage",
        lambda document: {
            "route_table_id": reference(document, "aws_route_table", table),
            "destination_cidr_block": EVERYONE,
            **target,
        },
    )


def subnets(type: str, path: str, attribute: str, *names: str) -> Edit:
    """Other subnets for a scaling group, load balancer or broker."""

    def edit(document: dict[str, Any]) -> None:
        body(document, type, path)[attribute] = [reference(document, SUBNET, name) for name in names]

    return edit


def adopt_route(document: dict[str, Any]) -> None:
    """A route to the internet in the main route table."""
    gateway = reference(document, "aws_internet_gateway", "network/vpc/internet-gateway")
    body(document, "aws_default_route_table", "network/vpc/main-route-table")["route"] = [
        {"cidr_block": EVERYONE, "gateway_id": gateway}
    ]


def swap_association(document: dict[str, Any]) -> None:
    """The public route table for a private subnet."""
    association = body(document, "aws_route_table_association", "network/routes/private-subnet-of-replica-1")
    association["route_table_id"] = reference(document, "aws_route_table", PUBLIC_ROUTES)


def elastic_address(document: Mapping[str, Any]) -> dict[str, Any]:
    """A NAT gateway with a public address in a private subnet."""
    return {"subnet_id": reference(document, SUBNET, PRIVATE_SUBNET), "allocation_id": "eipalloc-0123456789abcdef0"}


def public_instance(document: Mapping[str, Any]) -> dict[str, Any]:
    """An instance with a public address in a private subnet."""
    return {
        "subnet_id": reference(document, SUBNET, PRIVATE_SUBNET),
        "associate_public_ip_address": True,
        "metadata_options": {"http_tokens": "required"},
    }


def default_rule(document: Mapping[str, Any]) -> dict[str, Any]:
    """A rule for the VPC's default security group."""
    return {
        "security_group_id": reference(document, "aws_vpc", VPC, "default_security_group_id"),
        "cidr_ipv4": "10.0.0.0/16",
        "ip_protocol": "-1",
    }


def default_acl_rule(document: Mapping[str, Any]) -> dict[str, Any]:
    """A rule for the VPC's default network ACL."""
    return {
        "network_acl_id": reference(document, "aws_vpc", VPC, "default_network_acl_id"),
        "rule_number": 100,
        "rule_action": "allow",
        "protocol": "tcp",
        "cidr_block": "10.0.0.0/16",
        "from_port": 443,
        "to_port": 443,
    }


def prefix_list(document: dict[str, Any]) -> None:
    """A prefix list of everyone as source for the core servers."""
    add(
        "aws_ec2_managed_prefix_list",
        "everyone",
        lambda _: {"name": "everyone", "entry": [{"cidr": "0.0.0.0/1"}, {"cidr": "128.0.0.0/1"}]},
    )(document)
    everyone = reference(document, "aws_ec2_managed_prefix_list", "everyone")
    rule("servers/security-groups/core-server", prefix_list_id=everyone, from_port=8443, to_port=8443)(document)


MUTATIONS: tuple[Mutation, ...] = (
    # addresses
    Mutation(
        "a public address for event-store servers",
        "CKV2_MEALS_202",
        EVENT_STORE_TEMPLATE,
        change(TEMPLATE, EVENT_STORE_TEMPLATE, "network_interfaces", 0, "associate_public_ip_address", to="true"),
    ),
    Mutation(
        "servers with public addresses in a private subnet",
        "CKV2_MEALS_202",
        CORE_TEMPLATE,
        subnets(SCALING_GROUP, CORE_GROUP, "vpc_zone_identifier", PRIVATE_SUBNET),
    ),
    Mutation(
        "an instance with a public address in a private subnet",
        "CKV2_MEALS_202",
        "sabotage",
        add("aws_instance", "sabotage", public_instance),
    ),
    Mutation(
        "a NAT gateway in a private subnet",
        "CKV2_MEALS_202",
        "sabotage",
        add("aws_nat_gateway", "sabotage", elastic_address),
    ),
    Mutation(
        "a public address for the purchase gateway",
        "CKV2_MEALS_203",
        "purchase-gateway/server/launch-template/template",
        change(
            TEMPLATE,
            "purchase-gateway/server/launch-template/template",
            "network_interfaces",
            0,
            "associate_public_ip_address",
            to="true",
        ),
    ),
    Mutation(
        "public addresses on launch in a private subnet",
        "CKV2_MEALS_204",
        PRIVATE_SUBNET,
        change(SUBNET, PRIVATE_SUBNET, "map_public_ip_on_launch", to=True),
    ),
    # routes and subnets
    Mutation(
        "a route from private subnets to the internet",
        "CKV2_MEALS_201",
        "sabotage",
        route(PRIVATE_ROUTES, **INTERNET_GATEWAY),
    ),
    Mutation(
        "a route from private subnets to a NAT gateway",
        "CKV2_MEALS_201",
        "sabotage",
        route(PRIVATE_ROUTES, nat_gateway_id="nat-0123456789abcdef0"),
    ),
    Mutation(
        "a route from private subnets to another VPC",
        "CKV2_MEALS_201",
        "sabotage",
        route(PRIVATE_ROUTES, destination_cidr_block="10.9.0.0/16", vpc_peering_connection_id="pcx-0123456789abcdef0"),
    ),
    Mutation(
        "the public route table for a private subnet",
        "CKV2_MEALS_201",
        "network/routes/public-to-internet",
        swap_association,
    ),
    Mutation(
        "a private subnet left to the main route table",
        "CKV2_MEALS_205",
        PRIVATE_SUBNET,
        remove("aws_route_table_association", "network/routes/private-subnet-of-replica-1"),
    ),
    Mutation(
        "a route to the internet in the main route table",
        "CKV2_MEALS_206",
        "network/vpc/main-route-table",
        adopt_route,
    ),
    Mutation(
        "everything to a peering connection",
        "CKV2_MEALS_213",
        "sabotage",
        route(PUBLIC_ROUTES, vpc_peering_connection_id="pcx-0123456789abcdef0"),
    ),
    Mutation(
        "event-store servers in a public subnet",
        "CKV2_MEALS_233",
        EVENT_STORE_GROUP,
        subnets(SCALING_GROUP, EVENT_STORE_GROUP, "vpc_zone_identifier", PUBLIC_SUBNET),
    ),
    Mutation(
        "core servers in both kinds of subnets",
        "CKV2_MEALS_233",
        CORE_GROUP,
        subnets(SCALING_GROUP, CORE_GROUP, "vpc_zone_identifier", PUBLIC_SUBNET, PRIVATE_SUBNET),
    ),
    # security groups
    Mutation(
        "everything from everyone to core servers",
        "CKV2_MEALS_207",
        "sabotage",
        rule(CORE, cidr_ipv4=EVERYONE, ip_protocol="-1"),
    ),
    Mutation(
        "SSH from everyone to core servers",
        "CKV2_MEALS_207",
        "sabotage",
        rule(CORE, cidr_ipv4=EVERYONE, from_port=22, to_port=22),
    ),
    Mutation(
        "HTTPS from half of the internet to core servers",
        "CKV2_MEALS_207",
        "sabotage",
        rule(CORE, cidr_ipv4="128.0.0.0/1", from_port=443, to_port=443),
    ),
    Mutation(
        "HTTPS from everyone by IPv6 to core servers",
        "CKV2_MEALS_207",
        "sabotage",
        rule(CORE, cidr_ipv6="::/0", from_port=8443, to_port=8443),
    ),
    Mutation("a prefix list of everyone to core servers", "CKV2_MEALS_207", "sabotage", prefix_list),
    Mutation(
        "the load balancer open on another port",
        "CKV2_MEALS_207",
        "edge/public/load-balancer/security-group/from-internet-https",
        update(INGRESS, "edge/public/load-balancer/security-group/from-internet-https", from_port=8443, to_port=8443),
    ),
    Mutation(
        "HTTP that does not redirect",
        "CKV2_MEALS_207",
        "edge/public/load-balancer/security-group/from-internet-http",
        change(
            "aws_lb_listener",
            "edge/public/load-balancer/http-listener",
            "default_action",
            0,
            "type",
            to="forward",
        ),
    ),
    Mutation(
        "the event store open to the VPC",
        "CKV2_MEALS_215",
        TO_EVENT_STORE,
        update(INGRESS, TO_EVENT_STORE, referenced_security_group_id=None, cidr_ipv4="10.0.0.0/16"),
    ),
    Mutation(
        "every port of the event store open to core servers",
        "CKV2_MEALS_215",
        TO_EVENT_STORE,
        update(INGRESS, TO_EVENT_STORE, ip_protocol="-1", from_port=None, to_port=None),
    ),
    Mutation(
        "the broker open to a network",
        "CKV2_MEALS_214",
        "sabotage",
        rule(MESSAGING, cidr_ipv4="10.0.1.0/24", from_port=5671, to_port=5671),
    ),
    Mutation(
        "the stream open to a prefix list",
        "CKV2_MEALS_214",
        "sabotage",
        rule(STREAM, prefix_list_id="pl-0123456789abcdef0", from_port=9098, to_port=9098),
    ),
    Mutation(
        "the event store may call the internet",
        "CKV2_MEALS_234",
        "sabotage",
        rule(EVENT_STORE, EGRESS, cidr_ipv4=EVERYONE, from_port=443, to_port=443),
    ),
    Mutation(
        "a rule in the default security group",
        "CKV2_MEALS_209",
        "network/vpc/default-security-group",
        change(
            "aws_default_security_group",
            "network/vpc/default-security-group",
            "ingress",
            to=[{"protocol": "-1", "from_port": 0, "to_port": 0, "self": True}],
        ),
    ),
    Mutation(
        "a rule for the default security group",
        "CKV2_MEALS_209",
        "sabotage",
        add(INGRESS, "sabotage", default_rule),
    ),
    Mutation(
        "the default security group as AWS makes it",
        "CKV2_MEALS_210",
        VPC,
        remove("aws_default_security_group", "network/vpc/default-security-group"),
    ),
    # network ACLs
    Mutation(
        "everything through the public network ACL",
        "CKV2_MEALS_208",
        "network/nacls/public/in-https-from-internet",
        update(ACL_RULE, "network/nacls/public/in-https-from-internet", protocol="-1", from_port=None, to_port=None),
    ),
    Mutation(
        "SSH through the private network ACL",
        "CKV2_MEALS_208",
        "network/nacls/private/in-https-from-vpc",
        update(ACL_RULE, "network/nacls/private/in-https-from-vpc", cidr_block=EVERYONE, from_port=22, to_port=22),
    ),
    Mutation(
        "a rule for the default network ACL",
        "CKV2_MEALS_211",
        "sabotage",
        add(ACL_RULE, "sabotage", default_acl_rule),
    ),
    Mutation(
        "the default network ACL as AWS makes it",
        "CKV2_MEALS_212",
        VPC,
        remove("aws_default_network_acl", "network/vpc/default-network-acl"),
    ),
)
