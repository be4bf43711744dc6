"""Amazon MSK and the consumers of the stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from envs.settings.base import Part, Violation, repeated
from envs.settings.servers import SERVER_NAME
from envs.settings.types import BucketName, HttpsUrl, LogRetentionDays, PrincipalArn, SecretName, Spelling

ClusterInstanceType = Annotated[
    str,
    # Without kafka.t3.small: Firehose reads the cluster through multi-VPC private connectivity, which that type
    # lacks (Amazon MSK Developer Guide, "Multi-VPC private connectivity", requirements).
    Spelling(
        r"kafka\.m5\.(large|xlarge|[248]xlarge|12xlarge|16xlarge|24xlarge)"
        r"|(kafka|express)\.m7g\.(large|xlarge|[248]xlarge|12xlarge|16xlarge)",
        "an Amazon MSK instance type of the families kafka.m5, kafka.m7g or express.m7g, such as "
        "kafka.m7g.large "
        "(not kafka.t3.small, which Firehose cannot read from)",
    ),
]
KafkaTopicName = Annotated[
    str,
    Spelling(
        r"[a-z0-9][a-z0-9._-]{0,248}",
        "a Kafka topic name of lower-case letters, digits, dots, underscores and hyphens",
    ),
]
Namespace = Annotated[str, Spelling(r"[0-9A-Za-z.#/_-]{1,255}", "a CloudWatch namespace, such as AWS/ApplicationELB")]


class Cluster(Part):
    """The MSK cluster. Its Kafka version is a release value."""

    instance_type: ClusterInstanceType = Field(
        default="kafka.m7g.large", description="Amazon MSK instance type of a broker."
    )
    zones: int = Field(
        default=2,
        ge=2,
        le=3,
        description="Number of availability zones with brokers: 2 or 3, fixed after the first apply.",
    )
    brokers: int = Field(default=2, ge=2, le=60, description="Number of brokers: a multiple of zones.")
    volume_gib: int | None = Field(
        default=100,
        ge=1,
        le=16384,
        description="Size of each broker's volume, in GiB; null for express brokers, which have none.",
    )
    metrics_level: Literal["DEFAULT", "PER_BROKER", "PER_TOPIC_PER_BROKER", "PER_TOPIC_PER_PARTITION"] = Field(
        default="PER_TOPIC_PER_BROKER",
        description="Level of detail of the cluster's metrics in CloudWatch. DEFAULT is free; each metric of the other "
        "levels is paid for in CloudWatch, in the metric stream and in DataDog.",
    )
    accept_private_connectivity: bool = Field(
        default=False,
        description="Whether the brokers' security group accepts the ports of multi-VPC private connectivity, 14001 to "
        "14100, from the VPC. Firehose needs no rule according to AWS; true where it cannot connect without.",
    )
    log_retention_days: LogRetentionDays = Field(default=365, description="Days that broker logs are kept.")

    @property
    def is_express(self) -> bool:
        """Whether the brokers are Express brokers, which have no volume of their own."""
        return self.instance_type.startswith("express.")

    def rules(self) -> Iterator[Violation]:
        if self.brokers % self.zones:
            yield Violation(("brokers",), self.brokers, f"a multiple of zones, {self.zones}")
        if self.is_express and self.zones != 3:
            yield Violation(("zones",), self.zones, "3, because AWS always spreads express brokers over three zones")
        if self.is_express and self.volume_gib is not None:
            yield Violation(("volume_gib",), self.volume_gib, "null: express brokers have no volume of their own")
        if not self.is_express and self.volume_gib is None:
            yield Violation(("volume_gib",), None, "a size in GiB; only express brokers have no volume of their own")


class Topics(Part):
    """Names of the stream's topics."""

    notification_requests: KafkaTopicName = Field(
        default="notification-requests", description="Requests to notify a customer; read into SNS."
    )
    metrics_export: KafkaTopicName = Field(
        default="metrics-export", description="Metrics of the modules; read into DataDog."
    )
    data_reporting: KafkaTopicName = Field(
        default="data-reporting", description="Data for reports; read into S3 for Tableau."
    )

    further: tuple[KafkaTopicName, ...] = Field(
        default=(), description="Further topics, which servers write and `streaming.consumers` read."
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all topics."""
        return (self.data_reporting, self.metrics_export, self.notification_requests, *self.further)

    def rules(self) -> Iterator[Violation]:
        names: dict[str, str] = {}
        keys: tuple[tuple[str | int, ...], ...] = (
            ("notification_requests",),
            ("metrics_export",),
            ("data_reporting",),
            *(("further", index) for index in range(len(self.further))),
        )
        for key in keys:
            name = self.further[int(key[1])] if key[1:] else getattr(self, str(key[0]))
            other = re.sub("[._-]+", "_", name)  # the variable that tells servers the name has no other characters
            if other in names:
                yield Violation(key, name, f"a name other than that of {names[other]}")
            names.setdefault(other, ".".join(map(str, key)))


ConsumerName = Annotated[
    str,
    Spelling(
        # cdktf leaves a step of a construct path that the one before ends with out of a resource's name, and the claims
        # could not find the consumer in a plan.
        r"(?!(rs|ers|mers|umers|sumers|nsumers|onsumers|consumers)$)(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
        "a name of 2 to 32 lower-case letters, digits and single hyphens that starts with a letter, and that the word "
        "consumers does not end with",
    ),
]


class Consumer(Part):
    """What reads one more topic, or a topic once more: from the oldest message on, each in JSON."""

    topic: KafkaTopicName = Field(description="The topic, which is one of `streaming.topics`.")
    to: Annotated[
        str, Spelling(rf"sqs|sns|{SERVER_NAME}", "sqs, sns, or the name of a server, such as core-server")
    ] = Field(
        description="sqs: a queue of its own, with a dead-letter queue; sns: a topic of its own; or the server that "
        "reads the Kafka topic itself."
    )


class MetricsConnector(Part):
    """An MSK Connect connector from the metrics topic to DataDog, over AWS PrivateLink."""

    plugin_bucket: BucketName = Field(description="Bucket that holds the connector's plug-in archive.")
    plugin_key: str = Field(description="Object key of the connector's plug-in archive.")
    privatelink_service_name: Annotated[
        str,
        Spelling(
            r"com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-f]+",
            "an endpoint service name, such as com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
        ),
    ] = Field(description="Endpoint service of DataDog's intake; private subnets have no other way out.")
    kafka_connect_version: Literal["2.7.1", "3.7.x"] = Field(default="3.7.x", description="Version of Kafka Connect.")
    worker_count: int = Field(default=1, ge=1, le=10, description="Number of workers.")
    capacity_units_per_worker: Literal[1, 2, 4, 8] = Field(
        default=1, description="MSK Connect units (1 vCPU, 4 GiB) of each worker."
    )


class MetricsExport(Part):
    """Metrics to DataDog: a CloudWatch metric stream through Firehose, and optionally the Kafka topic."""

    endpoint_url: HttpsUrl = Field(
        default="https://awsmetrics-intake.datadoghq.com/v1/input",
        description="DataDog's HTTPS intake for Firehose.",
    )
    api_key_secret_name: SecretName = Field(
        description="Name of the secret in AWS Secrets Manager that holds DataDog's API key, as JSON with "
        "the key api_key. "
        "It exists before the first apply."
    )
    namespaces: tuple[Namespace, ...] = Field(
        default=(
            "AWS/ApplicationELB",
            "AWS/AmazonMQ",
            "AWS/AutoScaling",
            "AWS/Backup",
            "AWS/DynamoDB",
            "AWS/EC2",
            "AWS/EventBridge/Pipes",
            "AWS/Firehose",
            "AWS/Kafka",
            "AWS/SNS",
            "AWS/SQS",
            "AWS/Scheduler",
            "AWS/WAFV2",
            "CWAgent",
        ),
        min_length=1,
        description="CloudWatch namespaces whose metrics are exported.",
    )
    connector: MetricsConnector | None = Field(
        default=None, description="MSK Connect connector for the metrics topic; null for none."
    )

    def rules(self) -> Iterator[Violation]:
        yield from repeated("namespaces", self.namespaces)


class Reporting(Part):
    """Data for Tableau: S3, Glue and Athena, and the role that Tableau assumes."""

    tableau_principal_arn: PrincipalArn = Field(
        description="IAM principal of Tableau that may assume the reporting role."
    )
    tableau_external_id: Annotated[
        str,
        Spelling(r"[A-Za-z0-9+=,.@:/_-]{2,1224}", "an external id of 2 to 1224 letters, digits and +=,.@:/_-"),
    ] = Field(description="External id that Tableau presents when it assumes the reporting role.")
    retention_days: int = Field(default=730, ge=1, le=3650, description="Days that reporting data is kept.")


class Streaming(Part):
    """The stream out of the modules, its three consumers, and further ones."""

    cluster: Cluster = Field(default=Cluster(), description="The MSK cluster.")
    topics: Topics = Field(default=Topics(), description="Names of the topics.")
    metrics_export: MetricsExport = Field(description="Metrics to DataDog.")
    reporting: Reporting = Field(description="Data for Tableau.")
    consumers: dict[ConsumerName, Consumer] = Field(
        default={}, description="Further consumers of the stream, by name, each of one topic."
    )

    def consumed_by(self, server: str) -> dict[str, Consumer]:
        """The consumers that a server is, by name."""
        return {name: consumer for name, consumer in self.consumers.items() if consumer.to == server}

    def rules(self) -> Iterator[Violation]:
        for name, consumer in self.consumers.items():
            if consumer.topic not in self.topics.names:
                yield Violation(
                    ("consumers", name, "topic"),
                    consumer.topic,
                    f"one of streaming.topics: {', '.join(self.topics.names)}",
                )
