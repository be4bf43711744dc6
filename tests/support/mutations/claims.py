"""Sabotages of who reaches whom, each of several lines where one alone lets nothing through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.mutation import Edit, Mutation, add, body, change, reference, remove, update
from tests.support.mutations.isolation import EGRESS, EVERYONE, INGRESS, group_of, route

VPC = "network/vpc/vpc"
CORE = "servers/core-server/scaling-group/group"
EVENT_STORE = "event-store/server/scaling-group/group"
PURCHASE_GATEWAY = "purchase-gateway/server/scaling-group/group"
BROKER = "messaging/broker"
CLUSTER = "streaming/cluster/cluster"
PUBLIC_BALANCER = "edge/public/load-balancer/load-balancer"
INTERNAL_BALANCER = "edge/private-load-balancer/load-balancer/load-balancer"
GROUPS = {
    "core": "servers/security-groups/core-server",
    "event_store": "servers/security-groups/event-store",
    "purchase_gateway": "servers/security-groups/purchase-gateway",
    "broker": "messaging/security-group",
    "cluster": "streaming/cluster/security-group",
    "endpoints": "network/interface-endpoints/security-group",
    "public_balancer": "edge/public/load-balancer/security-group",
    "internal_balancer": "edge/private-load-balancer/load-balancer/security-group",
}
TO_INTERNET = "network/vpc/internet-gateway"


def all_of(*edits: Edit) -> Edit:
    """Several edits at once."""

    def edit(document: dict[str, Any]) -> None:
        for each in edits:
            each(document)

    return edit


def opened(client: str, server: str, port: int) -> Edit:
    """Both halves of a path between two security groups."""

    def half(of: str, other: str) -> Any:
        return lambda document: {
            "security_group_id": group_of(GROUPS[of])(document),
            "referenced_security_group_id": group_of(GROUPS[other])(document),
            "ip_protocol": "tcp",
            "from_port": port,
            "to_port": port,
        }

    return all_of(
        add(INGRESS, f"sabotage/in-{port}", half(server, client)),
        add(EGRESS, f"sabotage/out-{port}", half(client, server)),
    )


def everybody(type: str, group: str, port: int) -> Edit:
    """A rule of a security group for everybody on a port."""
    return add(
        type,
        "sabotage/everybody",
        lambda document: {
            "security_group_id": group_of(GROUPS[group])(document),
            "cidr_ipv4": EVERYONE,
            "ip_protocol": "tcp",
            "from_port": port,
            "to_port": port,
        },
    )


def acl(tier: str, *, egress: bool) -> Edit:
    """An entry that lets everything through, before all others."""
    return add(
        "aws_network_acl_rule",
        f"sabotage/{tier}-{'out' if egress else 'in'}",
        lambda document: {
            "network_acl_id": reference(document, "aws_network_acl", f"network/nacls/{tier}/acl"),
            "egress": egress,
            "rule_number": 1,
            "rule_action": "allow",
            "protocol": "-1",
            "cidr_block": EVERYONE,
        },
    )


def private_to_internet(document: dict[str, Any]) -> None:
    """A route from private subnets to the internet gateway."""
    route("network/routes/private", gateway_id=reference(document, "aws_internet_gateway", TO_INTERNET))(document)


def private_through_nat(document: dict[str, Any]) -> None:
    """A NAT gateway in a public subnet, and the route to it."""
    subnet = reference(document, "aws_subnet", "network/replica-1/public-subnet")
    add("aws_eip", "sabotage/address", lambda _: {"domain": "vpc"})(document)
    nat = {"subnet_id": subnet, "allocation_id": "${aws_eip.sabotage_address.id}"}
    add("aws_nat_gateway", "sabotage/nat", lambda _: nat)(document)
    route("network/routes/private", nat_gateway_id="${aws_nat_gateway.sabotage_nat.id}")(document)


def addressed(document: dict[str, Any]) -> None:
    """Public addresses for the servers of the event store."""
    (interface,) = body(document, "aws_launch_template", "event-store/server/launch-template/template")[
        "network_interfaces"
    ]
    interface["associate_public_ip_address"] = "true"


def forward(listener: str, group: str) -> Edit:
    """A listener of the public load balancer that forwards to a target group."""

    def edit(document: dict[str, Any]) -> None:
        target = reference(document, "aws_lb_target_group", group, "arn")
        found = body(document, "aws_lb_listener", f"edge/public/load-balancer/{listener}")
        found["default_action"] = [{"type": "forward", "target_group_arn": target}]

    return edit


def other_node(document: Mapping[str, Any]) -> dict[str, Any]:
    """A server that nobody planned."""
    return {
        "subnet_id": reference(document, "aws_subnet", "network/replica-1/private-subnet"),
        "vpc_security_group_ids": [group_of(GROUPS["broker"])(document)],
    }


def in_public_subnet(document: dict[str, Any]) -> None:
    """The broker in a public subnet."""
    subnet = reference(document, "aws_subnet", "network/replica-1/public-subnet")
    body(document, "aws_mq_broker", BROKER)["subnet_ids"] = [subnet]


def renamed(document: dict[str, Any]) -> None:
    """The event store under another construct path, and so another name."""
    groups = document["resource"]["aws_autoscaling_group"]
    found = body(document, "aws_autoscaling_group", EVENT_STORE)
    (name,) = [name for name, each in groups.items() if each is found]
    found["//"]["metadata"]["path"] = "prod/store/server/scaling-group/group"
    groups["store"] = groups.pop(name)


MUTATIONS = (
    Mutation(
        "the event store is exposed to the internet",
        "CKV2_MEALS_301",
        EVENT_STORE,
        all_of(
            private_to_internet,
            addressed,
            acl("private", egress=False),
            acl("private", egress=True),
            everybody(INGRESS, "event_store", 2113),
        ),
    ),
    Mutation(
        "the public load balancer forwards to the purchase gateway",
        "CKV2_MEALS_301",
        PURCHASE_GATEWAY,
        all_of(
            forward("https-listener", "edge/private-load-balancer/load-balancer/purchase-gateway"),
            opened("public_balancer", "purchase_gateway", 8443),
        ),
    ),
    Mutation(
        "port 80 forwards",
        "CKV2_MEALS_302",
        CORE,
        forward("http-listener", "edge/public/load-balancer/core-server"),
    ),
    Mutation("the internet reaches core servers", "CKV2_MEALS_302", CORE, everybody(INGRESS, "core", 9443)),
    Mutation(
        "the internet does not reach the load balancer",
        "CKV2_MEALS_302",
        PUBLIC_BALANCER,
        remove("aws_route", "network/routes/public-to-internet"),
    ),
    Mutation(
        "the broker reaches the public load balancer",
        "CKV2_MEALS_303",
        PUBLIC_BALANCER,
        opened("broker", "public_balancer", 443),
    ),
    Mutation("public servers accept the internet", "CKV2_MEALS_304", CORE, everybody(INGRESS, "core", 9443)),
    Mutation("the event store calls core servers", "CKV2_MEALS_304", CORE, opened("event_store", "core", 8443)),
    Mutation(
        "the load balancer does not reach core servers",
        "CKV2_MEALS_304",
        CORE,
        remove(INGRESS, "servers/security-groups/core-server/from-public-load-balancer-8443"),
    ),
    Mutation(
        "replies of public servers are dropped",
        "CKV2_MEALS_304",
        CORE,
        update("aws_network_acl_rule", "network/nacls/public/out-above-1023", to_port=50000),
    ),
    Mutation(
        "brokers of the stream reach the internal load balancer",
        "CKV2_MEALS_305",
        INTERNAL_BALANCER,
        opened("cluster", "internal_balancer", 2113),
    ),
    Mutation(
        "core servers do not reach the internal load balancer",
        "CKV2_MEALS_305",
        INTERNAL_BALANCER,
        remove(EGRESS, "servers/security-groups/core-server/to-private-load-balancer-2113"),
    ),
    Mutation(
        "core servers reach the event store directly",
        "CKV2_MEALS_306",
        EVENT_STORE,
        opened("core", "event_store", 2113),
    ),
    Mutation(
        "core servers log in to the event store", "CKV2_MEALS_306", EVENT_STORE, opened("core", "event_store", 22022)
    ),
    Mutation(
        "the internal load balancer does not forward to the event store",
        "CKV2_MEALS_306",
        EVENT_STORE,
        remove("aws_autoscaling_attachment", "edge/private-load-balancer/load-balancer/event-store-attachment"),
    ),
    Mutation(
        "core servers reach the purchase gateway",
        "CKV2_MEALS_307",
        PURCHASE_GATEWAY,
        opened("core", "purchase_gateway", 8443),
    ),
    Mutation(
        "the load balancer reaches the broker", "CKV2_MEALS_308", BROKER, opened("public_balancer", "broker", 5671)
    ),
    Mutation("servers reach the broker's console", "CKV2_MEALS_308", BROKER, opened("core", "broker", 15671)),
    Mutation(
        "core servers do not reach the broker",
        "CKV2_MEALS_308",
        BROKER,
        remove(EGRESS, "servers/security-groups/core-server/to-broker-5671"),
    ),
    Mutation(
        "private subnets do not accept the VPC",
        "CKV2_MEALS_308",
        BROKER,
        remove("aws_network_acl_rule", "network/nacls/private/in-from-vpc"),
    ),
    Mutation("servers reach Kafka without TLS", "CKV2_MEALS_309", CLUSTER, opened("core", "cluster", 9092)),
    Mutation(
        "pipes do not reach the stream",
        "CKV2_MEALS_309",
        CLUSTER,
        remove(INGRESS, "streaming/cluster/security-group/from-stream-9098"),
    ),
    Mutation(
        "the broker calls AWS services",
        "CKV2_MEALS_310",
        "network/interface-endpoints/kms",
        opened("broker", "endpoints", 443),
    ),
    Mutation(
        "the event store does not reach AWS services",
        "CKV2_MEALS_310",
        "network/interface-endpoints/kms",
        remove(INGRESS, "network/interface-endpoints/security-group/from-event-store-443"),
    ),
    Mutation(
        "the event store reaches the internet through a NAT gateway",
        "CKV2_MEALS_311",
        EVENT_STORE,
        all_of(private_through_nat, everybody(EGRESS, "event_store", 443)),
    ),
    Mutation(
        "the event store does not reach DynamoDB",
        "CKV2_MEALS_311",
        EVENT_STORE,
        remove("aws_vpc_endpoint_route_table_association", "network/gateway-endpoints/dynamodb-private"),
    ),
    Mutation(
        "replies of S3 are dropped for some of the ports that servers use",
        "CKV2_MEALS_311",
        EVENT_STORE,
        change("aws_network_acl_rule", "network/nacls/private/in-replies-to-https", "to_port", to=50000),
    ),
    Mutation(
        "core servers call the internet without TLS",
        "CKV2_MEALS_312",
        CORE,
        all_of(everybody(EGRESS, "core", 80), acl("public", egress=True)),
    ),
    Mutation("a server that nobody planned", "CKV2_MEALS_313", "sabotage", add("aws_instance", "sabotage", other_node)),
    Mutation("the broker stands in a public subnet", "CKV2_MEALS_313", BROKER, in_public_subnet),
    Mutation("the event store has moved", "CKV2_MEALS_313", VPC, renamed),
    Mutation(
        "the network is connected to another",
        "CKV2_MEALS_313",
        VPC,
        all_of(
            add(
                "aws_vpc_peering_connection",
                "sabotage",
                lambda document: {
                    "vpc_id": reference(document, "aws_vpc", VPC),
                    "peer_vpc_id": "vpc-0123456789abcdef0",
                },
            ),
            route("network/routes/private", vpc_peering_connection_id="${aws_vpc_peering_connection.sabotage.id}"),
        ),
    ),
)
