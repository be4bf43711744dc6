"""Consumers of the stream that the settings name: from a topic of Kafka to an SQS queue or an SNS topic.

No code runs: an EventBridge pipe reads the topic and sends each message, as it is (docs/adr/0008-stream-consumers.md).
A server that consumes a topic has no resource of its own: it reads the topic itself, as `server_access` lets it.
"""

import json
from collections.abc import Mapping

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from constructs import Construct

from envs.settings.streaming import Consumer as ConsumerSettings
from modules.common.context import Context
from modules.common.names import Names
from modules.common.pause import Pause
from modules.common.policy import Statement, deny_insecure_transport, document
from modules.common.service_role import ServiceRole
from modules.network.network import Network
from modules.notifications.topics import SIGNATURE_VERSION, topic_policy
from modules.streaming.cluster import Cluster
from modules.streaming.logs import stream_log_group
from modules.streaming.pipe import INTERFACES_PAUSE_SECONDS, PIPE_NAME_LIMIT, kafka_pipe, network_statements

WORD = "consumer"
"""The word before a consumer's own in the names of its resources."""

# What a pipe gets of Kafka is decoded; this is the value of the message, and nothing around it.
MESSAGE = "<$.value>"
MAX_RECEIVE_COUNT = 5
"""Times that a reader of the queue may fail with a message before it goes to the dead-letter queue."""
RETENTION_SECONDS = 14 * 24 * 3600  # the longest that SQS keeps a message
ALARM_SECONDS = 300


class Consumers(Construct):
    """The consumers of `settings` that send on: one pipe, role, log group and alarms for each, and its queue or topic.

    The security group of the cluster must let its own members in, and reach `pipes-data`: the pipes of notification
    requests see to it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        settings: Mapping[str, ConsumerSettings],
        cluster: Cluster,
        network: Network,
    ) -> None:
        super().__init__(scope, id)
        for name, consumer in settings.items():
            if consumer.to in ("sqs", "sns"):
                _Consumer(self, name, context=context, settings=consumer, cluster=cluster, network=network)


class _Consumer(Construct):
    """One consumer: its pipe, and what this sends to."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        settings: ConsumerSettings,
        cluster: Cluster,
        network: Network,
    ) -> None:
        super().__init__(scope, id)
        names, name = context.names, f"{WORD}-{id}"
        is_queue = settings.to == "sqs"
        key_arn = context.keys.streaming.arn if is_queue else context.keys.notifications.arn
        target = self._queue(names, name, key_arn) if is_queue else self._topic(names, name, key_arn)
        log_group = stream_log_group(self, "log-group", context=context, purpose=name)
        group = names.name(name)
        role = ServiceRole(
            self,
            "role",
            names=names,
            name=name,
            service="pipes.amazonaws.com",
            statements=[
                *cluster.read_statements(topics=[settings.topic], groups=[group]),
                *network_statements(names, cluster),
                Statement(sid="Send", actions=["sqs:SendMessage" if is_queue else "sns:Publish"], resources=[target]),
                Statement(
                    sid="UseKeyOfPipeAndTarget",
                    actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
                    resources=[key_arn],
                ),
            ],
        )
        interfaces = Pause(self, "interfaces", depends_on=[role.policy], destroy_seconds=INTERFACES_PAUSE_SECONDS)
        pipe_name = names.short_name(name, limit=PIPE_NAME_LIMIT)
        kafka_pipe(
            self,
            "pipe",
            name=pipe_name,
            description=f"The Kafka topic {settings.topic} to {settings.to.upper()}",
            cluster=cluster,
            role=role,
            kms_key_arn=key_arn,
            topic_name=settings.topic,
            consumer_group=group,
            target=target,
            input_template=MESSAGE,
            log_group_arn=log_group.arn,
            depends_on=[interfaces.resource, network.log_delivery],
            tags=names.tags(name),
        )
        # EventBridge user guide, "Monitoring Amazon EventBridge Pipes", and SQS developer guide, "Available CloudWatch
        # metrics for Amazon SQS".
        self._alarm(
            names,
            name,
            purpose="pipe-failed",
            namespace="AWS/EventBridge/Pipes",
            metric_name="ExecutionFailed",
            statistic="Sum",
            dimensions={"PipeName": pipe_name},
        )
        if is_queue:
            self._alarm(
                names,
                name,
                purpose="dead-letters",
                namespace="AWS/SQS",
                metric_name="ApproximateNumberOfMessagesVisible",
                statistic="Maximum",
                dimensions={"QueueName": names.name(name, "failures")},
            )

    def _queue(self, names: Names, name: str, key_arn: str) -> str:
        """Return the ARN of the queue, which is made with its dead-letter queue; both are used over TLS only."""
        queue_name, failures_name = names.name(name), names.name(name, "failures")
        queue_arn, failures_arn = names.arn("sqs", queue_name), names.arn("sqs", failures_name)
        failures = SqsQueue(
            self,
            "failures",
            name=failures_name,
            kms_master_key_id=key_arn,
            message_retention_seconds=RETENTION_SECONDS,
            tags=names.tags(name, "failures"),
        )
        queue = SqsQueue(
            self,
            "queue",
            name=queue_name,
            kms_master_key_id=key_arn,
            message_retention_seconds=RETENTION_SECONDS,
            redrive_policy=json.dumps(
                {"deadLetterTargetArn": failures_arn, "maxReceiveCount": MAX_RECEIVE_COUNT}, sort_keys=True
            ),
            depends_on=[failures],
            tags=names.tags(name),
        )
        for purpose, made, arn in (("failures", failures, failures_arn), ("queue", queue, queue_arn)):
            policy = document([deny_insecure_transport(actions=["sqs:*"], resources=[arn])])
            SqsQueuePolicy(self, f"{purpose}-policy", queue_url=made.url, policy=policy)
        return str(queue.arn)

    def _topic(self, names: Names, name: str, key_arn: str) -> str:
        """Return the ARN of the topic, which this account uses over TLS."""
        topic = SnsTopic(
            self,
            "topic",
            name=names.name(name),
            kms_master_key_id=key_arn,
            signature_version=SIGNATURE_VERSION,
            tags=names.tags(name),
        )
        SnsTopicPolicy(self, "topic-policy", arn=topic.arn, policy=topic_policy(names, name))
        return str(topic.arn)

    def _alarm(
        self,
        names: Names,
        name: str,
        *,
        purpose: str,
        namespace: str,
        metric_name: str,
        statistic: str,
        dimensions: Mapping[str, str],
    ) -> None:
        """Make the alarm for any value above zero. What it tells goes to EventBridge's default bus, like every alarm's.

        Source: Amazon CloudWatch user guide, "Alarm events and EventBridge".
        """
        CloudwatchMetricAlarm(
            self,
            purpose,
            alarm_name=names.name(name, purpose),
            alarm_description=f"{metric_name} of {names.name(name)} is above zero",
            namespace=namespace,
            metric_name=metric_name,
            statistic=statistic,
            dimensions=dict(dimensions),
            period=ALARM_SECONDS,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
            tags=names.tags(name, purpose),
        )
