"""The optional MSK Connect connector: the Kafka topic of metrics to DataDog, over AWS PrivateLink.

Private subnets have no way to the internet, so DataDog's intake is reached through an interface endpoint of
DataDog's own endpoint service, whose name is a setting because it differs per product and region.

The plug-in archive holds DataDog's `datadog-kafka-connect-logs` sink, which posts records to the intake with an API
key, and AWS's `msk-config-providers`, with which a worker reads that key from Secrets Manager: it is in no
configuration and no state.
"""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.mskconnect_connector import (
    MskconnectConnector,
    MskconnectConnectorCapacity,
    MskconnectConnectorCapacityProvisionedCapacity,
    MskconnectConnectorKafkaCluster,
    MskconnectConnectorKafkaClusterApacheKafkaCluster,
    MskconnectConnectorKafkaClusterApacheKafkaClusterVpc,
    MskconnectConnectorKafkaClusterClientAuthentication,
    MskconnectConnectorKafkaClusterEncryptionInTransit,
    MskconnectConnectorLogDelivery,
    MskconnectConnectorLogDeliveryWorkerLogDelivery,
    MskconnectConnectorLogDeliveryWorkerLogDeliveryCloudwatchLogs,
    MskconnectConnectorPlugin,
    MskconnectConnectorPluginCustomPlugin,
    MskconnectConnectorWorkerConfiguration,
)
from cdktf_cdktf_provider_aws.mskconnect_custom_plugin import (
    MskconnectCustomPlugin,
    MskconnectCustomPluginLocation,
    MskconnectCustomPluginLocationS3,
)
from cdktf_cdktf_provider_aws.mskconnect_worker_configuration import MskconnectWorkerConfiguration
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

from envs.settings.streaming import MetricsConnector
from modules.common.context import Context
from modules.common.policy import Statement
from modules.common.service_role import ServiceRole
from modules.network.network import Network
from modules.network.security_group import SecurityGroup
from modules.network.wellknown import HTTPS_PORT
from modules.streaming.cluster import Cluster
from modules.streaming.logs import stream_log_group

NAME = "metrics-connector"
CONNECTOR_CLASS = "com.datadoghq.connect.logs.DatadogLogsSinkConnector"
# Amazon MSK developer guide, "Understand service execution role": topics and groups of MSK Connect itself.
INTERNAL_TOPICS = "__amazon_msk_connect_*"
CONNECT_GROUPS = "connect-*"


class Connector(Construct):
    """The connector with its plug-in, worker configuration, role, log group, security groups and DataDog's endpoint."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        settings: MetricsConnector,
        api_key_secret_name: str,
        secret_statements: Sequence[Statement],
        topic_name: str,
        cluster: Cluster,
        network: Network,
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        workers = SecurityGroup(
            self,
            "security-group",
            names=names,
            name=NAME,
            description="MSK Connect workers: to the brokers, AWS and DataDog",
            vpc_id=network.vpc_id,
        )
        cluster.accept_from(workers)
        network.connect_to_interface_endpoints(workers)
        intake = SecurityGroup(
            self,
            "intake-security-group",
            names=names,
            name="datadog-intake",
            description="Endpoint of DataDog's intake: HTTPS from the MSK Connect workers",
            vpc_id=network.vpc_id,
        )
        intake.accept_from(workers, port=HTTPS_PORT, description="DataDog's intake")
        endpoint = VpcEndpoint(
            self,
            "intake",
            vpc_id=network.vpc_id,
            vpc_endpoint_type="Interface",
            service_name=settings.privatelink_service_name,
            private_dns_enabled=True,
            subnet_ids=list(cluster.subnet_ids),
            security_group_ids=[intake.security_group_id],
            tags=names.tags("datadog-intake"),
        )
        log_group = stream_log_group(self, "log-group", context=context, purpose=NAME)
        role = ServiceRole(
            self,
            "role",
            names=names,
            name=NAME,
            service="kafkaconnect.amazonaws.com",
            statements=[
                *cluster.read_statements(topics=[topic_name], groups=[CONNECT_GROUPS, INTERNAL_TOPICS]),
                Statement(
                    sid="KeepStateOfConnector",
                    actions=[
                        "kafka-cluster:CreateTopic",
                        "kafka-cluster:DescribeTopic",
                        "kafka-cluster:ReadData",
                        "kafka-cluster:WriteData",
                    ],
                    resources=[cluster.topic_arn(INTERNAL_TOPICS)],
                ),
                *secret_statements,
            ],
        )
        plugin = MskconnectCustomPlugin(
            self,
            "plugin",
            name=names.name(NAME),
            content_type="JAR" if settings.plugin_key.endswith(".jar") else "ZIP",
            location=MskconnectCustomPluginLocation(
                s3=MskconnectCustomPluginLocationS3(
                    bucket_arn=names.named_bucket_arn(settings.plugin_bucket), file_key=settings.plugin_key
                )
            ),
            tags=names.tags(NAME),
        )
        worker_configuration = MskconnectWorkerConfiguration(
            self,
            "worker-configuration",
            name=names.name(NAME),
            properties_file_content=worker_properties(names.region),
            tags=names.tags(NAME),
        )
        MskconnectConnector(
            self,
            "connector",
            name=names.name(NAME),
            description=f"Metrics of the modules from the Kafka topic {topic_name} to DataDog",
            kafkaconnect_version=settings.kafka_connect_version,
            connector_configuration=connector_configuration(
                topic_name=topic_name, tasks=settings.worker_count, api_key_secret_name=api_key_secret_name
            ),
            capacity=MskconnectConnectorCapacity(
                provisioned_capacity=MskconnectConnectorCapacityProvisionedCapacity(
                    mcu_count=settings.capacity_units_per_worker, worker_count=settings.worker_count
                )
            ),
            kafka_cluster=MskconnectConnectorKafkaCluster(
                apache_kafka_cluster=MskconnectConnectorKafkaClusterApacheKafkaCluster(
                    bootstrap_servers=cluster.bootstrap_brokers,
                    vpc=MskconnectConnectorKafkaClusterApacheKafkaClusterVpc(
                        security_groups=[workers.security_group_id], subnets=list(cluster.subnet_ids)
                    ),
                )
            ),
            kafka_cluster_client_authentication=MskconnectConnectorKafkaClusterClientAuthentication(
                authentication_type="IAM"
            ),
            kafka_cluster_encryption_in_transit=MskconnectConnectorKafkaClusterEncryptionInTransit(
                encryption_type="TLS"
            ),
            plugin=[
                MskconnectConnectorPlugin(
                    custom_plugin=MskconnectConnectorPluginCustomPlugin(arn=plugin.arn, revision=plugin.latest_revision)
                )
            ],
            worker_configuration=MskconnectConnectorWorkerConfiguration(
                arn=worker_configuration.arn, revision=worker_configuration.latest_revision
            ),
            log_delivery=MskconnectConnectorLogDelivery(
                worker_log_delivery=MskconnectConnectorLogDeliveryWorkerLogDelivery(
                    cloudwatch_logs=MskconnectConnectorLogDeliveryWorkerLogDeliveryCloudwatchLogs(
                        enabled=True, log_group=log_group.name
                    )
                )
            ),
            service_execution_role_arn=role.arn,
            depends_on=[role.policy, network.log_delivery, endpoint],
            tags=names.tags(NAME),
        )


def connector_configuration(*, topic_name: str, tasks: int, api_key_secret_name: str) -> dict[str, str]:
    """Return the configuration of the sink; the API key is named, not held.

    `$${` is how Terraform writes the `${` that the worker's configuration provider replaces.
    """
    return {
        "connector.class": CONNECTOR_CLASS,
        "datadog.api_key": f"$${{secretsmanager:{api_key_secret_name}:api_key}}",
        "errors.log.enable": "true",
        "tasks.max": str(tasks),
        "topics": topic_name,
    }


def worker_properties(region: str) -> str:
    """Return the workers' configuration: text converters and the provider that reads Secrets Manager.

    Source: Amazon MSK developer guide, "Externalizing sensitive information using config providers".
    """
    properties = {
        "config.providers": "secretsmanager",
        "config.providers.secretsmanager.class": "com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider",
        "config.providers.secretsmanager.param.region": region,
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "value.converter": "org.apache.kafka.connect.storage.StringConverter",
    }
    return "".join(f"{key}={value}\n" for key, value in sorted(properties.items()))
