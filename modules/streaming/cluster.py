"""Amazon MSK: the Kafka stream out of the modules.

Clients authenticate with IAM and speak TLS; there is no other way in. Brokers are in private subnets and take
connections from the servers' security groups and from members of their own group, where EventBridge Pipes puts its
pollers.
"""

import re
from collections.abc import Mapping, Sequence

from cdktf import Fn, TerraformResourceLifecycle, Token
from cdktf_cdktf_provider_aws.data_aws_msk_broker_nodes import DataAwsMskBrokerNodes
from cdktf_cdktf_provider_aws.msk_cluster import (
    MskCluster,
    MskClusterBrokerNodeGroupInfo,
    MskClusterClientAuthentication,
    MskClusterClientAuthenticationSasl,
    MskClusterConfigurationInfo,
    MskClusterEncryptionInfo,
    MskClusterEncryptionInfoEncryptionInTransit,
    MskClusterLoggingInfo,
    MskClusterLoggingInfoBrokerLogs,
    MskClusterLoggingInfoBrokerLogsCloudwatchLogs,
    MskClusterOpenMonitoring,
    MskClusterOpenMonitoringPrometheus,
    MskClusterOpenMonitoringPrometheusJmxExporter,
    MskClusterOpenMonitoringPrometheusNodeExporter,
)
from cdktf_cdktf_provider_aws.msk_cluster_policy import MskClusterPolicy
from cdktf_cdktf_provider_aws.msk_configuration import MskConfiguration
from constructs import Construct

from envs.settings.streaming import Cluster as ClusterSettings
from envs.settings.streaming import Consumer, Topics
from modules.common.context import Context
from modules.common.policy import Statement, document
from modules.common.suppressions import suppress
from modules.network.network import Network
from modules.network.security_group import SecurityGroup
from modules.streaming.brokers import connectivity_info, server_properties, storage_info
from modules.streaming.logs import stream_log_group
from modules.streaming.storage_scaling import StorageScaling

NAME = "stream"
IAM_PORT = 9098  # Amazon MSK developer guide, "Port information": IAM access control, TLS

# Amazon MSK developer guide, "Port information": multi-VPC private connectivity, one port per broker
FIRST_PRIVATE_CONNECTIVITY_PORT = 14001
LAST_PRIVATE_CONNECTIVITY_PORT = 14100


class Cluster(Construct):
    """The cluster, its configuration, security group, policy, logs and storage scaling.

    `replicas` are the subnet replicas, counted from 1, whose private subnets hold the brokers: fixed, because AWS
    cannot move a cluster (a change replaces it). `clients` may connect.

    Topics: no Terraform resource makes them. Brokers create a topic on first use, and IAM lets only servers do that,
    for the topics of the settings (`client_statements`), so the first message of a server makes its topic and nobody
    can make another.

    Attributes: `arn`, `bootstrap_brokers` (hosts with the port of IAM: the first ones, as many as there are zones),
    `subnet_ids`, `security_group`, and `policy`, which a Firehose stream that reads from the cluster depends on.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        settings: ClusterSettings,
        replicas: Sequence[int],
        kafka_version: str,
        network: Network,
        clients: Sequence[SecurityGroup],
    ) -> None:
        super().__init__(scope, id)
        self._names = names = context.names
        self._name = names.name(NAME)
        self.subnet_ids: tuple[str, ...] = tuple(network.private_subnet_ids[replica - 1] for replica in replicas)
        self.security_group = SecurityGroup(
            self,
            "security-group",
            names=names,
            name=NAME,
            description="MSK brokers: IAM over TLS from the servers and from pipes",
            vpc_id=network.vpc_id,
        )
        for client in clients:
            self.accept_from(client)
        if settings.accept_private_connectivity:
            rule = self.security_group.accept_from_cidr(
                network.cidr_block,
                id="private-connectivity",
                port=FIRST_PRIVATE_CONNECTIVITY_PORT,
                last_port=LAST_PRIVATE_CONNECTIVITY_PORT,
                description="Kafka with IAM over TLS, through AWS PrivateLink",
            )
            suppress(
                rule,
                rule="CKV2_MEALS_214",
                reason="Firehose comes from addresses of AWS PrivateLink, for which no security group stands; "
                "whoever connects authenticates with IAM",
                expires="2027-04-30",
            )

        log_group = stream_log_group(
            self,
            "broker-logs",
            context=context,
            purpose="brokers",
            retention_days=settings.log_retention_days,
        )
        configuration = MskConfiguration(
            self,
            "configuration",
            name=self._name,
            description=f"Configuration of the brokers of {names.prefix}",
            server_properties=server_properties(settings),
        )
        cluster = MskCluster(
            self,
            "cluster",
            cluster_name=self._name,
            kafka_version=kafka_version,
            number_of_broker_nodes=settings.brokers,
            enhanced_monitoring=settings.metrics_level,
            broker_node_group_info=MskClusterBrokerNodeGroupInfo(
                client_subnets=list(self.subnet_ids),
                instance_type=settings.instance_type,
                security_groups=[self.security_group.security_group_id],
                storage_info=storage_info(settings),
                connectivity_info=connectivity_info(),
            ),
            configuration_info=MskClusterConfigurationInfo(
                arn=configuration.arn, revision=configuration.latest_revision
            ),
            client_authentication=MskClusterClientAuthentication(
                sasl=MskClusterClientAuthenticationSasl(iam=True, scram=False), unauthenticated=False
            ),
            encryption_info=MskClusterEncryptionInfo(
                encryption_at_rest_kms_key_arn=context.keys.streaming.arn,
                encryption_in_transit=MskClusterEncryptionInfoEncryptionInTransit(client_broker="TLS", in_cluster=True),
            ),
            logging_info=MskClusterLoggingInfo(
                broker_logs=MskClusterLoggingInfoBrokerLogs(
                    cloudwatch_logs=MskClusterLoggingInfoBrokerLogsCloudwatchLogs(
                        enabled=True, log_group=log_group.name
                    )
                )
            ),
            # The exporters run in the brokers; their ports 11001 and 11002 are plain HTTP, so no group may reach
            # them until a scraper inside the VPC needs them.
            open_monitoring=MskClusterOpenMonitoring(
                prometheus=MskClusterOpenMonitoringPrometheus(
                    jmx_exporter=MskClusterOpenMonitoringPrometheusJmxExporter(enabled_in_broker=True),
                    node_exporter=MskClusterOpenMonitoringPrometheusNodeExporter(enabled_in_broker=True),
                )
            ),
            lifecycle=TerraformResourceLifecycle(
                prevent_destroy=context.stateful_protection or None,
                # AWS cannot move brokers: a change of their subnets would replace the cluster. Storage scaling grows
                # the volumes, which never shrink.
                ignore_changes=[
                    f"broker_node_group_info[0].{argument}"
                    for argument in ("client_subnets", "storage_info[0].ebs_storage_info[0].volume_size")
                    if argument == "client_subnets" or not settings.is_express
                ],
            ),
            depends_on=[network.log_delivery],
            tags=names.tags(NAME),
        )
        self.arn: str = cluster.arn
        self.bootstrap_brokers: str = self._first_brokers(settings.zones)
        self._uuid: str = cluster.cluster_uuid
        # Amazon Data Firehose developer guide, "Grant Firehose access to your private Amazon MSK cluster". The call
        # only opens the network path; what may be read over it is up to the stream's role, in this account.
        self.policy = MskClusterPolicy(
            self,
            "policy",
            cluster_arn=self.arn,
            policy=document(
                [
                    Statement(
                        sid="FirehoseConnectsPrivately",
                        principals={"Service": ["firehose.amazonaws.com"]},
                        actions=["kafka:CreateVpcConnection"],
                        resources=[self.arn],
                    )
                ]
            ),
        )
        if settings.volume_gib is not None:
            StorageScaling(
                self,
                "storage-scaling",
                name=names.name(NAME, "storage"),
                cluster_arn=self.arn,
                volume_gib=settings.volume_gib,
            )

    def _first_brokers(self, count: int) -> str:
        """Return the addresses of the `count` brokers with the lowest ids, which a cluster that grows keeps.

        The cluster's own `bootstrap_brokers_sasl_iam` holds three of its brokers, and of four or more others at each
        call (hashicorp/terraform-provider-aws#35696): every plan would change every server. The provider sorts nodes
        by id.
        """
        nodes = DataAwsMskBrokerNodes(self, "nodes", cluster_arn=self.arn).node_info_list
        hosts = [Token.as_string(Fn.element(nodes.get(index).endpoints, 0)) for index in range(count)]
        return ",".join(f"{host}:{IAM_PORT}" for host in hosts)

    def accept_from(self, client: SecurityGroup) -> None:
        """Let `client` connect to the brokers with IAM over TLS."""
        self.security_group.accept_from(client, port=IAM_PORT, description="Kafka with IAM over TLS")

    def topic_arn(self, topic: str) -> str:
        """Return the ARN of a topic; `*` matches any characters."""
        return self._names.arn("kafka", f"topic/{self._name}/{self._uuid}/{topic}")

    def group_arn(self, group: str) -> str:
        """Return the ARN of a consumer group; `*` matches any characters."""
        return self._names.arn("kafka", f"group/{self._name}/{self._uuid}/{group}")

    def read_statements(self, *, topics: Sequence[str], groups: Sequence[str]) -> list[Statement]:
        """Return what a consumer needs to read `topics` as a member of the consumer `groups`.

        Source: Amazon MSK developer guide, "IAM access control", "Common use cases"; EventBridge and MSK Connect ask
        for the same actions.
        """
        return [
            Statement(
                sid="ConnectToCluster",
                actions=[
                    "kafka-cluster:Connect",
                    "kafka-cluster:DescribeCluster",
                    "kafka-cluster:DescribeClusterDynamicConfiguration",
                ],
                resources=[self.arn],
            ),
            Statement(
                sid="ReadTopic",
                actions=[
                    "kafka-cluster:DescribeTopic",
                    "kafka-cluster:DescribeTopicDynamicConfiguration",
                    "kafka-cluster:ReadData",
                ],
                resources=[self.topic_arn(topic) for topic in topics],
            ),
            Statement(
                sid="UseConsumerGroups",
                actions=["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"],
                resources=[self.group_arn(group) for group in groups],
            ),
        ]

    def client_environment(self, topics: Topics) -> dict[str, str]:
        """Return the variables that tell a server where the brokers are and what the topics are called."""
        return {
            "KAFKA_BOOTSTRAP_BROKERS": self.bootstrap_brokers,
            "KAFKA_TOPIC_DATA_REPORTING": topics.data_reporting,
            "KAFKA_TOPIC_METRICS_EXPORT": topics.metrics_export,
            "KAFKA_TOPIC_NOTIFICATION_REQUESTS": topics.notification_requests,
            **{topic_variable(topic): topic for topic in topics.further},
        }

    def consumer_environment(self, consumers: Mapping[str, Consumer]) -> dict[str, str]:
        """Return the variables that tell a server what it consumes: the topic and the group of each of `consumers`."""
        return {
            f"KAFKA_CONSUMER_{what}_{_in_capitals(name)}": value
            for name, consumer in consumers.items()
            for what, value in (("TOPIC", consumer.topic), ("GROUP", self._names.name("consumer", name)))
        }

    def consumer_statements(self, consumers: Mapping[str, Consumer]) -> list[Statement]:
        """Return what a server needs to read the topics of `consumers`, each as the group of that consumer."""
        if not consumers:
            return []
        topics = sorted({consumer.topic for consumer in consumers.values()})
        return self.read_statements(topics=topics, groups=[self._names.name("consumer", name) for name in consumers])

    def client_statements(self, topics: Topics) -> list[Statement]:
        """Return what a server needs to write to the topics, making them on first use.

        Servers only write: what they tell each other goes over the broker, and the consumers of the stream are AWS
        services with roles of their own, and the servers that the settings name (`consumer_statements`).
        """
        return [
            Statement(
                sid="ConnectToStream",
                actions=["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"],
                resources=[self.arn],
            ),
            Statement(
                sid="WriteToStream",
                actions=["kafka-cluster:CreateTopic", "kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"],
                resources=[self.topic_arn(topic) for topic in topics.names],
            ),
        ]


def topic_variable(topic: str) -> str:
    """Return the variable that tells a server the name of a further topic: `KAFKA_TOPIC_ORDERS` of `orders`."""
    return f"KAFKA_TOPIC_{_in_capitals(topic)}"


def _in_capitals(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", name.upper())
