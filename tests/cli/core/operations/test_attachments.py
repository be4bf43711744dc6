"""What hangs on a resource and no parent reads back: found when nobody made it, a gap when nobody answers."""

from __future__ import annotations

from typing import Any

import pytest

from cli.core.operations.attachments import attachments
from cli.core.preconditions.model import NotAllowed, NotKnown
from tests.support.preconditions import CannedAccount

TOPIC = "arn:aws:sns:us-east-1:111111111111:meals-dev-orders"
PENDING = {"SubscriptionArn": "PendingConfirmation", "Protocol": "email", "Endpoint": "eve@x.example"}
ZONE = {"zone_id": "Z1", "name": "dev.meals.example"}
OWN = [{"Name": "dev.meals.example.", "Type": kind} for kind in ("NS", "SOA")]
ACCOUNT = ("sts", "get_caller_identity")
SUBSCRIPTIONS = ("sns", "list_subscriptions_by_topic")

CASES: list[tuple[str, tuple[str, dict[str, Any]], dict[tuple[str, str], Any], tuple[str, dict[str, Any]], str]] = [
    (
        "subscription",
        ("aws_sns_topic", {"arn": TOPIC, "id": TOPIC}),
        {SUBSCRIPTIONS: {"Subscriptions": [PENDING]}},
        ("aws_sns_topic_subscription", {"topic_arn": TOPIC, "protocol": "email", "endpoint": "eve@x.example"}),
        "email to eve@x.example",
    ),
    (
        "subscription",
        ("aws_sns_topic", {"arn": TOPIC, "id": TOPIC}),
        {
            SUBSCRIPTIONS: {
                "Subscriptions": [{**PENDING, "SubscriptionArn": f"{TOPIC}:1", "Endpoint": "https://u:****@x"}]
            }
        },
        ("aws_sns_topic_subscription", {"arn": f"{TOPIC}:1", "topic_arn": TOPIC, "endpoint": "https://u:p@x"}),
        "email to https://u:****@x",
    ),
    (
        "client",
        ("aws_cognito_user_pool", {"id": "pool"}),
        {("cognito-idp", "list_user_pool_clients"): {"UserPoolClients": [{"ClientId": "c1", "ClientName": "app"}]}},
        ("aws_cognito_user_pool_client", {"id": "c1", "user_pool_id": "pool"}),
        "app (c1)",
    ),
    (
        "identity provider",
        ("aws_cognito_user_pool", {"id": "pool"}),
        {
            ("cognito-idp", "list_identity_providers"): {
                "Providers": [{"ProviderName": "Corp", "ProviderType": "SAML"}],
            }
        },
        ("aws_cognito_identity_provider", {"provider_name": "Corp", "user_pool_id": "pool"}),
        "Corp (SAML)",
    ),
    (
        "listener",
        ("aws_lb", {"arn": "lb", "id": "lb"}),
        {("elbv2", "describe_listeners"): {"Listeners": [{"ListenerArn": "l1", "Protocol": "HTTP", "Port": 8080}]}},
        ("aws_lb_listener", {"arn": "l1", "load_balancer_arn": "lb"}),
        "HTTP 8080",
    ),
    (
        "listener rule",
        ("aws_lb_listener", {"arn": "l1"}),
        {
            ("elbv2", "describe_rules"): {
                "Rules": [
                    {"RuleArn": "r0", "IsDefault": True},
                    {"RuleArn": "r1", "IsDefault": False, "Priority": "5", "Actions": [{"Type": "forward"}]},
                ]
            }
        },
        ("aws_lb_listener_rule", {"arn": "r1", "listener_arn": "l1"}),
        "priority 5: forward",
    ),
    (
        "record",
        ("aws_route53_zone", ZONE),
        {
            ("route53", "list_resource_record_sets"): {
                "ResourceRecordSets": [*OWN, {"Name": "\\052.dev.meals.example.", "Type": "A"}]
            }
        },
        ("aws_route53_record", {"fqdn": "*.dev.meals.example", "type": "A", "zone_id": "Z1", "set_identifier": None}),
        "A *.dev.meals.example",
    ),
    (
        "record",
        ("aws_route53_zone", ZONE),
        {
            ("route53", "list_resource_record_sets"): {
                "ResourceRecordSets": [*OWN, {"Name": "shop.dev.meals.example.", "Type": "NS"}]
            }
        },
        ("aws_route53_record", {"fqdn": "shop.dev.meals.example", "type": "NS", "zone_id": "Z1"}),
        "NS shop.dev.meals.example",
    ),
    (
        "VPC endpoint",
        ("aws_vpc", {"id": "vpc-1"}),
        {
            ("ec2", "describe_vpc_endpoints"): {
                "VpcEndpoints": [
                    {"VpcEndpointId": "vpce-1", "ServiceName": "com.amazonaws.us-east-1.sts"},
                    {"VpcEndpointId": "vpce-2", "ServiceName": "of a service", "RequesterManaged": True},
                ]
            }
        },
        ("aws_vpc_endpoint", {"id": "vpce-1"}),
        "com.amazonaws.us-east-1.sts (vpce-1)",
    ),
    (
        "subscription filter",
        ("aws_cloudwatch_log_group", {"name": "/meals/dev/core-server"}),
        {
            ("logs", "describe_subscription_filters"): {
                "subscriptionFilters": [{"filterName": "all", "destinationArn": "arn:eve"}]
            }
        },
        (
            "aws_cloudwatch_log_subscription_filter",
            {"name": "all", "log_group_name": "/meals/dev/core-server"},
        ),
        "all to arn:eve",
    ),
    (
        "Kinesis stream",
        ("aws_dynamodb_table", {"name": "events"}),
        {
            ("dynamodb", "describe_kinesis_streaming_destination"): {
                "KinesisDataStreamDestinations": [
                    {"StreamArn": "arn:eve", "DestinationStatus": "ACTIVE"},
                    {"StreamArn": "arn:before", "DestinationStatus": "DISABLED"},
                ]
            }
        },
        ("aws_dynamodb_kinesis_streaming_destination", {"stream_arn": "arn:eve", "table_name": "events"}),
        "arn:eve",
    ),
]


def state(at: int, resource: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """A resource as terraform shows it."""
    type_, values = resource
    return {"address": f"{type_}.{at}", "type": type_, "values": values}


def account(answers: dict[tuple[str, str], Any]) -> CannedAccount:
    """An account with one kind of thing in it, and nothing of the others."""
    others: dict[tuple[str, str], Any] = {
        ("cognito-idp", "list_user_pool_clients"): {},
        ("cognito-idp", "list_identity_providers"): {},
    }
    others |= {("elbv2", "describe_rules"): {}}
    return CannedAccount({ACCOUNT: {"Account": "111111111111"}, **others, **answers})


@pytest.mark.parametrize(("kind", "parent", "answers", "child", "text"), CASES)
def test_what_nobody_made_is_found_and_what_the_state_has_is_not(
    kind: str, parent: tuple[str, Any], answers: dict[tuple[str, str], Any], child: tuple[str, Any], text: str
) -> None:
    resources = [state(0, parent)]
    alone = attachments(resources, resources, account(answers))
    (attribute,) = alone.found[f"{parent[0]}.0"]
    assert (attribute.path, attribute.after.text) == (kind, text)
    made = attachments(resources, [*resources, state(1, child)], account(answers))
    assert (made.found, made.gaps) == ({}, ())


def test_a_child_of_another_parent_explains_nothing() -> None:
    other = {"topic_arn": f"{TOPIC}-2", "protocol": "email", "endpoint": "eve@x.example"}
    resources = [state(0, ("aws_sns_topic", {"arn": TOPIC})), state(1, ("aws_sns_topic_subscription", other))]
    assert attachments(resources, resources, account({SUBSCRIPTIONS: {"Subscriptions": [PENDING]}})).found


def refuse(error: Exception) -> Any:
    def ask(**_: Any) -> None:
        raise error

    return ask


@pytest.mark.parametrize(
    ("answers", "gap"),
    [
        ({SUBSCRIPTIONS: refuse(NotAllowed("sns:ListSubscriptionsByTopic: AccessDenied"))}, "AccessDenied"),
        ({SUBSCRIPTIONS: refuse(NotKnown("no answer"))}, "no answer"),
        ({SUBSCRIPTIONS: {}, ACCOUNT: {"Account": "222222222222"}}, "account 222222222222"),
        ({SUBSCRIPTIONS: {}, ACCOUNT: refuse(NotAllowed("sts"))}, "sts"),
    ],
)
def test_what_cannot_be_asked_is_a_gap(answers: dict[tuple[str, str], Any], gap: str) -> None:
    topics = [state(at, ("aws_sns_topic", {"arn": f"{TOPIC}-{at}"})) for at in range(2)]
    asked = attachments(topics, topics, account(answers))
    assert asked.found == {}
    (only,) = asked.gaps
    assert only.startswith("subscriptions of aws_sns_topic (")
    assert gap in only


def test_nothing_is_asked_for_what_is_not_there() -> None:
    assert attachments([], [], CannedAccount({})).gaps == ()
