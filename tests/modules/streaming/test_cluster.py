"""The MSK cluster in the three environments (claims C7 and C9), and with Express brokers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from envs.settings import Settings
from modules.streaming.cluster import IAM_PORT
from tests.support.helpers import Document, Resource, resource, resources, statements, strings

SERVERS = {"core-server", "ordering-server", "event-store", "purchase-gateway"}
OWN_GROUP = "stream"


@pytest.fixture
def cluster(document: Document) -> Resource:
    return resource(document, "aws_msk_cluster", "streaming/cluster/cluster")


def properties(document: Document) -> dict[str, str]:
    text = resource(document, "aws_msk_configuration", "streaming/cluster/configuration").body["server_properties"]
    return dict(line.split("=", 1) for line in text.splitlines())


def ingress(document: Document) -> dict[str, Any]:
    """The rules of the brokers' group: the client's name and port -> the rule."""
    rules = resources(document, "aws_vpc_security_group_ingress_rule", under="streaming/cluster/")
    return {each.path.rsplit("/", 1)[1]: each.body for each in rules}


def test_is_in_the_private_subnets_of_its_replicas(cluster: Resource, document: Document, settings: Settings) -> None:
    subnets = [
        f"${{{resource(document, 'aws_subnet', f'network/replica-{replica}/private-subnet').address}.id}}"
        for replica in settings.cluster_replicas
    ]
    assert cluster.body["broker_node_group_info"]["client_subnets"] == subnets


def test_is_never_public(cluster: Resource) -> None:
    connectivity = cluster.body["broker_node_group_info"]["connectivity_info"]
    assert connectivity["public_access"] == {"type": "DISABLED"}


def test_speaks_tls_to_clients_and_among_brokers(cluster: Resource) -> None:
    assert cluster.body["encryption_info"]["encryption_in_transit"] == {"client_broker": "TLS", "in_cluster": True}


def test_clients_authenticate_with_iam_only(cluster: Resource) -> None:
    assert cluster.body["client_authentication"] == {
        "sasl": {"iam": True, "scram": False},
        "unauthenticated": False,
    }


def test_volumes_are_encrypted_with_the_key_of_streaming(cluster: Resource, document: Document) -> None:
    key = resource(document, "aws_kms_key", "keys/streaming/key")
    assert cluster.body["encryption_info"]["encryption_at_rest_kms_key_arn"] == key.reference("arn")


def test_brokers_log_to_an_encrypted_group(cluster: Resource, document: Document, settings: Settings) -> None:
    group = resource(document, "aws_cloudwatch_log_group", "streaming/cluster/broker-logs")
    logs = cluster.body["logging_info"]["broker_logs"]["cloudwatch_logs"]
    assert logs == {"enabled": True, "log_group": group.reference("name")}
    assert group.body["retention_in_days"] == settings.streaming.cluster.log_retention_days


def test_open_monitoring_is_on(cluster: Resource) -> None:
    on = {"enabled_in_broker": True}
    assert cluster.body["open_monitoring"] == {"prometheus": {"jmx_exporter": on, "node_exporter": on}}


def test_size_is_that_of_the_settings(cluster: Resource, settings: Settings) -> None:
    wanted = settings.streaming.cluster
    node = cluster.body["broker_node_group_info"]
    volume = node["storage_info"]["ebs_storage_info"]["volume_size"]
    assert (cluster.body["number_of_broker_nodes"], node["instance_type"], volume) == (
        wanted.brokers,
        wanted.instance_type,
        wanted.volume_gib,
    )


def test_kafka_version_is_that_of_the_release(cluster: Resource, settings: Settings) -> None:
    assert cluster.body["kafka_version"] == settings.release.kafka_version


def test_one_copy_of_a_message_in_each_zone(document: Document, settings: Settings) -> None:
    assert properties(document)["default.replication.factor"] == str(settings.streaming.cluster.zones)


def test_a_zone_may_fail(document: Document, settings: Settings) -> None:
    assert properties(document)["min.insync.replicas"] == str(settings.streaming.cluster.zones - 1)


def test_topics_are_made_on_first_use(document: Document) -> None:
    assert properties(document)["auto.create.topics.enable"] == "true"


def test_only_servers_may_make_topics(document: Document) -> None:
    makers = [
        each.path
        for each in resources(document, "aws_iam_role_policy")
        if "kafka-cluster:CreateTopic" in each.body["policy"]
    ]
    assert len([path for path in makers if not path.startswith("streaming/")]) == len(makers) == len(SERVERS)


def test_servers_write_to_the_declared_topics_only(document: Document, settings: Settings) -> None:
    topics = sorted(
        (
            settings.streaming.topics.data_reporting,
            settings.streaming.topics.metrics_export,
            settings.streaming.topics.notification_requests,
        )
    )
    written = [
        [arn.rsplit("/", 1)[1] for arn in statements(each.body["policy"])["WriteToStream"]["Resource"]]
        for each in resources(document, "aws_iam_role_policy")
        if "WriteToStream" in each.body["policy"]
    ]
    assert written == [topics] * len(SERVERS)


def test_servers_and_pollers_connect_on_the_port_of_iam(document: Document) -> None:
    assert set(ingress(document)) == {f"from-{client}-{IAM_PORT}" for client in {*SERVERS, OWN_GROUP}}


def test_no_other_port_is_open(document: Document) -> None:
    assert {(rule["from_port"], rule["to_port"]) for rule in ingress(document).values()} == {(IAM_PORT, IAM_PORT)}


def test_only_security_groups_are_sources(document: Document) -> None:
    keys = {key for rule in ingress(document).values() for key in rule}
    assert not keys & {"cidr_ipv4", "cidr_ipv6", "prefix_list_id"}


def test_volumes_grow_but_never_shrink(document: Document) -> None:
    policy = resource(document, "aws_appautoscaling_policy", "streaming/cluster/storage-scaling/policy").body
    assert policy["target_tracking_scaling_policy_configuration"]["disable_scale_in"] is True


def test_growth_does_not_show_as_a_change(cluster: Resource) -> None:
    path = "broker_node_group_info[0].storage_info[0].ebs_storage_info[0].volume_size"
    assert path in cluster.body["lifecycle"]["ignore_changes"]


def test_is_protected_where_stateful_resources_are(cluster: Resource, settings: Settings) -> None:
    assert cluster.body["lifecycle"].get("prevent_destroy", False) == settings.stateful_protection


def test_firehose_may_connect_privately(document: Document, cluster: Resource) -> None:
    policy = resource(document, "aws_msk_cluster_policy", "streaming/cluster/policy").body["policy"]
    (statement,) = statements(policy).values()
    assert statement == {
        "Sid": "FirehoseConnectsPrivately",
        "Effect": "Allow",
        "Principal": {"Service": ["firehose.amazonaws.com"]},
        "Action": ["kafka:CreateVpcConnection"],
        "Resource": [cluster.reference("arn")],
    }


def test_private_connections_authenticate_with_iam_only(cluster: Resource) -> None:
    connectivity = cluster.body["broker_node_group_info"]["connectivity_info"]["vpc_connectivity"]
    assert connectivity["client_authentication"] == {"sasl": {"iam": True, "scram": False}, "tls": False}


def test_express_brokers_have_no_volume(express_with_connector: Document) -> None:
    cluster = resource(express_with_connector, "aws_msk_cluster", "streaming/cluster/cluster").body
    assert "storage_info" not in cluster["broker_node_group_info"]


def test_express_brokers_do_not_scale_storage(express_with_connector: Document) -> None:
    assert not resources(express_with_connector, "aws_appautoscaling_target", under="streaming/")


def test_express_brokers_are_not_asked_for_what_they_refuse(express_with_connector: Document) -> None:
    assert set(properties(express_with_connector)) == {"auto.create.topics.enable", "num.partitions"}


def test_servers_know_the_first_brokers_one_for_each_zone(document: Document, settings: Settings) -> None:
    """A list that stays as it is when brokers are added, and whatever AWS answers."""
    ((name, nodes),) = document["data"]["aws_msk_broker_nodes"].items()
    cluster = resource(document, "aws_msk_cluster", "streaming/cluster/cluster")
    assert nodes["cluster_arn"] == f"${{{cluster.address}.arn}}"
    hosts = [
        f"element(tolist(data.aws_msk_broker_nodes.{name}.node_info_list[{index}].endpoints), 0)"
        for index in range(settings.streaming.cluster.zones)
    ]
    expected = ",".join(f"${{{host}}}:{IAM_PORT}" for host in hosts)
    lines = [
        line.strip().removeprefix("KAFKA_BOOTSTRAP_BROKERS=")
        for text in strings(document["locals"])
        for line in text.splitlines()
        if line.strip().startswith("KAFKA_BOOTSTRAP_BROKERS=")
    ]
    assert lines == [expected] * len(SERVERS)


def test_nothing_depends_on_bootstrap_brokers(document: Document, express_with_connector: Document) -> None:
    """GetBootstrapBrokers names others at each call."""
    for found in (document, express_with_connector):
        assert [text for text in strings(found) if "bootstrap_brokers" in text] == []


def test_level_of_metrics_is_that_of_the_settings(cluster: Resource, settings: Settings) -> None:
    assert cluster.body["enhanced_monitoring"] == settings.streaming.cluster.metrics_level


def test_dev_has_the_metrics_that_are_free(synthesized: Mapping[str, Document]) -> None:
    levels = {
        environment: resource(found, "aws_msk_cluster", "streaming/cluster/cluster").body["enhanced_monitoring"]
        for environment, found in synthesized.items()
    }
    assert levels == {"dev": "DEFAULT", "staging": "PER_TOPIC_PER_BROKER", "prod": "PER_TOPIC_PER_BROKER"}


def test_ports_of_private_connectivity_are_closed_unless_set(
    document: Document, prod_with: Callable[[Mapping[str, Any]], Document]
) -> None:
    assert "private-connectivity" not in ingress(document)
    rule = ingress(prod_with({"streaming.cluster.accept_private_connectivity": True}))["private-connectivity"]
    assert (rule["from_port"], rule["to_port"], rule["cidr_ipv4"]) == (14001, 14100, "10.0.0.0/16")
    assert "CKV2_MEALS_214" in rule["//"]["suppressions"]
