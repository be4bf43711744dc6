"""Each consumer of the stream exists and is wired, in every environment (claim C9)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from envs.settings import Settings
from tests.support.helpers import Document, Resource, resource, resources, statements


@pytest.fixture
def cluster(document: Document) -> Resource:
    return resource(document, "aws_msk_cluster", "streaming/cluster/cluster")


@pytest.fixture
def metrics(document: Document) -> Mapping[str, Any]:
    body = resource(document, "aws_kinesis_firehose_delivery_stream", "streaming/metrics-export/delivery-stream").body
    endpoint: Mapping[str, Any] = body["http_endpoint_configuration"]
    return endpoint


@pytest.fixture
def reporting(document: Document) -> Resource:
    return resource(document, "aws_kinesis_firehose_delivery_stream", "streaming/data-reporting/delivery-stream")


def pipes(document: Document) -> list[Resource]:
    return resources(document, "aws_pipes_pipe", under="streaming/notification-requests/")


def policy(document: Document, path: str) -> dict[str, Mapping[str, Any]]:
    return statements(resource(document, "aws_iam_role_policy", path).body["policy"])


class TestNotificationRequests:
    """Notification requests -> SNS."""

    def test_a_pipe_for_every_sns_topic(self, document: Document) -> None:
        topics = [each.reference("arn") for each in resources(document, "aws_sns_topic")]
        assert [each.body["target"] for each in pipes(document)] == topics

    def test_pipes_read_the_cluster(self, document: Document, cluster: Resource) -> None:
        assert {each.body["source"] for each in pipes(document)} == {cluster.reference("arn")}

    def test_pipes_read_the_topic_of_requests(self, document: Document, settings: Settings) -> None:
        names = {
            each.body["source_parameters"]["managed_streaming_kafka_parameters"]["topic_name"]
            for each in pipes(document)
        }
        assert names == {settings.streaming.topics.notification_requests}

    def test_each_pipe_keeps_the_messages_of_its_kind(self, document: Document, settings: Settings) -> None:
        patterns = [
            json.loads(criteria["pattern"])
            for each in pipes(document)
            for criteria in each.body["source_parameters"]["filter_criteria"]["filter"]
        ]
        assert patterns == [{"value": {"kind": [kind]}} for kind in sorted(settings.notifications.topics)]

    def test_kind_and_target_agree(self, document: Document) -> None:
        topics = {each.reference("arn"): each.path.rsplit("/", 1)[1] for each in resources(document, "aws_sns_topic")}
        assert [topics[each.body["target"]] for each in pipes(document)] == [
            each.path.rsplit("/", 1)[1] for each in pipes(document)
        ]

    def test_each_pipe_is_a_consumer_group_of_its_own(self, document: Document) -> None:
        groups = [
            each.body["source_parameters"]["managed_streaming_kafka_parameters"]["consumer_group_id"]
            for each in pipes(document)
        ]
        assert len(set(groups)) == len(groups) > 0

    def test_consumer_groups_are_allowed(self, document: Document, environment: str) -> None:
        allowed = policy(document, "streaming/notification-requests/role/policy")["UseConsumerGroups"]["Resource"]
        assert [arn.rsplit("/", 1)[1] for arn in allowed] == [f"meals-{environment}-notification-requests-*"]

    def test_pipes_are_encrypted_with_the_key_of_notifications(self, document: Document) -> None:
        key = resource(document, "aws_kms_key", "keys/notifications/key")
        assert {each.body["kms_key_identifier"] for each in pipes(document)} == {key.reference("arn")}

    def test_messages_are_not_logged(self, document: Document) -> None:
        group = resource(document, "aws_cloudwatch_log_group", "streaming/notification-requests/log-group")
        expected = {
            "level": "ERROR",
            "cloudwatch_logs_log_destination": {"log_group_arn": group.reference("arn")},
        }
        assert [each.body["log_configuration"] for each in pipes(document)] == [expected] * len(pipes(document))

    def test_pipes_publish_to_these_topics_only(self, document: Document) -> None:
        published = policy(document, "streaming/notification-requests/role/policy")["Publish"]
        topics = [each.reference("arn") for each in resources(document, "aws_sns_topic")]
        assert (published["Action"], published["Resource"]) == (["sns:Publish"], topics)

    def test_pollers_reach_the_brokers(self, document: Document) -> None:
        group = resource(document, "aws_security_group", "streaming/cluster/security-group/group").reference("id")
        rules = [
            each.body["security_group_id"]
            for kind in ("ingress", "egress")
            for each in resources(document, f"aws_vpc_security_group_{kind}_rule", under="streaming/cluster/")
            if each.body.get("referenced_security_group_id") == group
        ]
        assert rules == [group, group]

    def test_pollers_reach_the_data_endpoint_of_pipes(self, document: Document) -> None:
        endpoint = resource(document, "aws_vpc_endpoint", "network/interface-endpoints/pipes-data")
        (group,) = endpoint.body["security_group_ids"]
        egress = resources(document, "aws_vpc_security_group_egress_rule", under="streaming/cluster/")
        assert (group, 443) in [
            (each.body.get("referenced_security_group_id"), each.body["from_port"]) for each in egress
        ]

    def test_pollers_reach_nothing_by_address_or_prefix_list(self, document: Document) -> None:
        egress = resources(document, "aws_vpc_security_group_egress_rule", under="streaming/cluster/")
        assert [each.path for each in egress if "referenced_security_group_id" not in each.body] == []

    def test_network_interfaces_only_in_the_subnets_of_the_cluster(self, document: Document, cluster: Resource) -> None:
        created = policy(document, "streaming/notification-requests/role/policy")["CreateNetworkInterfaces"]
        subnets = [arn.split(":subnet/")[1] for arn in created["Resource"] if ":subnet/" in arn]
        assert subnets == cluster.body["broker_node_group_info"]["client_subnets"]


class TestMetricsExport:
    """Metrics export -> DataDog."""

    def test_metric_stream_feeds_the_delivery_stream(self, document: Document) -> None:
        delivery = resource(
            document, "aws_kinesis_firehose_delivery_stream", "streaming/metrics-export/delivery-stream"
        )
        (stream,) = resources(document, "aws_cloudwatch_metric_stream")
        assert stream.body["firehose_arn"] == delivery.reference("arn")

    def test_exports_the_namespaces_of_the_settings(self, document: Document, settings: Settings) -> None:
        (stream,) = resources(document, "aws_cloudwatch_metric_stream")
        exported = [each["namespace"] for each in stream.body["include_filter"]]
        assert exported == sorted(settings.streaming.metrics_export.namespaces)

    @pytest.mark.parametrize(
        ("type", "namespace"),
        [
            ("aws_backup_plan", "AWS/Backup"),
            ("aws_lb", "AWS/ApplicationELB"),
            ("aws_mq_broker", "AWS/AmazonMQ"),
            ("aws_msk_cluster", "AWS/Kafka"),
            ("aws_pipes_pipe", "AWS/EventBridge/Pipes"),
            ("aws_scheduler_schedule", "AWS/Scheduler"),
            ("aws_sqs_queue", "AWS/SQS"),
            ("aws_wafv2_web_acl", "AWS/WAFV2"),
        ],
    )
    def test_what_fails_by_itself_is_seen_in_datadog(self, document: Document, type: str, namespace: str) -> None:
        """There are no CloudWatch alarms: DataDog is where metrics are watched, so it must have them."""
        assert resources(document, type)
        (stream,) = resources(document, "aws_cloudwatch_metric_stream")
        assert namespace in [each["namespace"] for each in stream.body["include_filter"]]

    def test_format_is_the_one_datadog_reads(self, document: Document) -> None:
        (stream,) = resources(document, "aws_cloudwatch_metric_stream")
        assert stream.body["output_format"] == "opentelemetry0.7"

    def test_delivers_to_datadog_over_https(self, metrics: Mapping[str, Any], settings: Settings) -> None:
        assert metrics["url"] == settings.streaming.metrics_export.endpoint_url
        assert metrics["url"].startswith("https://")

    def test_api_key_is_read_by_firehose_not_by_terraform(self, metrics: Mapping[str, Any]) -> None:
        assert metrics["secrets_manager_configuration"]["enabled"] is True
        assert "access_key" not in metrics

    def test_api_key_is_the_secret_of_the_settings(
        self, metrics: Mapping[str, Any], document: Document, settings: Settings
    ) -> None:
        (secret,) = [
            name
            for name, body in document["data"]["aws_secretsmanager_secret"].items()
            if body["name"] == settings.streaming.metrics_export.api_key_secret_name
        ]
        found = metrics["secrets_manager_configuration"]["secret_arn"]
        assert found == f"${{data.aws_secretsmanager_secret.{secret}.arn}}"

    def test_what_fails_is_kept(self, metrics: Mapping[str, Any], document: Document) -> None:
        bucket = resource(document, "aws_s3_bucket", "streaming/metrics-export/failed/bucket").reference("arn")
        assert (metrics["s3_backup_mode"], metrics["s3_configuration"]["bucket_arn"]) == ("FailedDataOnly", bucket)

    def test_what_fails_is_encrypted(self, metrics: Mapping[str, Any], document: Document) -> None:
        key = resource(document, "aws_kms_key", "keys/storage/key")
        assert metrics["s3_configuration"]["kms_key_arn"] == key.reference("arn")

    def test_stream_is_encrypted_with_the_key_of_streaming(self, document: Document) -> None:
        body = resource(
            document, "aws_kinesis_firehose_delivery_stream", "streaming/metrics-export/delivery-stream"
        ).body
        key = resource(document, "aws_kms_key", "keys/streaming/key")
        assert body["server_side_encryption"] == {
            "enabled": True,
            "key_type": "CUSTOMER_MANAGED_CMK",
            "key_arn": key.reference("arn"),
        }

    def test_errors_are_logged(self, metrics: Mapping[str, Any]) -> None:
        assert metrics["cloudwatch_logging_options"]["enabled"] is True

    def test_no_connector_unless_the_settings_ask(self, document: Document, settings: Settings) -> None:
        wanted = settings.streaming.metrics_export.connector is not None
        assert len(resources(document, "aws_mskconnect_connector")) == wanted


class TestDataReporting:
    """Data reporting -> S3 -> Athena -> Tableau."""

    def test_reads_the_topic_of_the_cluster_privately(
        self, reporting: Resource, document: Document, cluster: Resource, settings: Settings
    ) -> None:
        role = resource(document, "aws_iam_role", "streaming/data-reporting/delivery-role/role")
        assert reporting.body["msk_source_configuration"] == {
            "msk_cluster_arn": cluster.reference("arn"),
            "topic_name": settings.streaming.topics.data_reporting,
            "read_from_timestamp": "1970-01-01T00:00:00Z",
            "authentication_configuration": {"connectivity": "PRIVATE", "role_arn": role.reference("arn")},
        }

    def test_role_reads_that_topic_only(self, document: Document, settings: Settings) -> None:
        read = policy(document, "streaming/data-reporting/delivery-role/policy")["ReadTopic"]["Resource"]
        assert [arn.rsplit("/", 1)[1] for arn in read] == [settings.streaming.topics.data_reporting]

    def test_writes_to_the_bucket_of_reporting_backups(self, reporting: Resource, document: Document) -> None:
        bucket = resource(document, "aws_s3_bucket", "streaming/data-reporting/backups/bucket").reference("arn")
        assert reporting.body["extended_s3_configuration"]["bucket_arn"] == bucket

    def test_objects_are_encrypted_with_the_key_of_storage(self, reporting: Resource, document: Document) -> None:
        key = resource(document, "aws_kms_key", "keys/storage/key")
        assert reporting.body["extended_s3_configuration"]["kms_key_arn"] == key.reference("arn")

    def test_table_is_where_the_stream_writes(self, reporting: Resource, document: Document) -> None:
        (table,) = resources(document, "aws_glue_catalog_table")
        destination = reporting.body["extended_s3_configuration"]
        written = f"s3://{destination['bucket_arn'].replace('.arn}', '.bucket}')}/{destination['prefix']}"
        location = table.body["parameters"]["storage.location.template"]
        assert location.replace("$${day}", "!{timestamp:yyyy-MM-dd}") == written

    def test_table_is_in_the_database(self, document: Document) -> None:
        (database,) = resources(document, "aws_glue_catalog_database")
        (table,) = resources(document, "aws_glue_catalog_table")
        assert table.body["database_name"] == database.reference("name")

    def test_partitions_cover_the_retention(self, document: Document, settings: Settings) -> None:
        (table,) = resources(document, "aws_glue_catalog_table")
        days = settings.streaming.reporting.retention_days
        assert table.body["parameters"]["projection.day.range"] == f"NOW-{days}DAYS,NOW"

    def test_data_expires_with_the_retention(self, document: Document, settings: Settings) -> None:
        path = "streaming/data-reporting/backups/lifecycle"
        (rule,) = resource(document, "aws_s3_bucket_lifecycle_configuration", path).body["rule"]
        assert rule["expiration"] == [{"days": settings.streaming.reporting.retention_days}]

    def test_every_query_result_is_encrypted(self, document: Document) -> None:
        key = resource(document, "aws_kms_key", "keys/storage/key")
        (workgroup,) = resources(document, "aws_athena_workgroup")
        configuration = workgroup.body["configuration"]
        assert configuration["enforce_workgroup_configuration"] is True
        assert configuration["result_configuration"]["encryption_configuration"] == {
            "encryption_option": "SSE_KMS",
            "kms_key_arn": key.reference("arn"),
        }

    def test_only_tableau_with_its_external_id_assumes_the_role(self, document: Document, settings: Settings) -> None:
        role = resource(document, "aws_iam_role", "streaming/data-reporting/tableau/role").body
        (statement,) = statements(role["assume_role_policy"]).values()
        wanted = settings.streaming.reporting
        assert (statement["Principal"], statement["Condition"]) == (
            {"AWS": [wanted.tableau_principal_arn]},
            {"StringEquals": {"sts:ExternalId": wanted.tableau_external_id}},
        )

    def test_tableau_queries_in_that_workgroup_only(self, document: Document) -> None:
        (workgroup,) = resources(document, "aws_athena_workgroup")
        allowed = policy(document, "streaming/data-reporting/tableau/policy")["QueryInWorkgroup"]["Resource"]
        assert [arn.rsplit("/", 1)[1] for arn in allowed] == [workgroup.body["name"]]

    def test_tableau_reads_data_but_does_not_write_it(self, document: Document, settings: Settings) -> None:
        backups = f"meals-{settings.environment}-reporting-backups-{settings.account_id}/"
        actions = {
            action
            for each in policy(document, "streaming/data-reporting/tableau/policy").values()
            if any(backups in arn for arn in each["Resource"])
            for action in each["Action"]
        }
        assert actions == {"s3:GetObject"}

    def test_tableau_finds_the_default_database_as_every_query_does(
        self, document: Document, settings: Settings
    ) -> None:
        found = policy(document, "streaming/data-reporting/tableau/policy")["FindDefaultDatabase"]
        prefix = f"arn:aws:glue:{settings.region}:{settings.account_id}"
        assert found["Resource"] == [f"{prefix}:catalog", f"{prefix}:database/default"]
        assert found["Action"] == ["glue:GetDatabase", "glue:GetDatabases"]

    def test_tableau_lists_catalogs_and_workgroups_to_choose_from(self, document: Document) -> None:
        found = policy(document, "streaming/data-reporting/tableau/policy")["ChooseCatalogAndWorkgroup"]
        assert found["Action"] == ["athena:ListDataCatalogs", "athena:ListWorkGroups"]

    def test_the_role_of_the_metric_stream_asks_for_nothing_undocumented(self, document: Document) -> None:
        role = resource(document, "aws_iam_role", "streaming/metrics-export/stream-role/role").body
        (statement,) = statements(role["assume_role_policy"]).values()
        assert statement["Principal"] == {"Service": ["streams.metrics.cloudwatch.amazonaws.com"]}
        assert "Condition" not in statement

    def test_tableau_may_use_no_resource_of_any_name(self, document: Document) -> None:
        """Except for two actions that know no resource: they list names."""
        allowed = dict(policy(document, "streaming/data-reporting/tableau/policy"))
        assert allowed.pop("ChooseCatalogAndWorkgroup")["Resource"] == ["*"]
        assert "*" not in {arn for each in allowed.values() for arn in each["Resource"]}


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("streaming/notification-requests/role/role", "pipes.amazonaws.com"),
        ("streaming/metrics-export/delivery-role/role", "firehose.amazonaws.com"),
        ("streaming/data-reporting/delivery-role/role", "firehose.amazonaws.com"),
    ],
)
def test_roles_trust_their_service_for_this_account_only(
    document: Document, settings: Settings, path: str, service: str
) -> None:
    (statement,) = statements(resource(document, "aws_iam_role", path).body["assume_role_policy"]).values()
    assert (statement["Principal"], statement["Condition"]) == (
        {"Service": [service]},
        {"StringEquals": {"aws:SourceAccount": settings.account_id}},
    )


def test_log_groups_are_encrypted_with_the_key_of_logs(document: Document) -> None:
    key = resource(document, "aws_kms_key", "keys/logs/key")
    groups = resources(document, "aws_cloudwatch_log_group", under="streaming/")
    assert {each.body["kms_key_id"] for each in groups} == {key.reference("arn")}
