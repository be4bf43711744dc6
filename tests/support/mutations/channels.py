"""Sabotages of the channels: listeners, target groups, ports, the queue, the stream, sign-in and deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.mutation import Mutation, add, change, reference, remove, update

LISTENER = "aws_lb_listener"
TARGETS = "aws_lb_target_group"
INGRESS = "aws_vpc_security_group_ingress_rule"
EGRESS = "aws_vpc_security_group_egress_rule"
GROUP = "aws_security_group"

HTTP = "edge/public/load-balancer/http-listener"
HTTPS = "edge/public/load-balancer/https-listener"
STORE = "edge/private-load-balancer/load-balancer/event-store-listener"
PURCHASES = "edge/private-load-balancer/load-balancer/purchase-gateway-listener"
CORE = "edge/public/load-balancer/core-server"
ORDERING = "edge/public/load-balancer/ordering-server"
FROM_INTERNET = "edge/public/load-balancer/security-group/from-internet-https"
TO_BROKER = "messaging/security-group/from-ordering-server-5671"
TO_CORE = "servers/security-groups/core-server/from-ordering-server-8443"
TO_STREAM = "streaming/cluster/security-group/from-core-server-9098"
CLUSTER = "streaming/cluster/cluster"
CLIENT = "edge/public/user-pool/client"
SUBSCRIPTION = "notifications/payment-failed-email-operations@meals.example"
METRICS = "streaming/metrics-export/delivery-stream"


def forward(document: Mapping[str, Any]) -> dict[str, Any]:
    """An action that forwards to the core servers."""
    return {"type": "forward", "target_group_arn": reference(document, TARGETS, CORE, "arn")}


def rule_of_http_listener(document: Mapping[str, Any]) -> dict[str, Any]:
    """A rule that forwards what comes to port 80."""
    return {
        "listener_arn": reference(document, LISTENER, HTTP, "arn"),
        "priority": 1,
        "action": [forward(document)],
        "condition": [{"path_pattern": {"values": ["/legacy*"]}}],
    }


def tcp_listener(document: Mapping[str, Any]) -> dict[str, Any]:
    """A listener that passes on what comes to port 443."""
    return {
        "load_balancer_arn": reference(document, "aws_lb", "edge/public/load-balancer/load-balancer", "arn"),
        "port": 443,
        "protocol": "TCP",
        "default_action": [forward(document)],
    }


def sign_in_over_http(document: Mapping[str, Any]) -> dict[str, Any]:
    """A rule that asks an identity provider without TLS."""
    return {
        "listener_arn": reference(document, LISTENER, HTTPS, "arn"),
        "priority": 2,
        "action": [
            {
                "type": "authenticate-oidc",
                "authenticate_oidc": {
                    "issuer": "https://accounts.example",
                    "authorization_endpoint": "https://accounts.example/authorize",
                    "token_endpoint": "http://accounts.example/token",
                    "user_info_endpoint": "https://accounts.example/user",
                    "client_id": "meals",
                    "client_secret": "secret",
                },
            },
            forward(document),
        ],
        "condition": [{"path_pattern": {"values": ["/staff*"]}}],
    }


def broker_rule(document: Mapping[str, Any]) -> dict[str, Any]:
    """A rule of the older type, for plaintext from the ordering servers to the broker."""
    return {
        "type": "ingress",
        "security_group_id": reference(document, GROUP, "messaging/security-group/group"),
        "source_security_group_id": reference(document, GROUP, "servers/security-groups/ordering-server/group"),
        "protocol": "tcp",
        "from_port": 5672,
        "to_port": 5672,
    }


def http_subscription(document: Mapping[str, Any]) -> dict[str, Any]:
    """A subscription that delivers in plaintext."""
    return {
        "topic_arn": reference(document, "aws_sns_topic", "notifications/payment-failed", "arn"),
        "protocol": "http",
        "endpoint": "http://hooks.example/payments",
    }


def ports(first: int, last: int) -> dict[str, int]:
    """A range of ports."""
    return {"from_port": first, "to_port": last}


DOWNGRADE = {"type": "redirect", "redirect": {"protocol": "HTTP", "port": "80", "status_code": "HTTP_302"}}
INLINE_EGRESS = [{"cidr_blocks": ["0.0.0.0/0"], "protocol": "-1", "from_port": 0, "to_port": 0}]
INLINE_INGRESS = [{"self": True, "protocol": "-1", "from_port": 0, "to_port": 0}]

MUTATIONS: tuple[Mutation, ...] = (
    Mutation("https-becomes-http", "CKV2_MEALS_102", HTTPS, change(LISTENER, HTTPS, "protocol", to="HTTP")),
    Mutation("private-https-becomes-http", "CKV2_MEALS_102", STORE, change(LISTENER, STORE, "protocol", to="HTTP")),
    Mutation("protocol-left-out", "CKV2_MEALS_102", PURCHASES, remove(LISTENER, PURCHASES, "protocol")),
    Mutation(
        "redirect-becomes-forward",
        "CKV2_MEALS_102",
        HTTP,
        lambda document: change(LISTENER, HTTP, "default_action", 0, to=forward(document))(document),
    ),
    Mutation(
        "redirect-to-http",
        "CKV2_MEALS_102",
        HTTP,
        change(LISTENER, HTTP, "default_action", 0, "redirect", "protocol", to="HTTP"),
    ),
    Mutation(
        "redirect-keeps-protocol",
        "CKV2_MEALS_102",
        HTTP,
        remove(LISTENER, HTTP, "default_action", 0, "redirect", "protocol"),
    ),
    Mutation(
        "https-redirects-to-http",
        "CKV2_MEALS_102",
        HTTPS,
        change(LISTENER, HTTPS, "default_action", 0, to=DOWNGRADE),
    ),
    Mutation(
        "rule-redirects-to-http",
        "CKV2_MEALS_104",
        "edge/public/ruleset/ordering",
        change("aws_lb_listener_rule", "edge/public/ruleset/ordering", "action", 0, to=DOWNGRADE),
    ),
    Mutation("https-becomes-tcp", "CKV2_MEALS_103", HTTPS, change(LISTENER, HTTPS, "protocol", to="TCP")),
    Mutation("tcp-listener-added", "CKV2_MEALS_103", "edge/tcp", add(LISTENER, "edge/tcp", tcp_listener)),
    Mutation(
        "rule-of-http-listener",
        "CKV2_MEALS_104",
        "edge/legacy",
        add("aws_lb_listener_rule", "edge/legacy", rule_of_http_listener),
    ),
    Mutation(
        "rule-moved-to-http-listener",
        "CKV2_MEALS_104",
        "edge/public/ruleset/ordering",
        lambda document: change(
            "aws_lb_listener_rule",
            "edge/public/ruleset/ordering",
            "listener_arn",
            to=reference(document, LISTENER, HTTP, "arn"),
        )(document),
    ),
    Mutation(
        "weak-tls-policy",
        "CKV2_MEALS_101",
        HTTPS,
        change(LISTENER, HTTPS, "ssl_policy", to="ELBSecurityPolicy-TLS13-1-0-2021-06"),
    ),
    Mutation("tls-policy-left-out", "CKV2_MEALS_101", STORE, remove(LISTENER, STORE, "ssl_policy")),
    Mutation("certificate-left-out", "CKV2_MEALS_105", HTTPS, remove(LISTENER, HTTPS, "certificate_arn")),
    Mutation("http-targets", "CKV2_MEALS_106", CORE, change(TARGETS, CORE, "protocol", to="HTTP")),
    Mutation("target-protocol-left-out", "CKV2_MEALS_106", ORDERING, remove(TARGETS, ORDERING, "protocol")),
    Mutation(
        "http-health-check",
        "CKV2_MEALS_107",
        ORDERING,
        change(TARGETS, ORDERING, "health_check", "protocol", to="HTTP"),
    ),
    Mutation("health-check-left-out", "CKV2_MEALS_107", CORE, remove(TARGETS, CORE, "health_check")),
    Mutation(
        "plaintext-queue-from-internet",
        "CKV2_MEALS_109",
        TO_BROKER,
        update(INGRESS, TO_BROKER, referenced_security_group_id=None, cidr_ipv4="0.0.0.0/0", **ports(5671, 5672)),
    ),
    Mutation(
        "telnet-from-one-office",
        "CKV2_MEALS_109",
        FROM_INTERNET,
        update(INGRESS, FROM_INTERNET, cidr_ipv4="8.8.8.0/24", **ports(23, 23)),
    ),
    Mutation(
        "all-traffic-from-internet",
        "CKV2_MEALS_109",
        FROM_INTERNET,
        update(INGRESS, FROM_INTERNET, ip_protocol="-1", from_port=None, to_port=None),
    ),
    Mutation(
        "port-80-without-redirect",
        "CKV2_MEALS_109",
        "edge/public/load-balancer/security-group/from-internet-http",
        remove(LISTENER, HTTP),
    ),
    Mutation(
        "port-80-given-to-servers",
        "CKV2_MEALS_109",
        "edge/public/load-balancer/security-group/from-internet-http",
        lambda document: change(
            INGRESS,
            "edge/public/load-balancer/security-group/from-internet-http",
            "security_group_id",
            to=reference(document, GROUP, "servers/security-groups/core-server/group"),
        )(document),
    ),
    Mutation("http-between-servers", "CKV2_MEALS_120", TO_STREAM, update(INGRESS, TO_STREAM, **ports(80, 80))),
    Mutation(
        "plaintext-queue-from-servers",
        "CKV2_MEALS_120",
        "servers/security-groups/core-server/to-broker-5671",
        update(EGRESS, "servers/security-groups/core-server/to-broker-5671", **ports(5671, 5672)),
    ),
    Mutation(
        "http-to-servers",
        "CKV2_MEALS_120",
        TO_CORE,
        update(INGRESS, TO_CORE, **ports(8080, 8080)),
    ),
    Mutation("database-on-servers", "CKV2_MEALS_120", TO_CORE, change(INGRESS, TO_CORE, "from_port", to=5432)),
    Mutation(
        "group-open-to-itself",
        "CKV2_MEALS_120",
        "servers/security-groups/event-store/group",
        change(GROUP, "servers/security-groups/event-store/group", "ingress", to=INLINE_INGRESS),
    ),
    Mutation(
        "ftp-through-network-acl",
        "CKV2_MEALS_121",
        "network/nacls/public/in-https-from-internet",
        change("aws_network_acl_rule", "network/nacls/public/in-https-from-internet", "from_port", to=21),
    ),
    Mutation(
        "network-acl-open",
        "CKV2_MEALS_121",
        "network/nacls/private/in-replies-to-https",
        change("aws_network_acl_rule", "network/nacls/private/in-replies-to-https", "protocol", to="-1"),
    ),
    Mutation("plaintext-queue", "CKV2_MEALS_122", TO_BROKER, update(INGRESS, TO_BROKER, **ports(5672, 5672))),
    Mutation("range-around-queue", "CKV2_MEALS_122", TO_BROKER, change(INGRESS, TO_BROKER, "from_port", to=5670)),
    Mutation(
        "older-type-of-rule",
        "CKV2_MEALS_122",
        "messaging/plaintext",
        add("aws_security_group_rule", "messaging/plaintext", broker_rule),
    ),
    Mutation("plaintext-stream", "CKV2_MEALS_122", TO_STREAM, update(INGRESS, TO_STREAM, **ports(9092, 9092))),
    Mutation("zookeeper", "CKV2_MEALS_122", TO_STREAM, update(INGRESS, TO_STREAM, **ports(2181, 2181))),
    Mutation(
        "queue-logs-off",
        "CKV2_MEALS_123",
        "messaging/broker",
        change("aws_mq_broker", "messaging/broker", "logs", "general", to=False),
    ),
    Mutation(
        "old-queue",
        "CKV2_MEALS_124",
        "messaging/broker",
        change("aws_mq_broker", "messaging/broker", "engine_version", to="3.8"),
    ),
    Mutation(
        "queue-without-patches",
        "CKV2_MEALS_124",
        "messaging/broker",
        change("aws_mq_broker", "messaging/broker", "auto_minor_version_upgrade", to=False),
    ),
    Mutation(
        "stream-in-plaintext-too",
        "CKV2_MEALS_125",
        CLUSTER,
        change(
            "aws_msk_cluster", CLUSTER, "encryption_info", "encryption_in_transit", "client_broker", to="TLS_PLAINTEXT"
        ),
    ),
    Mutation(
        "plaintext-between-stream-brokers",
        "CKV2_MEALS_125",
        CLUSTER,
        change("aws_msk_cluster", CLUSTER, "encryption_info", "encryption_in_transit", "in_cluster", to=False),
    ),
    Mutation(
        "stream-for-anyone",
        "CKV2_MEALS_126",
        CLUSTER,
        change("aws_msk_cluster", CLUSTER, "client_authentication", "unauthenticated", to=True),
    ),
    Mutation(
        "stream-without-authentication",
        "CKV2_MEALS_126",
        CLUSTER,
        change("aws_msk_cluster", CLUSTER, "client_authentication", "sasl", "iam", to=False),
    ),
    Mutation(
        "sign-in-over-http",
        "CKV2_MEALS_133",
        CLIENT,
        change(
            "aws_cognito_user_pool_client", CLIENT, "callback_urls", 0, to="http://meals.example/oauth2/idpresponse"
        ),
    ),
    Mutation(
        "sign-out-over-http",
        "CKV2_MEALS_133",
        CLIENT,
        change("aws_cognito_user_pool_client", CLIENT, "logout_urls", to=["http://meals.example/"]),
    ),
    Mutation(
        "identity-provider-over-http",
        "CKV2_MEALS_134",
        "edge/staff",
        add("aws_lb_listener_rule", "edge/staff", sign_in_over_http),
    ),
    Mutation(
        "http-subscription",
        "CKV2_MEALS_135",
        "notifications/hook",
        add("aws_sns_topic_subscription", "notifications/hook", http_subscription),
    ),
    Mutation(
        "subscription-becomes-http",
        "CKV2_MEALS_135",
        SUBSCRIPTION,
        change("aws_sns_topic_subscription", SUBSCRIPTION, "protocol", to="http"),
    ),
    Mutation(
        "metrics-over-http",
        "CKV2_MEALS_136",
        METRICS,
        change(
            "aws_kinesis_firehose_delivery_stream",
            METRICS,
            "http_endpoint_configuration",
            "url",
            to="http://awsmetrics-intake.datadoghq.com/v1/input",
        ),
    ),
    Mutation(
        "external-systems-on-any-port",
        "CKV2_MEALS_138",
        "channels/core-server-to-0-0-0-0-0-443",
        update(EGRESS, "channels/core-server-to-0-0-0-0-0-443", ip_protocol="-1", from_port=None, to_port=None),
    ),
    Mutation(
        "external-systems-over-http",
        "CKV2_MEALS_138",
        "channels/ordering-server-to-0-0-0-0-0-443",
        change(EGRESS, "channels/ordering-server-to-0-0-0-0-0-443", "from_port", to=80),
    ),
    Mutation(
        "group-with-egress-to-anywhere",
        "CKV2_MEALS_138",
        "messaging/security-group/group",
        change(GROUP, "messaging/security-group/group", "egress", to=INLINE_EGRESS),
    ),
)
