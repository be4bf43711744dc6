"""Sabotages of the network: addresses, routes, subnets, security groups, network ACLs."""

from __future__ import annotations

from typing import Any

from tests.support.mutation import Edit, Part, all_of, by_rule

INGRESS = "aws_vpc_security_group_ingress_rule"
EGRESS = "aws_vpc_security_group_egress_rule"
ACL_RULE = "aws_network_acl_rule"
TEMPLATE = "aws_launch_template"
SCALING_GROUP = "aws_autoscaling_group"
SUBNET = "aws_subnet"
ROUTE_TABLE = "aws_route_table"
GROUP = "aws_security_group"

VPC = Part("aws_vpc", "network/vpc/vpc")
GATEWAY = Part("aws_internet_gateway", "network/vpc/internet-gateway")
PRIVATE_SUBNET = Part(SUBNET, "network/replica-1/private-subnet")
PUBLIC_SUBNET = Part(SUBNET, "network/replica-1/public-subnet")
PRIVATE_ROUTES = Part(ROUTE_TABLE, "network/routes/private")
PUBLIC_ROUTES = Part(ROUTE_TABLE, "network/routes/public")
MAIN_ROUTES = Part("aws_default_route_table", "network/vpc/main-route-table")
TO_INTERNET = Part("aws_route", "network/routes/public-to-internet")
ASSOCIATION = Part("aws_route_table_association", "network/routes/private-subnet-of-replica-1")
EVENT_STORE_TEMPLATE = Part(TEMPLATE, "event-store/server/launch-template/template")
PURCHASE_TEMPLATE = Part(TEMPLATE, "purchase-gateway/server/launch-template/template")
CORE_TEMPLATE = Part(TEMPLATE, "servers/core-server/launch-template/template")
EVENT_STORE = Part(SCALING_GROUP, "event-store/server/scaling-group/group")
CORE = Part(SCALING_GROUP, "servers/core-server/scaling-group/group")
DEFAULT_GROUP = Part("aws_default_security_group", "network/vpc/default-security-group")
CORE_GROUP = Part(GROUP, "servers/security-groups/core-server/group")
EVENT_STORE_GROUP = Part(GROUP, "servers/security-groups/event-store/group")
BROKER_GROUP = Part(GROUP, "messaging/security-group/group")
STREAM_GROUP = Part(GROUP, "streaming/cluster/security-group/group")
TO_EVENT_STORE = Part(INGRESS, "servers/security-groups/event-store/from-event-store-2113")
FROM_INTERNET_HTTP = Part(INGRESS, "edge/public/load-balancer/security-group/from-internet-http")
FROM_INTERNET_HTTPS = Part(INGRESS, "edge/public/load-balancer/security-group/from-internet-https")
HTTP_LISTENER = Part("aws_lb_listener", "edge/public/load-balancer/http-listener")
PUBLIC_ACL_HTTPS = Part(ACL_RULE, "network/nacls/public/in-https-from-internet")
PRIVATE_ACL_HTTPS = Part(ACL_RULE, "network/nacls/private/in-https-from-vpc")
DEFAULT_ACL = Part("aws_default_network_acl", "network/vpc/default-network-acl")
PREFIX_LIST = Part("aws_ec2_managed_prefix_list", "everyone")
EVERYONE = "0.0.0.0/0"
PUBLIC_ADDRESS = ("network_interfaces", 0, "associate_public_ip_address")
PEERING = "pcx-0123456789abcdef0"


def rule(group: Part, type: str = INGRESS, **attributes: Any) -> Edit:
    """A rule, at the path `sabotage`, added to a security group."""
    return Part(type, "sabotage").add(**{"security_group_id": group.id, "ip_protocol": "tcp", **attributes})


def port(number: int) -> dict[str, Any]:
    """A range of one port."""
    return {"from_port": number, "to_port": number}


def route(table: Part, **target: Any) -> Edit:
    """A route to everywhere added to a route table."""
    attributes = {"route_table_id": table.id, "destination_cidr_block": EVERYONE, **target}
    return Part("aws_route", "sabotage").add(**attributes)


def subnets(part: Part, attribute: str, *names: Part) -> Edit:
    """Other subnets for a scaling group, load balancer or broker."""
    return part.update(**{attribute: [subnet.id for subnet in names]})


MUTATIONS = by_rule(
    # addresses
    CKV2_MEALS_202=[
        ("a public address for event-store servers", EVENT_STORE_TEMPLATE.change(*PUBLIC_ADDRESS, to="true")),
        (
            "servers with public addresses in a private subnet",
            subnets(CORE, "vpc_zone_identifier", PRIVATE_SUBNET),
            CORE_TEMPLATE,
        ),
        (
            "an instance with a public address in a private subnet",
            Part("aws_instance", "sabotage").add(
                subnet_id=PRIVATE_SUBNET.id,
                associate_public_ip_address=True,
                metadata_options={"http_tokens": "required"},
            ),
        ),
        (
            "a NAT gateway in a private subnet",
            Part("aws_nat_gateway", "sabotage").add(
                subnet_id=PRIVATE_SUBNET.id, allocation_id="eipalloc-0123456789abcdef0"
            ),
        ),
    ],
    CKV2_MEALS_203=[
        ("a public address for the purchase gateway", PURCHASE_TEMPLATE.change(*PUBLIC_ADDRESS, to="true"))
    ],
    CKV2_MEALS_204=[
        ("public addresses on launch in a private subnet", PRIVATE_SUBNET.change("map_public_ip_on_launch", to=True))
    ],
    # routes and subnets
    CKV2_MEALS_201=[
        ("a route from private subnets to the internet", route(PRIVATE_ROUTES, gateway_id="igw-0123456789abcdef0")),
        (
            "a route from private subnets to a NAT gateway",
            route(PRIVATE_ROUTES, nat_gateway_id="nat-0123456789abcdef0"),
        ),
        (
            "a route from private subnets to another VPC",
            route(PRIVATE_ROUTES, destination_cidr_block="10.9.0.0/16", vpc_peering_connection_id=PEERING),
        ),
        (
            "the public route table for a private subnet",
            ASSOCIATION.change("route_table_id", to=PUBLIC_ROUTES.id),
            TO_INTERNET,
        ),
    ],
    CKV2_MEALS_205=[("a private subnet left to the main route table", ASSOCIATION.remove(), PRIVATE_SUBNET)],
    CKV2_MEALS_206=[
        (
            "a route to the internet in the main route table",
            MAIN_ROUTES.update(route=[{"cidr_block": EVERYONE, "gateway_id": GATEWAY.id}]),
        )
    ],
    CKV2_MEALS_213=[("everything to a peering connection", route(PUBLIC_ROUTES, vpc_peering_connection_id=PEERING))],
    CKV2_MEALS_233=[
        ("event-store servers in a public subnet", subnets(EVENT_STORE, "vpc_zone_identifier", PUBLIC_SUBNET)),
        (
            "core servers in both kinds of subnets",
            subnets(CORE, "vpc_zone_identifier", PUBLIC_SUBNET, PRIVATE_SUBNET),
        ),
    ],
    # security groups
    CKV2_MEALS_207=[
        ("everything from everyone to core servers", rule(CORE_GROUP, cidr_ipv4=EVERYONE, ip_protocol="-1")),
        ("SSH from everyone to core servers", rule(CORE_GROUP, cidr_ipv4=EVERYONE, **port(22))),
        ("HTTPS from half of the internet to core servers", rule(CORE_GROUP, cidr_ipv4="128.0.0.0/1", **port(443))),
        ("HTTPS from everyone by IPv6 to core servers", rule(CORE_GROUP, cidr_ipv6="::/0", **port(8443))),
        (
            "a prefix list of everyone to core servers",
            all_of(
                PREFIX_LIST.add(name="everyone", entry=[{"cidr": "0.0.0.0/1"}, {"cidr": "128.0.0.0/1"}]),
                rule(CORE_GROUP, prefix_list_id=PREFIX_LIST.id, **port(8443)),
            ),
            Part(INGRESS, "sabotage"),
        ),
        ("the load balancer open on another port", FROM_INTERNET_HTTPS.update(**port(8443))),
        (
            "HTTP that does not redirect",
            HTTP_LISTENER.change("default_action", 0, "type", to="forward"),
            FROM_INTERNET_HTTP,
        ),
    ],
    CKV2_MEALS_215=[
        (
            "the event store open to the VPC",
            TO_EVENT_STORE.update(referenced_security_group_id=None, cidr_ipv4="10.0.0.0/16"),
        ),
        (
            "every port of the event store open to core servers",
            TO_EVENT_STORE.update(ip_protocol="-1", from_port=None, to_port=None),
        ),
    ],
    CKV2_MEALS_214=[
        ("the broker open to a network", rule(BROKER_GROUP, cidr_ipv4="10.0.1.0/24", **port(5671))),
        ("the stream open to a prefix list", rule(STREAM_GROUP, prefix_list_id="pl-0123456789abcdef0", **port(9098))),
    ],
    CKV2_MEALS_234=[
        ("the event store may call the internet", rule(EVENT_STORE_GROUP, EGRESS, cidr_ipv4=EVERYONE, **port(443)))
    ],
    CKV2_MEALS_209=[
        (
            "a rule in the default security group",
            DEFAULT_GROUP.change("ingress", to=[{"protocol": "-1", **port(0), "self": True}]),
        ),
        (
            "a rule for the default security group",
            Part(INGRESS, "sabotage").add(
                security_group_id=VPC.attribute("default_security_group_id"),
                cidr_ipv4="10.0.0.0/16",
                ip_protocol="-1",
            ),
        ),
    ],
    CKV2_MEALS_210=[("the default security group as AWS makes it", DEFAULT_GROUP.remove(), VPC)],
    # network ACLs
    CKV2_MEALS_208=[
        (
            "everything through the public network ACL",
            PUBLIC_ACL_HTTPS.update(protocol="-1", from_port=None, to_port=None),
        ),
        ("SSH through the private network ACL", PRIVATE_ACL_HTTPS.update(cidr_block=EVERYONE, **port(22))),
    ],
    CKV2_MEALS_211=[
        (
            "a rule for the default network ACL",
            Part(ACL_RULE, "sabotage").add(
                network_acl_id=VPC.attribute("default_network_acl_id"),
                rule_number=100,
                rule_action="allow",
                protocol="tcp",
                cidr_block="10.0.0.0/16",
                **port(443),
            ),
        )
    ],
    CKV2_MEALS_212=[("the default network ACL as AWS makes it", DEFAULT_ACL.remove(), VPC)],
)
