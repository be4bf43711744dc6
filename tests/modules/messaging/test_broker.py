"""Amazon MQ in the three environments, and ActiveMQ in prod (claims C5 and C7)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree

import pytest

from envs.load import load
from modules.messaging.engine import AMQPS_PORT, ENGINES, OPENWIRE_TLS_PORT
from tests.support.helpers import Document, Resource, resource, resources, statements, strings

SERVERS = {"core-server", "ordering-server", "event-store", "purchase-gateway"}


@pytest.fixture
def broker(document: Document) -> Mapping[str, Any]:
    return resource(document, "aws_mq_broker", "messaging/broker").body


@pytest.fixture(scope="session")
def activemq(prod_with: Callable[[Mapping[str, Any]], Document]) -> Document:
    return prod_with(
        {
            "broker.engine": "activemq",
            "broker.deployment_mode": "ACTIVE_STANDBY_MULTI_AZ",
            "broker.instance_type": "mq.m5.large",
            "release.broker_engine_version": "5.18",
        }
    )


def group(document: Document) -> Resource:
    return resource(document, "aws_security_group", "messaging/security-group/group")


def broker_urls(document: Document) -> list[str]:
    """What each server's user data says the broker's address is."""
    return [
        line.strip().removeprefix("BROKER_URL=")
        for text in strings(document["locals"])
        for line in text.splitlines()
        if line.strip().startswith("BROKER_URL=")
    ]


def test_is_not_publicly_accessible(broker: Mapping[str, Any]) -> None:
    assert broker["publicly_accessible"] is False


def test_is_in_the_private_subnets_of_its_replicas(
    broker: Mapping[str, Any], document: Document, environment: str
) -> None:
    subnets = [
        resource(document, "aws_subnet", f"network/replica-{replica}/private-subnet").reference("id")
        for replica in load(environment).broker_replicas
    ]
    assert broker["subnet_ids"] == subnets


def test_has_the_engine_version_of_the_release(broker: Mapping[str, Any], environment: str) -> None:
    assert broker["engine_version"] == load(environment).release.broker_engine_version


def test_minor_versions_are_upgraded(broker: Mapping[str, Any]) -> None:
    assert broker["auto_minor_version_upgrade"] is True


def test_is_encrypted_with_the_key_of_messaging(broker: Mapping[str, Any], document: Document) -> None:
    key = resource(document, "aws_kms_key", "keys/messaging/key")
    assert broker["encryption_options"] == {"kms_key_id": key.reference("arn"), "use_aws_owned_key": False}


def test_logs(broker: Mapping[str, Any]) -> None:
    assert broker["logs"] == {"general": True}  # RabbitMQ refuses `audit`, even false


def test_user_comes_from_secrets_manager(document: Document, broker: Mapping[str, Any], environment: str) -> None:
    (secret,) = [
        (name, body)
        for name, body in document["data"]["aws_secretsmanager_secret_version"].items()
        if body["secret_id"] == load(environment).broker.credentials_secret_name
    ]
    expression = f"jsondecode(data.aws_secretsmanager_secret_version.{secret[0]}.secret_string)"
    (user,) = broker["user"]
    assert user == {"username": f"${{{expression}.username}}", "password": f"${{{expression}.password}}"}


def test_a_rotated_password_does_not_break_rabbitmq(broker: Mapping[str, Any]) -> None:
    assert "user" in broker["lifecycle"]["ignore_changes"]


def test_every_server_reaches_it_over_tls(document: Document) -> None:
    ports = {
        each.path.rsplit("/", 1)[1]: (each.body["from_port"], each.body["to_port"])
        for each in resources(document, "aws_vpc_security_group_ingress_rule", under="messaging/")
    }
    assert ports == {f"from-{server}-{AMQPS_PORT}": (AMQPS_PORT, AMQPS_PORT) for server in SERVERS}


def test_only_security_groups_are_sources(document: Document) -> None:
    sources = {
        key
        for each in resources(document, "aws_vpc_security_group_ingress_rule", under="messaging/")
        for key in ("cidr_ipv4", "cidr_ipv6", "prefix_list_id")
        if key in each.body
    }
    assert not sources


def test_each_path_has_the_egress_of_its_server(document: Document) -> None:
    into = group(document).reference("id")
    servers = {
        each.path.split("/")[-2]
        for each in resources(document, "aws_vpc_security_group_egress_rule")
        if each.body.get("referenced_security_group_id") == into
    }
    assert len(servers) == len(SERVERS)


def test_opens_nothing_to_the_outside(document: Document) -> None:
    assert not resources(document, "aws_vpc_security_group_egress_rule", under="messaging/")


def test_has_its_own_security_group_only(broker: Mapping[str, Any], document: Document) -> None:
    assert broker["security_groups"] == [group(document).reference("id")]


def test_configuration_is_of_its_engine_version(document: Document, broker: Mapping[str, Any]) -> None:
    configuration = resource(document, "aws_mq_configuration", "messaging/configuration")
    assert configuration.body["engine_version"] == broker["engine_version"]


def test_configuration_is_used(document: Document, broker: Mapping[str, Any]) -> None:
    configuration = resource(document, "aws_mq_configuration", "messaging/configuration")
    assert broker["configuration"] == {
        "id": configuration.reference("id"),
        "revision": configuration.reference("latest_revision"),
    }


def test_retention_of_every_log_is_set_daily(document: Document, environment: str) -> None:
    broker = resource(document, "aws_mq_broker", "messaging/broker")
    calls = [
        (target["arn"].rsplit(":", 1)[1], json.loads(target["input"]))
        for each in resources(document, "aws_scheduler_schedule", under="messaging/")
        for target in [each.body["target"]]
        if each.body["schedule_expression"] == "rate(1 days)"
    ]
    days = load(environment).broker.log_retention_days
    assert [arguments for call, arguments in calls if call == "putRetentionPolicy"] == [
        {"LogGroupName": f"/aws/amazonmq/broker/{broker.reference('id')}/{log}", "RetentionInDays": days}
        for log in ENGINES["rabbitmq"].logs
    ]


def test_every_log_gets_the_key_of_logs(document: Document) -> None:
    key = resource(document, "aws_kms_key", "keys/logs/key")
    keys = [
        json.loads(each.body["target"]["input"])["KmsKeyId"]
        for each in resources(document, "aws_scheduler_schedule", under="messaging/")
        if each.body["target"]["arn"].endswith(":associateKmsKey")
    ]
    assert keys == [key.reference("arn")] * len(ENGINES["rabbitmq"].logs)


def test_every_server_knows_where_it_is(document: Document) -> None:
    broker = resource(document, "aws_mq_broker", "messaging/broker")
    url = f'${{regex("amqps://[^,]+:{AMQPS_PORT}", join(",", {broker.address}.instances[0].endpoints))}}'
    assert broker_urls(document) == [url] * len(SERVERS)


def test_no_order_of_endpoints_is_relied_on(document: Document, activemq: Document) -> None:
    """RabbitMQ's Prometheus URL comes first on AWS."""
    assert not any("endpoints, 0" in url or "endpoints[" in url for url in broker_urls(document))
    assert not any("endpoints, 0" in url or "endpoints[" in url for url in broker_urls(activemq))


@pytest.mark.parametrize(
    ("engine", "endpoints", "chosen"),
    [
        ("rabbitmq", "https://b-1.mq.us-east-1.on.aws/metrics,amqps://b-1.on.aws:5671", "amqps://b-1.on.aws:5671"),
        ("rabbitmq", "amqps://b-1.on.aws:5671,https://b-1.on.aws/metrics", "amqps://b-1.on.aws:5671"),
        ("activemq", "wss://b:61619,amqp+ssl://b:5671,stomp+ssl://b:61614,ssl://b:61617", "ssl://b:61617"),
        ("activemq", "ssl://b:61617,amqp+ssl://b:5671", "ssl://b:61617"),
    ],
)
def test_the_endpoint_is_found_by_scheme_and_port(engine: str, endpoints: str, chosen: str) -> None:
    made = ENGINES[engine]
    found = re.search(f"{made.scheme}://[^,]+:{made.port}", endpoints)
    assert found is not None
    assert found[0] == chosen


def test_servers_may_read_that_secret_only(document: Document, environment: str) -> None:
    settings = load(environment)
    arn = f"arn:aws:secretsmanager:{settings.region}:{settings.account_id}:secret:"
    policies = [
        statements(each.body["policy"])
        for each in resources(document, "aws_iam_role_policy")
        if "ReadBrokerUser" in each.body["policy"]
    ]
    assert [each["ReadBrokerUser"]["Resource"] for each in policies] == [
        [f"{arn}{settings.broker.credentials_secret_name}-??????"]
    ] * len(SERVERS)


def test_activemq_listens_on_openwire_over_tls_only(activemq: Document) -> None:
    ports = {
        (each.body["from_port"], each.body["to_port"])
        for each in resources(activemq, "aws_vpc_security_group_ingress_rule", under="messaging/")
    }
    assert ports == {(OPENWIRE_TLS_PORT, OPENWIRE_TLS_PORT)}


def test_activemq_logs_audits_too(activemq: Document) -> None:
    broker = resource(activemq, "aws_mq_broker", "messaging/broker").body
    assert broker["logs"] == {"audit": "true", "general": True}


def test_activemq_may_write_its_logs_before_it_exists(activemq: Document) -> None:
    policy = resource(activemq, "aws_cloudwatch_log_resource_policy", "messaging/log-writer/policy")
    assert policy.address in resource(activemq, "aws_mq_broker", "messaging/broker").body["depends_on"]


def test_activemq_user_is_in_the_group_that_is_authorized(activemq: Document) -> None:
    (user,) = resource(activemq, "aws_mq_broker", "messaging/broker").body["user"]
    data = resource(activemq, "aws_mq_configuration", "messaging/configuration").body["data"]
    entries = ElementTree.fromstring(data).iter("{http://activemq.apache.org/schema/core}authorizationEntry")
    groups = {entry.attrib[right] for entry in entries for right in ("admin", "read", "write")}
    assert groups == set(user["groups"])


def test_activemq_takes_a_rotated_password(activemq: Document) -> None:
    broker = resource(activemq, "aws_mq_broker", "messaging/broker").body
    assert "user" not in broker["lifecycle"]["ignore_changes"]


def test_activemq_clients_know_both_nodes(activemq: Document) -> None:
    name = resource(activemq, "aws_mq_broker", "messaging/broker").name
    nodes = ",".join(
        f'${{regex("ssl://[^,]+:{OPENWIRE_TLS_PORT}", join(",", aws_mq_broker.{name}.instances[{node}].endpoints))}}'
        for node in (0, 1)
    )
    assert broker_urls(activemq) == [f"failover:({nodes})"] * len(SERVERS)
