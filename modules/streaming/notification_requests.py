"""Notification requests: from the Kafka topic to SNS (claim C9).

A request is a JSON message `{"kind": "meal-ready", "message": ...}`. One EventBridge pipe per kind of event reads
the Kafka topic, keeps the messages of its kind, and publishes them to the SNS topic of that kind.
"""

import json

from cdktf_cdktf_provider_aws.pipes_pipe import (
    PipesPipe,
    PipesPipeLogConfiguration,
    PipesPipeLogConfigurationCloudwatchLogsLogDestination,
    PipesPipeSourceParameters,
    PipesPipeSourceParametersFilterCriteria,
    PipesPipeSourceParametersFilterCriteriaFilter,
    PipesPipeSourceParametersManagedStreamingKafkaParameters,
    PipesPipeTargetParameters,
)
from constructs import Construct

from modules.common.context import Context
from modules.common.names import Names
from modules.common.pause import Pause
from modules.common.policy import Statement
from modules.common.service_role import ServiceRole
from modules.network.network import Network
from modules.notifications.topics import Topics
from modules.streaming.cluster import Cluster
from modules.streaming.logs import stream_log_group

NAME = "notification-requests"
# A pipe deletes its network interfaces with the permissions of its role, also when it is gone itself: until then the
# role keeps them, or the interfaces stay, and with them AWS refuses to delete their subnets and security group.
INTERFACES_PAUSE_SECONDS = 300
PIPE_NAME_LIMIT = 64  # EventBridge Pipes API: CreatePipe, Name
# A pipe decodes the value of a Kafka message and parses it as JSON (EventBridge user guide, "Input transformation",
# "Implicit body data parsing").
MESSAGE_TEMPLATE = '{"kind": <$.value.kind>, "message": <$.value.message>}'


class NotificationRequests(Construct):
    """The pipes, one per SNS topic, and the role they share.

    Network: pipes put their pollers into the subnets and the security group of the cluster, which they learn from
    MSK; so the group must let its own members reach the brokers, and the endpoint `pipes-data` over HTTPS (EventBridge
    user guide, "Amazon MSK topic as a source", "Network configuration").

    Failures: a pipe from Kafka has no dead-letter queue in AWS. It tries a batch again until it succeeds or Kafka
    drops it (seven days), in order, and logs every failure without the message.

    Each pipe's consumer group is fixed (`<project>-<environment>-notification-requests-<kind>`): a pipe that is made
    anew goes on where the last one stopped, and the first one starts with the oldest message.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        topic_name: str,
        cluster: Cluster,
        topics: Topics,
        network: Network,
    ) -> None:
        super().__init__(scope, id)
        names, key_arn = context.names, context.keys.notifications.arn
        cluster.accept_from(cluster.security_group)
        network.connect_to_interface_endpoints(cluster.security_group)

        log_group = stream_log_group(self, "log-group", context=context, purpose=NAME)
        log_group_arn = log_group.arn
        role = ServiceRole(
            self,
            "role",
            names=names,
            name=NAME,
            service="pipes.amazonaws.com",
            statements=[
                *cluster.read_statements(topic=topic_name, groups=[names.name(NAME, "*")]),
                *network_statements(names, cluster),
                Statement(sid="Publish", actions=["sns:Publish"], resources=list(topics.arns.values())),
                Statement(
                    sid="UseKeyOfPipesAndTopics",
                    actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
                    resources=[key_arn],
                ),
            ],
        )
        interfaces = Pause(self, "interfaces", depends_on=[role.policy], destroy_seconds=INTERFACES_PAUSE_SECONDS)
        for kind, topic_arn in sorted(topics.arns.items()):
            PipesPipe(
                self,
                kind,
                name=names.short_name(NAME, kind, limit=PIPE_NAME_LIMIT),
                description=f"Requests of kind {kind} from the Kafka topic {topic_name} to SNS",
                role_arn=role.arn,
                kms_key_identifier=key_arn,
                source=cluster.arn,
                source_parameters=PipesPipeSourceParameters(
                    managed_streaming_kafka_parameters=PipesPipeSourceParametersManagedStreamingKafkaParameters(
                        topic_name=topic_name,
                        consumer_group_id=names.name(NAME, kind),
                        starting_position="TRIM_HORIZON",
                        batch_size=10,
                        maximum_batching_window_in_seconds=1,
                    ),
                    filter_criteria=PipesPipeSourceParametersFilterCriteria(
                        filter=[
                            PipesPipeSourceParametersFilterCriteriaFilter(
                                pattern=json.dumps({"value": {"kind": [kind]}})
                            )
                        ]
                    ),
                ),
                target=topic_arn,
                target_parameters=PipesPipeTargetParameters(input_template=MESSAGE_TEMPLATE),
                log_configuration=PipesPipeLogConfiguration(
                    level="ERROR",
                    cloudwatch_logs_log_destination=PipesPipeLogConfigurationCloudwatchLogsLogDestination(
                        log_group_arn=log_group_arn
                    ),
                ),
                depends_on=[interfaces.resource, network.log_delivery],
                tags=names.tags(NAME, kind),
            )


def network_statements(names: Names, cluster: Cluster) -> list[Statement]:
    """Return what pipes need to find the brokers and to put network interfaces beside them.

    Source: EventBridge user guide, "Amazon MSK execution role permissions". EC2's Describe actions know no resource.
    """
    subnets = [names.arn("ec2", f"subnet/{subnet_id}") for subnet_id in cluster.subnet_ids]
    interfaces = names.arn("ec2", "network-interface/*")
    group = names.arn("ec2", f"security-group/{cluster.security_group.security_group_id}")
    return [
        Statement(
            sid="FindBrokers",
            actions=["kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"],
            resources=[cluster.arn],
        ),
        Statement(
            sid="DescribeNetwork",
            actions=[
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ],
            resources=["*"],
        ),
        Statement(
            sid="CreateNetworkInterfaces",
            actions=["ec2:CreateNetworkInterface"],
            resources=[interfaces, group, *subnets],
        ),
        Statement(
            sid="DeleteNetworkInterfaces",
            actions=["ec2:DeleteNetworkInterface"],
            resources=[interfaces],
            conditions={"ArnEquals": {"ec2:Subnet": subnets}},
        ),
    ]
