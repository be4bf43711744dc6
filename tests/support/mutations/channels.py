"""Sabotages of the channels: listeners, target groups, ports, the queue, the stream, sign-in and deliveries."""

from __future__ import annotations

from tests.support.mutation import Part, by_rule

LISTENER = "aws_lb_listener"
RULE = "aws_lb_listener_rule"
TARGETS = "aws_lb_target_group"
INGRESS = "aws_vpc_security_group_ingress_rule"
EGRESS = "aws_vpc_security_group_egress_rule"
GROUP = "aws_security_group"
ACL_RULE = "aws_network_acl_rule"
SUBSCRIPTION = "aws_sns_topic_subscription"

HTTP = Part(LISTENER, "edge/public/load-balancer/http-listener")
HTTPS = Part(LISTENER, "edge/public/load-balancer/https-listener")
TCP = Part(LISTENER, "edge/tcp")
STORE = Part(LISTENER, "edge/private-load-balancer/load-balancer/event-store-listener")
PURCHASES = Part(LISTENER, "edge/private-load-balancer/load-balancer/purchase-gateway-listener")
ORDERING_RULE = Part(RULE, "edge/public/ruleset/ordering")
BALANCER = Part("aws_lb", "edge/public/load-balancer/load-balancer")
CORE = Part(TARGETS, "edge/public/load-balancer/core-server")
ORDERING = Part(TARGETS, "edge/public/load-balancer/ordering-server")
FROM_INTERNET_HTTP = Part(INGRESS, "edge/public/load-balancer/security-group/from-internet-http")
FROM_INTERNET = Part(INGRESS, "edge/public/load-balancer/security-group/from-internet-https")
CORE_GROUP = Part(GROUP, "servers/security-groups/core-server/group")
ORDERING_GROUP = Part(GROUP, "servers/security-groups/ordering-server/group")
STORE_GROUP = Part(GROUP, "servers/security-groups/event-store/group")
BROKER_GROUP = Part(GROUP, "messaging/security-group/group")
TO_BROKER = Part(INGRESS, "messaging/security-group/from-ordering-server-5671")
CORE_TO_BROKER = Part(EGRESS, "servers/security-groups/core-server/to-broker-5671")
TO_CORE = Part(INGRESS, "servers/security-groups/core-server/from-ordering-server-8443")
TO_STREAM = Part(INGRESS, "streaming/cluster/security-group/from-core-server-9098")
CORE_TO_ANYWHERE = Part(EGRESS, "channels/core-server-to-0-0-0-0-0-443")
ORDERING_TO_ANYWHERE = Part(EGRESS, "channels/ordering-server-to-0-0-0-0-0-443")
PUBLIC_ACL_HTTPS = Part(ACL_RULE, "network/nacls/public/in-https-from-internet")
PRIVATE_ACL_REPLIES = Part(ACL_RULE, "network/nacls/private/in-replies-to-https")
BROKER = Part("aws_mq_broker", "messaging/broker")
CLUSTER = Part("aws_msk_cluster", "streaming/cluster/cluster")
CLIENT = Part("aws_cognito_user_pool_client", "edge/public/user-pool/client")
TOPIC = Part("aws_sns_topic", "notifications/payment-failed")
TO_OPERATIONS = Part(SUBSCRIPTION, "notifications/payment-failed-email-operations@meals.example")
METRICS = Part("aws_kinesis_firehose_delivery_stream", "streaming/metrics-export/delivery-stream")


def ports(first: int, last: int) -> dict[str, int]:
    """A range of ports."""
    return {"from_port": first, "to_port": last}


FORWARD = {"type": "forward", "target_group_arn": CORE.attribute("arn")}
SIGN_IN_OVER_HTTP = {
    "type": "authenticate-oidc",
    "authenticate_oidc": {
        "issuer": "https://accounts.example",
        "authorization_endpoint": "https://accounts.example/authorize",
        "token_endpoint": "http://accounts.example/token",
        "user_info_endpoint": "https://accounts.example/user",
        "client_id": "meals",
        "client_secret": "secret",
    },
}
DOWNGRADE = {"type": "redirect", "redirect": {"protocol": "HTTP", "port": "80", "status_code": "HTTP_302"}}
INLINE_EGRESS = [{"cidr_blocks": ["0.0.0.0/0"], "protocol": "-1", **ports(0, 0)}]
INLINE_INGRESS = [{"self": True, "protocol": "-1", **ports(0, 0)}]

MUTATIONS = by_rule(
    CKV2_MEALS_101=[
        ("weak-tls-policy", HTTPS.change("ssl_policy", to="ELBSecurityPolicy-TLS13-1-0-2021-06")),
        ("tls-policy-left-out", STORE.remove("ssl_policy")),
    ],
    CKV2_MEALS_102=[
        ("https-becomes-http", HTTPS.change("protocol", to="HTTP")),
        ("private-https-becomes-http", STORE.change("protocol", to="HTTP")),
        ("protocol-left-out", PURCHASES.remove("protocol")),
        ("redirect-becomes-forward", HTTP.change("default_action", 0, to=FORWARD)),
        ("redirect-to-http", HTTP.change("default_action", 0, "redirect", "protocol", to="HTTP")),
        ("redirect-keeps-protocol", HTTP.remove("default_action", 0, "redirect", "protocol")),
        ("https-redirects-to-http", HTTPS.change("default_action", 0, to=DOWNGRADE)),
    ],
    CKV2_MEALS_103=[
        ("https-becomes-tcp", HTTPS.change("protocol", to="TCP")),
        (
            "tcp-listener-added",
            TCP.add(load_balancer_arn=BALANCER.attribute("arn"), port=443, protocol="TCP", default_action=[FORWARD]),
        ),
    ],
    CKV2_MEALS_104=[
        ("rule-redirects-to-http", ORDERING_RULE.change("action", 0, to=DOWNGRADE)),
        (
            "rule-of-http-listener",
            Part(RULE, "edge/legacy").add(
                listener_arn=HTTP.attribute("arn"),
                priority=1,
                action=[FORWARD],
                condition=[{"path_pattern": {"values": ["/legacy*"]}}],
            ),
        ),
        ("rule-moved-to-http-listener", ORDERING_RULE.change("listener_arn", to=HTTP.attribute("arn"))),
    ],
    CKV2_MEALS_105=[("certificate-left-out", HTTPS.remove("certificate_arn"))],
    CKV2_MEALS_106=[
        ("http-targets", CORE.change("protocol", to="HTTP")),
        ("target-protocol-left-out", ORDERING.remove("protocol")),
    ],
    CKV2_MEALS_107=[
        ("http-health-check", ORDERING.change("health_check", "protocol", to="HTTP")),
        ("health-check-left-out", CORE.remove("health_check")),
    ],
    CKV2_MEALS_109=[
        (
            "plaintext-queue-from-internet",
            TO_BROKER.update(referenced_security_group_id=None, cidr_ipv4="0.0.0.0/0", **ports(5671, 5672)),
        ),
        ("telnet-from-one-office", FROM_INTERNET.update(cidr_ipv4="8.8.8.0/24", **ports(23, 23))),
        ("all-traffic-from-internet", FROM_INTERNET.update(ip_protocol="-1", from_port=None, to_port=None)),
        ("port-80-without-redirect", HTTP.remove(), FROM_INTERNET_HTTP),
        ("port-80-given-to-servers", FROM_INTERNET_HTTP.change("security_group_id", to=CORE_GROUP.id)),
    ],
    CKV2_MEALS_120=[
        ("http-between-servers", TO_STREAM.update(**ports(80, 80))),
        ("plaintext-queue-from-servers", CORE_TO_BROKER.update(**ports(5671, 5672))),
        ("http-to-servers", TO_CORE.update(**ports(8080, 8080))),
        ("database-on-servers", TO_CORE.change("from_port", to=5432)),
        ("group-open-to-itself", STORE_GROUP.change("ingress", to=INLINE_INGRESS)),
    ],
    CKV2_MEALS_121=[
        ("ftp-through-network-acl", PUBLIC_ACL_HTTPS.change("from_port", to=21)),
        ("network-acl-open", PRIVATE_ACL_REPLIES.change("protocol", to="-1")),
    ],
    CKV2_MEALS_122=[
        ("plaintext-queue", TO_BROKER.update(**ports(5672, 5672))),
        ("range-around-queue", TO_BROKER.change("from_port", to=5670)),
        (
            "older-type-of-rule",
            Part("aws_security_group_rule", "messaging/plaintext").add(
                type="ingress",
                security_group_id=BROKER_GROUP.id,
                source_security_group_id=ORDERING_GROUP.id,
                protocol="tcp",
                **ports(5672, 5672),
            ),
        ),
        ("plaintext-stream", TO_STREAM.update(**ports(9092, 9092))),
        ("zookeeper", TO_STREAM.update(**ports(2181, 2181))),
    ],
    CKV2_MEALS_123=[("queue-logs-off", BROKER.change("logs", "general", to=False))],
    CKV2_MEALS_124=[
        ("old-queue", BROKER.change("engine_version", to="3.8")),
        ("queue-without-patches", BROKER.change("auto_minor_version_upgrade", to=False)),
    ],
    CKV2_MEALS_125=[
        (
            "stream-in-plaintext-too",
            CLUSTER.change("encryption_info", "encryption_in_transit", "client_broker", to="TLS_PLAINTEXT"),
        ),
        (
            "plaintext-between-stream-brokers",
            CLUSTER.change("encryption_info", "encryption_in_transit", "in_cluster", to=False),
        ),
    ],
    CKV2_MEALS_126=[
        ("stream-for-anyone", CLUSTER.change("client_authentication", "unauthenticated", to=True)),
        ("stream-without-authentication", CLUSTER.change("client_authentication", "sasl", "iam", to=False)),
    ],
    CKV2_MEALS_133=[
        ("sign-in-over-http", CLIENT.change("callback_urls", 0, to="http://meals.example/oauth2/idpresponse")),
        ("sign-out-over-http", CLIENT.change("logout_urls", to=["http://meals.example/"])),
    ],
    CKV2_MEALS_134=[
        (
            "identity-provider-over-http",
            Part(RULE, "edge/staff").add(
                listener_arn=HTTPS.attribute("arn"),
                priority=2,
                action=[SIGN_IN_OVER_HTTP, FORWARD],
                condition=[{"path_pattern": {"values": ["/staff*"]}}],
            ),
        )
    ],
    CKV2_MEALS_135=[
        (
            "http-subscription",
            Part(SUBSCRIPTION, "notifications/hook").add(
                topic_arn=TOPIC.attribute("arn"), protocol="http", endpoint="http://hooks.example/payments"
            ),
        ),
        ("subscription-becomes-http", TO_OPERATIONS.change("protocol", to="http")),
    ],
    CKV2_MEALS_136=[
        (
            "metrics-over-http",
            METRICS.change("http_endpoint_configuration", "url", to="http://awsmetrics-intake.datadoghq.com/v1/input"),
        )
    ],
    CKV2_MEALS_138=[
        ("external-systems-on-any-port", CORE_TO_ANYWHERE.update(ip_protocol="-1", from_port=None, to_port=None)),
        ("external-systems-over-http", ORDERING_TO_ANYWHERE.change("from_port", to=80)),
        ("group-with-egress-to-anywhere", BROKER_GROUP.change("egress", to=INLINE_EGRESS)),
    ],
)
