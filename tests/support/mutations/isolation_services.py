"""Sabotages of what stands in the network: brokers, load balancers, endpoints, resource policies, servers, logs."""

from __future__ import annotations

from typing import Any

from tests.support.mutation import Part, Statements, by_rule, statement_of
from tests.support.mutations.isolation import (
    CORE_TEMPLATE,
    EVENT_STORE_TEMPLATE,
    PRIVATE_SUBNET,
    PUBLIC_SUBNET,
    VPC,
    subnets,
)

ENDPOINT = "aws_vpc_endpoint"
TABLE_POLICY = "aws_dynamodb_resource_policy"
BUCKET_POLICY = "aws_s3_bucket_policy"

TABLE = Part("aws_dynamodb_table", "event-store/table/table")
BACKUPS = Part("aws_s3_bucket", "event-store/backup-bucket/bucket")
IMAGES_POLICY = Part(BUCKET_POLICY, "storage/images/policy")
READY_POLICY = Part("aws_sns_topic_policy", "notifications/meal-ready-policy")
BROKER = Part("aws_mq_broker", "messaging/broker")
CLUSTER = Part("aws_msk_cluster", "streaming/cluster/cluster")
EDGE = Part("aws_lb", "edge/public/load-balancer/load-balancer")
WEB_ACL = Part("aws_wafv2_web_acl_association", "edge/public/web-acl/association")
PRIVATE_BALANCER = Part("aws_lb", "edge/private-load-balancer/load-balancer/load-balancer")
S3_ENDPOINT = Part(ENDPOINT, "network/gateway-endpoints/s3")
DYNAMODB_ENDPOINT = Part(ENDPOINT, "network/gateway-endpoints/dynamodb")
LOGS_ENDPOINT = Part(ENDPOINT, "network/interface-endpoints/logs")
FLOW_LOG = Part("aws_flow_log", "network/flow-logs/flow-log")


def perimeter(statements: Statements) -> dict[str, Any]:
    """The statement that keeps calls from outside away."""
    return statement_of("DenyOutsideVpcEndpoint", statements)


def without_perimeter(statements: Statements) -> None:
    """Drop the statement that keeps calls from outside away."""
    statements.remove(perimeter(statements))


def if_exists(statements: Statements) -> None:
    """Let calls without endpoint through."""
    conditions = perimeter(statements)["Condition"]
    conditions["StringNotEqualsIfExists"] = conditions.pop("StringNotEquals")


def any_endpoint(statements: Statements) -> None:
    """Let calls through any endpoint of anyone in."""
    perimeter(statements)["Condition"]["StringNotEquals"] = {"aws:SourceVpce": "vpce-*"}


def without_scan(statements: Statements) -> None:
    """Leave out an action that reads."""
    perimeter(statements)["Action"].remove("dynamodb:Scan")


def spare_services(statements: Statements) -> None:
    """Except what any service does with its caller's permissions."""
    perimeter(statements)["Condition"]["Bool"] = {"aws:ViaAWSService": "false"}


def spare_roles(statements: Statements) -> None:
    """Except every role."""
    perimeter(statements)["Condition"]["ArnNotLike"] = {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}


def for_one_caller(statements: Statements) -> None:
    """Refuse one caller only."""
    perimeter(statements)["Principal"] = {"AWS": "arn:aws:iam::333333333333:role/reader"}


def unconditional(statements: Statements) -> None:
    """Allow what was allowed to callers of the account to everyone."""
    del statements[0]["Condition"]


def open_to_everyone(statements: Statements) -> None:
    """Allow everyone to act."""
    statements.append({"Sid": "Open", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*", "Resource": "*"})


MUTATIONS = by_rule(
    # broker, stream, load balancers
    CKV2_MEALS_216=[("a public broker", BROKER.change("publicly_accessible", to=True))],
    CKV2_MEALS_217=[
        (
            "a public stream",
            CLUSTER.change(
                "broker_node_group_info",
                "connectivity_info",
                "public_access",
                "type",
                to="SERVICE_PROVIDED_EIPS",
            ),
        )
    ],
    CKV2_MEALS_219=[
        ("the broker in public subnets", subnets(BROKER, "subnet_ids", PUBLIC_SUBNET, PRIVATE_SUBNET)),
        (
            "the stream in a public subnet",
            CLUSTER.change("broker_node_group_info", "client_subnets", 0, to=PUBLIC_SUBNET.id),
        ),
    ],
    CKV2_MEALS_227=[("the private load balancer facing the internet", PRIVATE_BALANCER.change("internal", to=False))],
    CKV2_MEALS_228=[("the edge without web ACL", WEB_ACL.remove(), EDGE)],
    # endpoints and resource policies
    CKV2_MEALS_220=[
        ("a gateway endpoint without policy", S3_ENDPOINT.remove("policy")),
        ("everything through the gateway endpoint", DYNAMODB_ENDPOINT.policy(open_to_everyone)),
        ("an interface endpoint for every account", LOGS_ENDPOINT.policy(unconditional)),
    ],
    CKV2_MEALS_222=[
        *(
            (f"the table's perimeter: {name}", Part(TABLE_POLICY, "event-store/table/policy").policy(sabotage), TABLE)
            for name, sabotage in (
                ("gone", without_perimeter),
                ("only if the call has an endpoint", if_exists),
                ("any endpoint", any_endpoint),
                ("without Scan", without_scan),
                ("every role spared", spare_roles),
                ("for one caller", for_one_caller),
            )
        ),
        ("the stream's policy gone", Part(TABLE_POLICY, "event-store/table/stream-policy").remove(), TABLE),
    ],
    CKV2_MEALS_223=[
        (
            f"the backups' perimeter: {name}",
            Part(BUCKET_POLICY, "event-store/backup-bucket/policy").policy(sabotage),
            BACKUPS,
        )
        for name, sabotage in (
            ("gone", without_perimeter),
            ("only if the call has an endpoint", if_exists),
            ("every service spared", spare_services),
        )
    ],
    CKV2_MEALS_114=[("images for everyone", IMAGES_POLICY.policy(open_to_everyone))],
    CKV2_MEALS_115=[("a topic for everyone", READY_POLICY.policy(open_to_everyone))],
    # servers and logs
    CKV2_MEALS_224=[
        (
            "IMDSv1 on event-store servers",
            EVENT_STORE_TEMPLATE.change("metadata_options", "http_tokens", to="optional"),
        ),
        ("no metadata options on core servers", CORE_TEMPLATE.remove("metadata_options")),
    ],
    CKV2_MEALS_225=[
        ("two hops for metadata", CORE_TEMPLATE.change("metadata_options", "http_put_response_hop_limit", to=2))
    ],
    CKV2_MEALS_226=[
        ("no flow log", FLOW_LOG.remove(), VPC),
        ("a flow log of rejected traffic only", FLOW_LOG.change("traffic_type", to="REJECT"), VPC),
    ],
    CKV2_MEALS_232=[("the default VPC in use", Part("aws_default_vpc", "sabotage").add(tags={"Name": "default"}))],
    CKV2_MEALS_241=[
        (
            "a DNS firewall that fails open",
            Part("aws_route53_resolver_firewall_config", "network/dns-firewall/config").change(
                "firewall_fail_open", to="ENABLED"
            ),
        ),
        ("a web ACL that fails open", EDGE.update(enable_waf_fail_open=True)),
    ],
)
