"""Sabotages of who reaches whom, each of several lines where one alone lets nothing through."""

from __future__ import annotations

from typing import Any

from tests.support.mutation import Edit, Part, all_of, by_rule
from tests.support.mutations.isolation import (
    ACL_RULE,
    BROKER_GROUP,
    CORE,
    CORE_GROUP,
    EGRESS,
    EVENT_STORE,
    EVENT_STORE_GROUP,
    EVENT_STORE_TEMPLATE,
    EVERYONE,
    GATEWAY,
    GROUP,
    HTTP_LISTENER,
    INGRESS,
    PRIVATE_ROUTES,
    PRIVATE_SUBNET,
    PUBLIC_ADDRESS,
    PUBLIC_ROUTES,
    PUBLIC_SUBNET,
    SCALING_GROUP,
    STREAM_GROUP,
    TO_INTERNET,
    VPC,
    port,
    route,
)

TARGETS = "aws_lb_target_group"

PURCHASE_GATEWAY = Part(SCALING_GROUP, "purchase-gateway/server/scaling-group/group")
BROKER = Part("aws_mq_broker", "messaging/broker")
CLUSTER = Part("aws_msk_cluster", "streaming/cluster/cluster")
PUBLIC_BALANCER = Part("aws_lb", "edge/public/load-balancer/load-balancer")
INTERNAL_BALANCER = Part("aws_lb", "edge/private-load-balancer/load-balancer/load-balancer")
LOGS_ENDPOINT = Part("aws_vpc_endpoint", "network/interface-endpoints/logs")
HTTPS_LISTENER = Part("aws_lb_listener", "edge/public/load-balancer/https-listener")
CORE_TARGETS = Part(TARGETS, "edge/public/load-balancer/core-server")
PURCHASE_TARGETS = Part(TARGETS, "edge/private-load-balancer/load-balancer/purchase-gateway")
PURCHASE_GROUP = Part(GROUP, "servers/security-groups/purchase-gateway/group")
ENDPOINTS_GROUP = Part(GROUP, "network/interface-endpoints/security-group/group")
PUBLIC_BALANCER_GROUP = Part(GROUP, "edge/public/load-balancer/security-group/group")
INTERNAL_BALANCER_GROUP = Part(GROUP, "edge/private-load-balancer/load-balancer/security-group/group")
EVENT_STORE_ATTACHMENT = Part(
    "aws_autoscaling_attachment", "edge/private-load-balancer/load-balancer/event-store-attachment"
)
DYNAMODB_ROUTE = Part("aws_vpc_endpoint_route_table_association", "network/gateway-endpoints/dynamodb-private")
CORE_FROM_BALANCER = Part(INGRESS, "servers/security-groups/core-server/from-public-load-balancer-8443")
CORE_TO_BALANCER = Part(EGRESS, "servers/security-groups/core-server/to-private-load-balancer-2113")
CORE_TO_BROKER = Part(EGRESS, "servers/security-groups/core-server/to-broker-5671")
CLUSTER_FROM_PIPES = Part(INGRESS, "streaming/cluster/security-group/from-stream-9098")
ENDPOINTS_FROM_STORE = Part(INGRESS, "network/interface-endpoints/security-group/from-event-store-443")
PUBLIC_ACL_REPLIES = Part(ACL_RULE, "network/nacls/public/out-above-1023")
PRIVATE_ACL_VPC = Part(ACL_RULE, "network/nacls/private/in-from-vpc")
PRIVATE_ACL_REPLIES = Part(ACL_RULE, "network/nacls/private/in-replies-to-https")
ADDRESS = Part("aws_eip", "sabotage/address")
NAT = Part("aws_nat_gateway", "sabotage/nat")
PEERING = Part("aws_vpc_peering_connection", "sabotage")
OTHER_VPC = Part("aws_vpc", "sabotage/other")
TRANSIT_GATEWAY = Part("aws_ec2_transit_gateway", "sabotage/transit-gateway")
ATTACHMENT = Part("aws_ec2_transit_gateway_vpc_attachment", "sabotage/attachment")
CORE_NETWORK = "arn:aws:networkmanager::111122223333:core-network/core-network-0123456789abcdef0"
ELSEWHERE = "10.20.0.0/16"
ELSEWHERE_V6 = "2600:1f18:9999::/56"


def opened(client: Part, server: Part, number: int) -> Edit:
    """Both halves of a path between two security groups."""

    def half(type: str, side: str, of: Part, other: Part) -> Edit:
        attributes: dict[str, Any] = {"security_group_id": of.id, "referenced_security_group_id": other.id}
        return Part(type, f"sabotage/{side}-{number}").add(**attributes, ip_protocol="tcp", **port(number))

    return all_of(half(INGRESS, "in", server, client), half(EGRESS, "out", client, server))


def everybody(type: str, group: Part, number: int) -> Edit:
    """A rule of a security group for everybody on a port."""
    attributes: dict[str, Any] = {"security_group_id": group.id, "cidr_ipv4": EVERYONE}
    return Part(type, "sabotage/everybody").add(**attributes, ip_protocol="tcp", **port(number))


def acl(tier: str, *, egress: bool, **cidr: str) -> Edit:
    """An entry that lets everything through, before all others."""
    return Part(ACL_RULE, f"sabotage/{tier}-{'out' if egress else 'in'}").add(
        network_acl_id=Part("aws_network_acl", f"network/nacls/{tier}/acl").id,
        egress=egress,
        rule_number=1,
        rule_action="allow",
        protocol="-1",
        **(cidr or {"cidr_block": EVERYONE}),
    )


def attached(gateway: Any) -> Edit:
    """The VPC's attachment to a transit gateway."""
    return ATTACHMENT.add(transit_gateway_id=gateway, vpc_id=VPC.id, subnet_ids=[PUBLIC_SUBNET.id])


def opened_to(group: Part, number: int, **cidr: str) -> Edit:
    """A rule of a security group for a network on a port."""
    attributes: dict[str, Any] = {"security_group_id": group.id, **cidr}
    return Part(INGRESS, "sabotage/network").add(**attributes, ip_protocol="tcp", **port(number))


def connected(*gateways: Edit, **target: Any) -> Edit:
    """A route to a network of elsewhere, which core servers let in."""
    return all_of(
        *gateways,
        route(PUBLIC_ROUTES, **{"destination_cidr_block": ELSEWHERE, **target}),
        opened_to(CORE_GROUP, 8443, cidr_ipv4=ELSEWHERE),
        acl("public", egress=False),
        acl("public", egress=True),
    )


def forward(listener: Part, targets: Part) -> Edit:
    """A listener that forwards to a target group."""
    return listener.update(default_action=[{"type": "forward", "target_group_arn": targets.attribute("arn")}])


def renamed(document: dict[str, Any]) -> None:
    """The event store under another construct path, and so another name."""
    groups = document["resource"]["aws_autoscaling_group"]
    body = EVENT_STORE.body(document)
    (name,) = [name for name, each in groups.items() if each is body]
    body["//"]["metadata"]["path"] = "prod/store/server/scaling-group/group"
    groups["store"] = groups.pop(name)


MUTATIONS = by_rule(
    CKV2_MEALS_301=[
        (
            "the event store is exposed to the internet",
            all_of(
                route(PRIVATE_ROUTES, gateway_id=GATEWAY.id),
                EVENT_STORE_TEMPLATE.change(*PUBLIC_ADDRESS, to="true"),
                acl("private", egress=False),
                acl("private", egress=True),
                everybody(INGRESS, EVENT_STORE_GROUP, 2113),
            ),
            EVENT_STORE,
        ),
        (
            "the public load balancer forwards to the purchase gateway",
            all_of(
                forward(HTTPS_LISTENER, PURCHASE_TARGETS),
                opened(PUBLIC_BALANCER_GROUP, PURCHASE_GROUP, 8443),
            ),
            PURCHASE_GATEWAY,
        ),
    ],
    CKV2_MEALS_302=[
        ("port 80 forwards", forward(HTTP_LISTENER, CORE_TARGETS), CORE),
        ("the internet reaches core servers", everybody(INGRESS, CORE_GROUP, 9443), CORE),
        ("the internet does not reach the load balancer", TO_INTERNET.remove(), PUBLIC_BALANCER),
    ],
    CKV2_MEALS_303=[
        (
            "the broker reaches the public load balancer",
            opened(BROKER_GROUP, PUBLIC_BALANCER_GROUP, 443),
            PUBLIC_BALANCER,
        )
    ],
    CKV2_MEALS_304=[
        ("public servers accept the internet", everybody(INGRESS, CORE_GROUP, 9443), CORE),
        ("the event store calls core servers", opened(EVENT_STORE_GROUP, CORE_GROUP, 8443), CORE),
        (
            "a network behind a transit gateway of elsewhere reaches core servers",
            connected(attached("tgw-0123456789abcdef0"), transit_gateway_id="tgw-0123456789abcdef0"),
            CORE,
        ),
        (
            "a network behind a transit gateway reaches core servers",
            connected(TRANSIT_GATEWAY.add(), attached(TRANSIT_GATEWAY.id), transit_gateway_id=TRANSIT_GATEWAY.id),
            CORE,
        ),
        (
            "a network behind a core network reaches core servers",
            connected(core_network_arn=CORE_NETWORK),
            CORE,
        ),
        (
            "an empty VPC that is peered reaches core servers",
            connected(
                OTHER_VPC.add(cidr_block=ELSEWHERE),
                PEERING.add(vpc_id=VPC.id, peer_vpc_id=OTHER_VPC.id, auto_accept=True),
                vpc_peering_connection_id=PEERING.id,
            ),
            CORE,
        ),
        ("the load balancer does not reach core servers", CORE_FROM_BALANCER.remove(), CORE),
        ("replies of public servers are dropped", PUBLIC_ACL_REPLIES.update(to_port=50000), CORE),
    ],
    CKV2_MEALS_305=[
        (
            "brokers of the stream reach the internal load balancer",
            opened(STREAM_GROUP, INTERNAL_BALANCER_GROUP, 2113),
            INTERNAL_BALANCER,
        ),
        ("core servers do not reach the internal load balancer", CORE_TO_BALANCER.remove(), INTERNAL_BALANCER),
    ],
    CKV2_MEALS_306=[
        ("core servers reach the event store directly", opened(CORE_GROUP, EVENT_STORE_GROUP, 2113), EVENT_STORE),
        ("core servers log in to the event store", opened(CORE_GROUP, EVENT_STORE_GROUP, 22022), EVENT_STORE),
        (
            "the internal load balancer does not forward to the event store",
            EVENT_STORE_ATTACHMENT.remove(),
            EVENT_STORE,
        ),
    ],
    CKV2_MEALS_307=[
        ("core servers reach the purchase gateway", opened(CORE_GROUP, PURCHASE_GROUP, 8443), PURCHASE_GATEWAY)
    ],
    CKV2_MEALS_308=[
        ("the load balancer reaches the broker", opened(PUBLIC_BALANCER_GROUP, BROKER_GROUP, 5671), BROKER),
        ("servers reach the broker's console", opened(CORE_GROUP, BROKER_GROUP, 15671), BROKER),
        ("core servers do not reach the broker", CORE_TO_BROKER.remove(), BROKER),
        ("private subnets do not accept the VPC", PRIVATE_ACL_VPC.remove(), BROKER),
    ],
    CKV2_MEALS_309=[
        ("servers reach Kafka without TLS", opened(CORE_GROUP, STREAM_GROUP, 9092), CLUSTER),
        ("pipes do not reach the stream", CLUSTER_FROM_PIPES.remove(), CLUSTER),
    ],
    CKV2_MEALS_310=[
        ("the broker calls AWS services", opened(BROKER_GROUP, ENDPOINTS_GROUP, 443), LOGS_ENDPOINT),
        ("the event store does not reach AWS services", ENDPOINTS_FROM_STORE.remove(), LOGS_ENDPOINT),
    ],
    CKV2_MEALS_311=[
        (
            "the event store reaches the internet through a NAT gateway",
            all_of(
                ADDRESS.add(domain="vpc"),
                NAT.add(subnet_id=PUBLIC_SUBNET.id, allocation_id=ADDRESS.id),
                route(PRIVATE_ROUTES, nat_gateway_id=NAT.id),
                everybody(EGRESS, EVENT_STORE_GROUP, 443),
            ),
            EVENT_STORE,
        ),
        ("the event store does not reach DynamoDB", DYNAMODB_ROUTE.remove(), EVENT_STORE),
        (
            "replies of S3 are dropped for some of the ports that servers use",
            PRIVATE_ACL_REPLIES.change("to_port", to=50000),
            EVENT_STORE,
        ),
    ],
    CKV2_MEALS_312=[
        (
            "core servers call the internet without TLS",
            all_of(everybody(EGRESS, CORE_GROUP, 80), acl("public", egress=True)),
            CORE,
        )
    ],
    CKV2_MEALS_313=[
        (
            "a server that nobody planned",
            Part("aws_instance", "sabotage").add(subnet_id=PRIVATE_SUBNET.id, vpc_security_group_ids=[BROKER_GROUP.id]),
        ),
        ("the broker stands in a public subnet", BROKER.update(subnet_ids=[PUBLIC_SUBNET.id])),
        ("the event store has moved", Edit(VPC.path, renamed)),
        (
            "the network is connected to another",
            all_of(
                PEERING.add(vpc_id=VPC.id, peer_vpc_id="vpc-0123456789abcdef0"),
                route(PRIVATE_ROUTES, vpc_peering_connection_id=PEERING.id),
            ),
            VPC,
        ),
        ("the network is connected to a core network", route(PUBLIC_ROUTES, core_network_arn=CORE_NETWORK), VPC),
        (
            "the network has an IPv6 route to a transit gateway",
            route(
                PUBLIC_ROUTES,
                destination_cidr_block=None,
                destination_ipv6_cidr_block=ELSEWHERE_V6,
                transit_gateway_id="tgw-0123456789abcdef0",
            ),
            VPC,
        ),
        ("the network is attached to a transit gateway", attached("tgw-0123456789abcdef0"), VPC),
    ],
)
