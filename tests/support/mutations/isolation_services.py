"""Sabotages of what stands in the network: brokers, load balancers, endpoints, resource policies, servers, logs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.support.mutation import Edit, Mutation, add, body, change, reference, remove
from tests.support.mutations.isolation import subnets

TEMPLATE = "aws_launch_template"
SUBNET = "aws_subnet"
VPC = "network/vpc/vpc"
PRIVATE_SUBNET = "network/replica-1/private-subnet"
PUBLIC_SUBNET = "network/replica-1/public-subnet"
EVENT_STORE_TEMPLATE = "event-store/server/launch-template/template"
CORE_TEMPLATE = "servers/core-server/launch-template/template"
TABLE = "event-store/table/table"
BACKUPS = "event-store/backup-bucket/bucket"
BROKER = "messaging/broker"
CLUSTER = "streaming/cluster/cluster"
EDGE = "edge/public/load-balancer/load-balancer"
PRIVATE_BALANCER = "edge/private-load-balancer/load-balancer/load-balancer"


def policy(type: str, path: str, change: Callable[[list[dict[str, Any]]], None]) -> Edit:
    """A change to the statements of a resource's policy."""

    def edit(document: dict[str, Any]) -> None:
        found = body(document, type, path)
        decoded = json.loads(found["policy"])
        change(decoded["Statement"])
        found["policy"] = json.dumps(decoded)

    return edit


def perimeter(statements: list[dict[str, Any]]) -> dict[str, Any]:
    """The statement that keeps calls from outside away."""
    (found,) = [each for each in statements if each["Sid"] == "DenyOutsideVpcEndpoint"]
    return found


def without_perimeter(statements: list[dict[str, Any]]) -> None:
    """Drop the statement that keeps calls from outside away."""
    statements.remove(perimeter(statements))


def if_exists(statements: list[dict[str, Any]]) -> None:
    """Let calls without endpoint through."""
    conditions = perimeter(statements)["Condition"]
    conditions["StringNotEqualsIfExists"] = conditions.pop("StringNotEquals")


def any_endpoint(statements: list[dict[str, Any]]) -> None:
    """Let calls through any endpoint of anyone in."""
    perimeter(statements)["Condition"]["StringNotEquals"] = {"aws:SourceVpce": "vpce-*"}


def without_scan(statements: list[dict[str, Any]]) -> None:
    """Leave out an action that reads."""
    perimeter(statements)["Action"].remove("dynamodb:Scan")


def spare_services(statements: list[dict[str, Any]]) -> None:
    """Except what any service does with its caller's permissions."""
    perimeter(statements)["Condition"]["Bool"] = {"aws:ViaAWSService": "false"}


def spare_roles(statements: list[dict[str, Any]]) -> None:
    """Except every role."""
    perimeter(statements)["Condition"]["ArnNotLike"] = {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}


def for_one_caller(statements: list[dict[str, Any]]) -> None:
    """Refuse one caller only."""
    perimeter(statements)["Principal"] = {"AWS": "arn:aws:iam::333333333333:role/reader"}


def unconditional(statements: list[dict[str, Any]]) -> None:
    """Allow what was allowed to callers of the account to everyone."""
    del statements[0]["Condition"]


def open_to_everyone(statements: list[dict[str, Any]]) -> None:
    """Allow everyone to act."""
    statements.append({"Sid": "Open", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*", "Resource": "*"})


def broker_subnets(document: dict[str, Any]) -> None:
    """A public subnet for the stream's brokers."""
    nodes = body(document, "aws_msk_cluster", CLUSTER)["broker_node_group_info"]
    nodes["client_subnets"][0] = reference(document, SUBNET, PUBLIC_SUBNET)


MUTATIONS: tuple[Mutation, ...] = (
    # broker, stream, load balancers
    Mutation(
        "a public broker",
        "CKV2_MEALS_216",
        BROKER,
        change("aws_mq_broker", BROKER, "publicly_accessible", to=True),
    ),
    Mutation(
        "a public stream",
        "CKV2_MEALS_217",
        CLUSTER,
        change(
            "aws_msk_cluster",
            CLUSTER,
            "broker_node_group_info",
            "connectivity_info",
            "public_access",
            "type",
            to="SERVICE_PROVIDED_EIPS",
        ),
    ),
    Mutation(
        "the broker in public subnets",
        "CKV2_MEALS_219",
        BROKER,
        subnets("aws_mq_broker", BROKER, "subnet_ids", PUBLIC_SUBNET, PRIVATE_SUBNET),
    ),
    Mutation("the stream in a public subnet", "CKV2_MEALS_219", CLUSTER, broker_subnets),
    Mutation(
        "the private load balancer facing the internet",
        "CKV2_MEALS_227",
        PRIVATE_BALANCER,
        change("aws_lb", PRIVATE_BALANCER, "internal", to=False),
    ),
    Mutation(
        "the edge without web ACL",
        "CKV2_MEALS_228",
        EDGE,
        remove("aws_wafv2_web_acl_association", "edge/public/web-acl/association"),
    ),
    # endpoints and resource policies
    Mutation(
        "a gateway endpoint without policy",
        "CKV2_MEALS_220",
        "network/gateway-endpoints/s3",
        remove("aws_vpc_endpoint", "network/gateway-endpoints/s3", "policy"),
    ),
    Mutation(
        "everything through the gateway endpoint",
        "CKV2_MEALS_220",
        "network/gateway-endpoints/dynamodb",
        policy("aws_vpc_endpoint", "network/gateway-endpoints/dynamodb", open_to_everyone),
    ),
    Mutation(
        "an interface endpoint for every account",
        "CKV2_MEALS_220",
        "network/interface-endpoints/kms",
        policy("aws_vpc_endpoint", "network/interface-endpoints/kms", unconditional),
    ),
    *(
        Mutation(
            f"the table's perimeter: {name}",
            "CKV2_MEALS_222",
            TABLE,
            policy("aws_dynamodb_resource_policy", "event-store/table/policy", edit),
        )
        for name, edit in (
            ("gone", without_perimeter),
            ("only if the call has an endpoint", if_exists),
            ("any endpoint", any_endpoint),
            ("without Scan", without_scan),
            ("every role spared", spare_roles),
            ("for one caller", for_one_caller),
        )
    ),
    Mutation(
        "the stream's policy gone",
        "CKV2_MEALS_222",
        TABLE,
        remove("aws_dynamodb_resource_policy", "event-store/table/stream-policy"),
    ),
    *(
        Mutation(
            f"the backups' perimeter: {name}",
            "CKV2_MEALS_223",
            BACKUPS,
            policy("aws_s3_bucket_policy", "event-store/backup-bucket/policy", edit),
        )
        for name, edit in (
            ("gone", without_perimeter),
            ("only if the call has an endpoint", if_exists),
            ("every service spared", spare_services),
        )
    ),
    Mutation(
        "images for everyone",
        "CKV2_MEALS_114",
        "storage/images/policy",
        policy("aws_s3_bucket_policy", "storage/images/policy", open_to_everyone),
    ),
    Mutation(
        "a topic for everyone",
        "CKV2_MEALS_115",
        "notifications/meal-ready-policy",
        policy("aws_sns_topic_policy", "notifications/meal-ready-policy", open_to_everyone),
    ),
    # servers and logs
    Mutation(
        "IMDSv1 on event-store servers",
        "CKV2_MEALS_224",
        EVENT_STORE_TEMPLATE,
        change(TEMPLATE, EVENT_STORE_TEMPLATE, "metadata_options", "http_tokens", to="optional"),
    ),
    Mutation(
        "no metadata options on core servers",
        "CKV2_MEALS_224",
        CORE_TEMPLATE,
        remove(TEMPLATE, CORE_TEMPLATE, "metadata_options"),
    ),
    Mutation(
        "two hops for metadata",
        "CKV2_MEALS_225",
        CORE_TEMPLATE,
        change(TEMPLATE, CORE_TEMPLATE, "metadata_options", "http_put_response_hop_limit", to=2),
    ),
    Mutation(
        "no flow log",
        "CKV2_MEALS_226",
        VPC,
        remove("aws_flow_log", "network/flow-logs/flow-log"),
    ),
    Mutation(
        "a flow log of rejected traffic only",
        "CKV2_MEALS_226",
        VPC,
        change("aws_flow_log", "network/flow-logs/flow-log", "traffic_type", to="REJECT"),
    ),
    Mutation(
        "the default VPC in use",
        "CKV2_MEALS_232",
        "sabotage",
        add("aws_default_vpc", "sabotage", lambda _: {"tags": {"Name": "default"}}),
    ),
)
