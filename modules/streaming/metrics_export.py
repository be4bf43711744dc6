"""Metrics export: CloudWatch's metrics, as a stream, to DataDog (claim C9).

CloudWatch metric stream -> Firehose -> DataDog's HTTPS intake. The Kafka topic of metrics, which holds what the
modules themselves measure, is read by an MSK Connect connector where the settings ask for one.
"""

from cdktf_cdktf_provider_aws.cloudwatch_metric_stream import (
    CloudwatchMetricStream,
    CloudwatchMetricStreamIncludeFilter,
)
from cdktf_cdktf_provider_aws.data_aws_secretsmanager_secret import DataAwsSecretsmanagerSecret
from cdktf_cdktf_provider_aws.kinesis_firehose_delivery_stream import (
    KinesisFirehoseDeliveryStream,
    KinesisFirehoseDeliveryStreamHttpEndpointConfiguration,
    KinesisFirehoseDeliveryStreamHttpEndpointConfigurationCloudwatchLoggingOptions,
    KinesisFirehoseDeliveryStreamHttpEndpointConfigurationRequestConfiguration,
    KinesisFirehoseDeliveryStreamHttpEndpointConfigurationS3Configuration,
    KinesisFirehoseDeliveryStreamHttpEndpointConfigurationS3ConfigurationCloudwatchLoggingOptions,
    KinesisFirehoseDeliveryStreamHttpEndpointConfigurationSecretsManagerConfiguration,
    KinesisFirehoseDeliveryStreamServerSideEncryption,
)
from constructs import Construct

from envs.settings.streaming import MetricsExport as MetricsExportSettings
from modules.common.context import Context
from modules.common.policy import Statement
from modules.common.service_role import ServiceRole
from modules.network.network import Network
from modules.storage.storage import Storage
from modules.streaming.cluster import Cluster
from modules.streaming.connector import Connector
from modules.streaming.delivery_stream import FIREHOSE_SERVICE, DeliveryLog, bucket_statements

NAME = "metrics-export"
OUTPUT_FORMAT = "opentelemetry0.7"  # what DataDog documents for its metric-stream intake
# DataDog's guide "Amazon CloudWatch metric streams with Amazon Data Firehose": 4 MiB, 60 s, retry for 60 s, GZIP.
BUFFER_MIB = 4
BUFFER_SECONDS = 60
RETRY_SECONDS = 60
FAILED_BUFFER_MIB = 5
FAILED_BUFFER_SECONDS = 300
FAILED_RETENTION_DAYS = 30  # old metrics are of no use: long enough to find out why they failed


class MetricsExport(Construct):
    """The metric stream, the delivery stream, the bucket of what could not be delivered, and the optional connector.

    Firehose uses the stream's key by a grant that it makes for itself, so the role needs no permission for it.
    DataDog's API key stays in Secrets Manager: Firehose reads it there (JSON with the key `api_key`), so Terraform
    never sees it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        settings: MetricsExportSettings,
        topic_name: str,
        cluster: Cluster,
        network: Network,
        storage: Storage,
    ) -> None:
        super().__init__(scope, id)
        names, keys = context.names, context.keys
        secret = DataAwsSecretsmanagerSecret(self, "api-key", name=settings.api_key_secret_name)
        secret_arn = secret.arn
        secret_statements = read_secret_statements(context, secret_arn)
        failed = storage.bucket(self, "failed", purpose="metrics-failed", expiration_days=FAILED_RETENTION_DAYS)
        log = DeliveryLog(self, "log", context=context, purpose=NAME)
        role = ServiceRole(
            self,
            "delivery-role",
            names=names,
            name=f"{NAME}-delivery",
            service=FIREHOSE_SERVICE,
            statements=[
                *bucket_statements(context, failed),
                *secret_statements,
                log.write_statement(),
            ],
        )
        delivery_stream = KinesisFirehoseDeliveryStream(
            self,
            "delivery-stream",
            name=names.name(NAME),
            destination="http_endpoint",
            server_side_encryption=KinesisFirehoseDeliveryStreamServerSideEncryption(
                enabled=True, key_type="CUSTOMER_MANAGED_CMK", key_arn=keys.streaming.arn
            ),
            http_endpoint_configuration=KinesisFirehoseDeliveryStreamHttpEndpointConfiguration(
                name="DataDog",
                url=settings.endpoint_url,
                role_arn=role.arn,
                buffering_size=BUFFER_MIB,
                buffering_interval=BUFFER_SECONDS,
                retry_duration=RETRY_SECONDS,
                request_configuration=KinesisFirehoseDeliveryStreamHttpEndpointConfigurationRequestConfiguration(
                    content_encoding="GZIP"
                ),
                secrets_manager_configuration=(
                    KinesisFirehoseDeliveryStreamHttpEndpointConfigurationSecretsManagerConfiguration(
                        enabled=True, secret_arn=secret_arn, role_arn=role.arn
                    )
                ),
                cloudwatch_logging_options=(
                    KinesisFirehoseDeliveryStreamHttpEndpointConfigurationCloudwatchLoggingOptions(
                        enabled=True, log_group_name=log.log_group_name, log_stream_name=log.log_stream_name
                    )
                ),
                s3_backup_mode="FailedDataOnly",
                s3_configuration=KinesisFirehoseDeliveryStreamHttpEndpointConfigurationS3Configuration(
                    bucket_arn=failed.resource_arn,
                    role_arn=role.arn,
                    kms_key_arn=keys.storage.arn,
                    compression_format="GZIP",
                    buffering_size=FAILED_BUFFER_MIB,
                    buffering_interval=FAILED_BUFFER_SECONDS,
                    error_output_prefix="errors/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/",
                    cloudwatch_logging_options=(
                        KinesisFirehoseDeliveryStreamHttpEndpointConfigurationS3ConfigurationCloudwatchLoggingOptions(
                            enabled=True, log_group_name=log.log_group_name, log_stream_name=log.log_stream_name
                        )
                    ),
                ),
            ),
            depends_on=[role.policy],
            tags=names.tags(NAME),
        )
        delivery_stream_arn = delivery_stream.arn
        stream_role = ServiceRole(
            self,
            "stream-role",
            names=names,
            name=f"{NAME}-stream",
            service="streams.metrics.cloudwatch.amazonaws.com",
            guarded=False,  # CloudWatch user guide, "Trust between CloudWatch and Firehose": no condition
            statements=[
                Statement(
                    sid="PutMetrics",
                    actions=["firehose:PutRecord", "firehose:PutRecordBatch"],
                    resources=[delivery_stream_arn],
                )
            ],
        )
        CloudwatchMetricStream(
            self,
            "metric-stream",
            name=names.name(NAME),
            role_arn=stream_role.arn,
            firehose_arn=delivery_stream_arn,
            output_format=OUTPUT_FORMAT,
            include_filter=[
                CloudwatchMetricStreamIncludeFilter(namespace=namespace) for namespace in sorted(settings.namespaces)
            ],
            depends_on=[stream_role.policy],
            tags=names.tags(NAME),
        )
        if settings.connector:
            Connector(
                self,
                "connector",
                context=context,
                settings=settings.connector,
                api_key_secret_name=settings.api_key_secret_name,
                secret_statements=secret_statements,
                topic_name=topic_name,
                cluster=cluster,
                network=network,
            )


def read_secret_statements(context: Context, secret_arn: str) -> list[Statement]:
    """Return what a role needs to read one secret, decrypting it with the secrets key where that one encrypts it."""
    return [
        Statement(sid="ReadApiKey", actions=["secretsmanager:GetSecretValue"], resources=[secret_arn]),
        Statement(
            sid="DecryptApiKey",
            actions=["kms:Decrypt"],
            resources=[context.keys.secrets_key_arn],
            conditions={
                "StringEquals": {
                    "kms:EncryptionContext:SecretARN": secret_arn,
                    "kms:ViaService": context.names.service_host("secretsmanager"),
                }
            },
        ),
    ]
