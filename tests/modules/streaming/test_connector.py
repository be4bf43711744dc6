"""The optional MSK Connect connector: the Kafka topic of metrics to DataDog (claim C9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from modules.network.wellknown import HTTPS_PORT
from modules.streaming.cluster import IAM_PORT
from tests.support.helpers import Document, resource, resources, statements

PATH = "streaming/metrics-export/connector"


@pytest.fixture(scope="module")
def document(express_with_connector: Document) -> Document:
    return express_with_connector


@pytest.fixture(scope="module")
def connector(document: Document) -> Mapping[str, Any]:
    return resource(document, "aws_mskconnect_connector", f"{PATH}/connector").body


def group(document: Document, path: str) -> str:
    return resource(document, "aws_security_group", f"{path}/group").reference("id")


def first_brokers(document: Document, count: int) -> str:
    """The addresses of the brokers with the lowest ids."""
    ((name, _),) = document["data"]["aws_msk_broker_nodes"].items()
    hosts = [
        f"element(tolist(data.aws_msk_broker_nodes.{name}.node_info_list[{index}].endpoints), 0)"
        for index in range(count)
    ]
    return ",".join(f"${{{host}}}:{IAM_PORT}" for host in hosts)


def reached_from(document: Document, client: str) -> set[tuple[str, int]]:
    """Groups and ports that the members of a group may open connections to."""
    return {
        (each.body["referenced_security_group_id"], each.body["to_port"])
        for each in resources(document, "aws_vpc_security_group_egress_rule")
        if each.body["security_group_id"] == client and "referenced_security_group_id" in each.body
    }


def test_reads_the_topic_of_metrics(connector: Mapping[str, Any]) -> None:
    assert connector["connector_configuration"]["topics"] == "metrics-export"


def test_connects_to_the_cluster_with_iam_over_tls(connector: Mapping[str, Any]) -> None:
    authentication = connector["kafka_cluster_client_authentication"]["authentication_type"]
    encryption = connector["kafka_cluster_encryption_in_transit"]["encryption_type"]
    assert (authentication, encryption) == ("IAM", "TLS")


def test_connects_to_the_first_brokers_of_this_cluster(connector: Mapping[str, Any], document: Document) -> None:
    servers = connector["kafka_cluster"]["apache_kafka_cluster"]["bootstrap_servers"]
    assert servers == first_brokers(document, 3)


def test_api_key_is_named_not_held(connector: Mapping[str, Any]) -> None:
    key = connector["connector_configuration"]["datadog.api_key"]
    assert key == "$${secretsmanager:meals/prod/datadog:api_key}"


def test_workers_can_resolve_that_name(document: Document) -> None:
    body = resource(document, "aws_mskconnect_worker_configuration", f"{PATH}/worker-configuration").body
    assert "config.providers=secretsmanager" in body["properties_file_content"].splitlines()


def test_plugin_is_that_of_the_settings(document: Document) -> None:
    location = resource(document, "aws_mskconnect_custom_plugin", f"{PATH}/plugin").body["location"]
    assert location == {
        "s3": {"bucket_arn": "arn:aws:s3:::meals-prod-artifacts", "file_key": "datadog-kafka-connect.zip"}
    }


def test_workers_are_those_of_the_settings(connector: Mapping[str, Any]) -> None:
    assert connector["capacity"]["provisioned_capacity"] == {"mcu_count": 1, "worker_count": 2}


def test_datadog_is_reached_by_privatelink(document: Document) -> None:
    endpoint = resource(document, "aws_vpc_endpoint", f"{PATH}/intake").body
    assert (endpoint["service_name"], endpoint["vpc_endpoint_type"], endpoint["private_dns_enabled"]) == (
        "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
        "Interface",
        True,
    )


def test_workers_reach_the_brokers_datadog_and_aws_only(document: Document) -> None:
    (aws,) = resource(document, "aws_vpc_endpoint", "network/interface-endpoints/secretsmanager").body[
        "security_group_ids"
    ]
    assert reached_from(document, group(document, f"{PATH}/security-group")) == {
        (group(document, "streaming/cluster/security-group"), IAM_PORT),
        (group(document, f"{PATH}/intake-security-group"), HTTPS_PORT),
        (aws, HTTPS_PORT),
    }


def test_nothing_connects_to_the_workers(document: Document) -> None:
    assert not resources(document, "aws_vpc_security_group_ingress_rule", under=f"{PATH}/security-group/")


def test_topics_of_its_own_are_those_of_msk_connect(document: Document) -> None:
    policy = statements(resource(document, "aws_iam_role_policy", f"{PATH}/role/policy").body["policy"])
    (topic,) = policy["KeepStateOfConnector"]["Resource"]
    assert topic.endswith("/__amazon_msk_connect_*")


def test_logs_to_an_encrypted_group(connector: Mapping[str, Any], document: Document) -> None:
    log_group = resource(document, "aws_cloudwatch_log_group", f"{PATH}/log-group")
    logs = connector["log_delivery"]["worker_log_delivery"]["cloudwatch_logs"]
    assert logs == {"enabled": True, "log_group": log_group.reference("name")}
    assert "kms_key_id" in log_group.body
