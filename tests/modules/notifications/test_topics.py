"""SNS in the three environments, and mobile push and SMS in prod."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from envs.load import load
from tests.support.helpers import Document, resource, resources, statements

KINDS = ("meal-out-of-stock", "meal-ready", "payment-failed")


@pytest.fixture(scope="session")
def messaging_phones(prod_with: Callable[[Mapping[str, Any]], Document]) -> Document:
    return prod_with(
        {
            "notifications.sms": {"monthly_spend_limit_usd": 50, "default_sender_id": "MEALS"},
            "notifications.mobile_push": (
                {"platform": "APNS", "credential_secret_name": "meals/prod/apns"},
                {"platform": "GCM", "credential_secret_name": "meals/prod/gcm"},
            ),
        }
    )


def secret_string(document: Document, secret_name: str) -> str:
    (name,) = [
        name
        for name, body in document["data"]["aws_secretsmanager_secret_version"].items()
        if body["secret_id"] == secret_name
    ]
    return f"data.aws_secretsmanager_secret_version.{name}.secret_string"


def test_a_topic_per_kind_of_event(document: Document, environment: str) -> None:
    names = [each.body["name"] for each in resources(document, "aws_sns_topic")]
    assert names == [f"meals-{environment}-{kind}" for kind in KINDS]


def test_topics_are_encrypted_with_the_key_of_notifications(document: Document) -> None:
    key = resource(document, "aws_kms_key", "keys/notifications/key")
    keys = {each.body["kms_master_key_id"] for each in resources(document, "aws_sns_topic")}
    assert keys == {key.reference("arn")}


def test_messages_are_signed_with_sha256(document: Document) -> None:
    assert {each.body["signature_version"] for each in resources(document, "aws_sns_topic")} == {2}


@pytest.mark.parametrize("kind", KINDS)
def test_policy_refuses_plain_http(document: Document, kind: str) -> None:
    policy = resource(document, "aws_sns_topic_policy", f"notifications/{kind}-policy").body["policy"]
    denied = statements(policy)["DenyInsecureTransport"]
    assert (denied["Effect"], denied["Principal"], denied["Action"], denied["Condition"]) == (
        "Deny",
        "*",
        ["sns:Publish"],
        {"Bool": {"aws:SecureTransport": "false"}},
    )


@pytest.mark.parametrize("kind", KINDS)
def test_policy_lets_only_this_account_in(document: Document, environment: str, kind: str) -> None:
    policy = resource(document, "aws_sns_topic_policy", f"notifications/{kind}-policy").body["policy"]
    allowed = [each["Principal"] for each in statements(policy).values() if each["Effect"] == "Allow"]
    assert allowed == [{"AWS": [f"arn:aws:iam::{load(environment).account_id}:root"]}]


@pytest.mark.parametrize("kind", KINDS)
def test_policy_is_about_its_own_topic(document: Document, environment: str, kind: str) -> None:
    policy = resource(document, "aws_sns_topic_policy", f"notifications/{kind}-policy").body["policy"]
    arn = f"arn:aws:sns:us-east-1:{load(environment).account_id}:meals-{environment}-{kind}"
    assert {tuple(each["Resource"]) for each in statements(policy).values()} == {(arn,)}


@pytest.mark.parametrize("kind", KINDS)
def test_policy_is_attached(document: Document, kind: str) -> None:
    topic = resource(document, "aws_sns_topic", f"notifications/{kind}")
    policy = resource(document, "aws_sns_topic_policy", f"notifications/{kind}-policy")
    assert policy.body["arn"] == topic.reference("arn")


def test_subscribers_are_those_of_the_settings(document: Document, environment: str) -> None:
    expected = [
        (kind, address)
        for kind, topic in sorted(load(environment).notifications.topics.items())
        for address in sorted(topic.email)
    ]
    found = [
        (each.path.removeprefix("notifications/").split("-email-")[0], each.body["endpoint"])
        for each in resources(document, "aws_sns_topic_subscription")
    ]
    assert found == expected


def test_no_subscription_over_http(document: Document) -> None:
    assert {each.body["protocol"] for each in resources(document, "aws_sns_topic_subscription")} == {"email"}


@pytest.mark.parametrize("path", ["", "/Failure"])
def test_delivery_logs_are_where_sns_writes(document: Document, environment: str, path: str) -> None:
    groups = {each.body["name"] for each in resources(document, "aws_cloudwatch_log_group", under="notifications/")}
    prefix = f"sns/us-east-1/{load(environment).account_id}/meals-{environment}"
    assert groups >= {f"{prefix}-{kind}{path}" for kind in KINDS}


def test_delivery_logs_are_encrypted_with_the_key_of_logs(document: Document) -> None:
    key = resource(document, "aws_kms_key", "keys/logs/key")
    groups = resources(document, "aws_cloudwatch_log_group", under="notifications/")
    assert {each.body["kms_key_id"] for each in groups} == {key.reference("arn")}


def test_sns_may_write_to_those_log_groups_only(document: Document) -> None:
    policy = resource(document, "aws_iam_role_policy", "notifications/delivery-logs/role/policy").body["policy"]
    (statement,) = statements(policy).values()
    groups = [each.body["name"] for each in resources(document, "aws_cloudwatch_log_group", under="notifications/")]
    assert sorted(arn.split(":log-group:")[1] for arn in statement["Resource"]) == sorted(
        f"{name}:*" for name in groups
    )


def test_sms_preferences_only_where_the_settings_own_them(document: Document, environment: str) -> None:
    owned = load(environment).notifications.sms is not None
    assert len(resources(document, "aws_sns_sms_preferences")) == owned


def test_no_platform_application_without_credentials(document: Document) -> None:
    assert not resources(document, "aws_sns_platform_application")


def test_sms_preferences_are_those_of_the_settings(messaging_phones: Document) -> None:
    (preferences,) = resources(messaging_phones, "aws_sns_sms_preferences")
    limit, sender = preferences.body["monthly_spend_limit"], preferences.body["default_sender_id"]
    assert (limit, sender) == (50, "MEALS")


def test_sms_deliveries_are_logged(messaging_phones: Document) -> None:
    role = resource(messaging_phones, "aws_iam_role", "notifications/delivery-logs/role/role")
    (preferences,) = resources(messaging_phones, "aws_sns_sms_preferences")
    assert preferences.body["delivery_status_iam_role_arn"] == role.reference("arn")


def test_apple_push_is_authenticated_by_token(messaging_phones: Document) -> None:
    body = resource(messaging_phones, "aws_sns_platform_application", "notifications/application-APNS/application").body
    secret = f"jsondecode({secret_string(messaging_phones, 'meals/prod/apns')})"
    keys = ("platform_credential", "platform_principal", "apple_platform_team_id", "apple_platform_bundle_id")
    parts = ("signing_key", "signing_key_id", "team_id", "bundle_id")
    assert [body[key] for key in keys] == [f"${{{secret}.{part}}}" for part in parts]


def test_google_push_takes_the_service_account_as_it_is(messaging_phones: Document) -> None:
    body = resource(messaging_phones, "aws_sns_platform_application", "notifications/application-GCM/application").body
    assert body["platform_credential"] == f"${{{secret_string(messaging_phones, 'meals/prod/gcm')}}}"


def test_the_core_server_signs_phones_and_devices_up_and_nothing_else(document: Document) -> None:
    policy = resource(document, "aws_iam_role_policy", "servers/core-server/instance-profile/policy")
    statement = statements(policy.body["policy"])["SubscribeCustomers"]
    topics = [f"${{{resource(document, 'aws_sns_topic', f'notifications/{kind}').address}.arn}}" for kind in KINDS]
    assert statement["Action"] == ["sns:Subscribe"]
    assert sorted(statement["Resource"]) == sorted(topics)
    assert statement["Condition"] == {"StringEquals": {"sns:Protocol": ["application", "sms"]}}


def test_devices_are_registered_with_the_push_services_of_the_settings(messaging_phones: Document) -> None:
    policy = resource(messaging_phones, "aws_iam_role_policy", "servers/core-server/instance-profile/policy")
    assert statements(policy.body["policy"])["RegisterDevices"]["Resource"] == [
        "arn:aws:sns:us-east-1:333333333333:app/APNS/meals-prod-apns",
        "arn:aws:sns:us-east-1:333333333333:app/GCM/meals-prod-gcm",
    ]


def test_the_ordering_server_signs_nobody_up(document: Document) -> None:
    policy = resource(document, "aws_iam_role_policy", "servers/ordering-server/instance-profile/policy")
    assert "sns:" not in policy.body["policy"]


def test_no_environment_asks_for_more_than_a_new_account_may_spend() -> None:
    """AWS refuses a limit above the account's quota, which is 1 USD until it is raised."""
    owners = [load(environment).notifications.sms for environment in ("dev", "staging", "prod")]
    assert [sms.monthly_spend_limit_usd for sms in owners if sms] == [1]
