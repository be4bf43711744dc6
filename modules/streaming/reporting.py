"""Data reporting: from the Kafka topic through S3 and Athena to Tableau (claim C9).

Firehose reads the topic over a private connection and writes JSON lines, by day, into the bucket of reporting
backups; a Glue table describes them; Tableau queries them in an Athena workgroup, with a role that it assumes.
"""

from cdktf_cdktf_provider_aws.kinesis_firehose_delivery_stream import (
    KinesisFirehoseDeliveryStream,
    KinesisFirehoseDeliveryStreamExtendedS3Configuration,
    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationCloudwatchLoggingOptions,
    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfiguration,
    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessors,
    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorsParameters,
    KinesisFirehoseDeliveryStreamMskSourceConfiguration,
    KinesisFirehoseDeliveryStreamMskSourceConfigurationAuthenticationConfiguration,
    KinesisFirehoseDeliveryStreamTimeouts,
)
from constructs import Construct

from envs.settings.streaming import Reporting as ReportingSettings
from modules.common.context import Context
from modules.common.pause import Pause
from modules.common.policy import Statement
from modules.common.service_role import ServiceRole
from modules.common.suppressions import suppress
from modules.storage.storage import Storage
from modules.streaming.cluster import Cluster
from modules.streaming.delivery_stream import FIREHOSE_SERVICE, DeliveryLog, bucket_statements
from modules.streaming.report_catalog import DATA_PREFIX, PARTITION_KEY, ReportCatalog
from modules.streaming.tableau import TableauRole

NAME = "data-reporting"
BUFFER_MIB = 64
BUFFER_SECONDS = 300
# Firehose sets up a private connection to the brokers: it fails for good while the cluster's policy is not yet in
# force everywhere, and takes some while to go, in which AWS refuses to delete the cluster.
CONNECT_PAUSE_SECONDS = 60
DISCONNECT_PAUSE_SECONDS = 300
FROM_THE_FIRST_MESSAGE = "1970-01-01T00:00:00Z"  # otherwise Firehose skips what came before it was active
CREATE_TIMEOUT = "60m"  # the provider's 30 minutes have been too short for the private connection


class Reporting(Construct):
    """The delivery stream, the bucket `reporting-backups`, the catalog with its workgroup, and Tableau's role."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        settings: ReportingSettings,
        topic_name: str,
        cluster: Cluster,
        storage: Storage,
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        backups = storage.bucket(
            self,
            "backups",
            purpose="reporting-backups",
            expiration_days=settings.retention_days,
            protected=context.stateful_protection,
        )
        log = DeliveryLog(self, "log", context=context, purpose=NAME)
        role = ServiceRole(
            self,
            "delivery-role",
            names=names,
            name=f"{NAME}-delivery",
            service=FIREHOSE_SERVICE,
            statements=[
                *source_statements(cluster, topic_name),
                *bucket_statements(context, backups),
                log.write_statement(),
            ],
        )
        connection = Pause(
            self,
            "connection",
            depends_on=[role.policy, cluster.policy],
            create_seconds=CONNECT_PAUSE_SECONDS,
            destroy_seconds=DISCONNECT_PAUSE_SECONDS,
        )
        delivery_stream = KinesisFirehoseDeliveryStream(
            self,
            "delivery-stream",
            name=names.name(NAME),
            destination="extended_s3",
            msk_source_configuration=KinesisFirehoseDeliveryStreamMskSourceConfiguration(
                msk_cluster_arn=cluster.arn,
                topic_name=topic_name,
                read_from_timestamp=FROM_THE_FIRST_MESSAGE,
                authentication_configuration=(
                    KinesisFirehoseDeliveryStreamMskSourceConfigurationAuthenticationConfiguration(
                        connectivity="PRIVATE", role_arn=role.arn
                    )
                ),
            ),
            extended_s3_configuration=KinesisFirehoseDeliveryStreamExtendedS3Configuration(
                bucket_arn=backups.resource_arn,
                role_arn=role.arn,
                kms_key_arn=context.keys.storage.arn,
                prefix=f"{DATA_PREFIX}{PARTITION_KEY}=!{{timestamp:yyyy-MM-dd}}/",
                error_output_prefix="errors/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/",
                buffering_size=BUFFER_MIB,
                buffering_interval=BUFFER_SECONDS,
                compression_format="GZIP",
                file_extension=".json.gz",
                processing_configuration=one_record_per_line(),
                cloudwatch_logging_options=(
                    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationCloudwatchLoggingOptions(
                        enabled=True, log_group_name=log.log_group_name, log_stream_name=log.log_stream_name
                    )
                ),
            ),
            # The path to the brokers is checked at once: the cluster must already let Firehose in.
            depends_on=[connection.resource],
            timeouts=KinesisFirehoseDeliveryStreamTimeouts(create=CREATE_TIMEOUT),
            tags=names.tags(NAME),
        )
        for rule in ("CKV_AWS_240", "CKV_AWS_241"):
            suppress(
                delivery_stream,
                rule=rule,
                reason="Firehose encrypts what producers put into it; this stream has none, it reads MSK, whose "
                "volumes have a customer-managed key, and AWS refuses the setting for a Kafka source",
                expires="2027-08-31",
            )
        catalog = ReportCatalog(
            self, "catalog", context=context, data=backups, retention_days=settings.retention_days, storage=storage
        )
        TableauRole(self, "tableau", context=context, settings=settings, catalog=catalog)


def source_statements(cluster: Cluster, topic_name: str) -> list[Statement]:
    """Return what Firehose needs to read the topic; the name of its consumer group is Firehose's own choice.

    Source: Amazon Data Firehose developer guide, "Grant Firehose access to your private Amazon MSK cluster" and
    "Configure source settings for Amazon MSK".
    """
    return [
        Statement(
            sid="FindAndConnectToBrokers",
            actions=[
                "kafka-cluster:Connect",
                "kafka:DescribeCluster",
                "kafka:DescribeClusterV2",
                "kafka:GetBootstrapBrokers",
            ],
            resources=[cluster.arn],
        ),
        Statement(
            sid="ReadTopic",
            actions=[
                "kafka-cluster:DescribeTopic",
                "kafka-cluster:DescribeTopicDynamicConfiguration",
                "kafka-cluster:ReadData",
            ],
            resources=[cluster.topic_arn(topic_name)],
        ),
        Statement(
            sid="DescribeConsumerGroups",
            actions=["kafka-cluster:DescribeGroup"],
            resources=[cluster.group_arn("*")],
        ),
    ]


def one_record_per_line() -> KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfiguration:
    """Return the processing that ends every record with a newline, as Athena wants JSON."""
    return KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfiguration(
        enabled=True,
        processors=[
            KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessors(
                type="AppendDelimiterToRecord",
                parameters=[
                    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorsParameters(
                        parameter_name="Delimiter", parameter_value="\\n"
                    )
                ],
            )
        ],
    )
