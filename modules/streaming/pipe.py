"""A pipe of EventBridge from a topic of the cluster: what all pipes of the stream have in common.

Network: pipes put their pollers into the subnets and the security group of the cluster, which they learn from MSK; so
the group must let its own members reach the brokers, and the endpoint `pipes-data` over HTTPS (EventBridge user guide,
"Amazon MSK topic as a source", "Network configuration").

Failures: a pipe from Kafka has no dead-letter queue in AWS. It tries a batch again until it succeeds or Kafka drops it
(seven days), in order, and logs every failure without the message.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cdktf import ITerraformDependable
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

from modules.common.names import Names
from modules.common.policy import Statement
from modules.common.service_role import ServiceRole
from modules.streaming.cluster import Cluster

# A pipe deletes its network interfaces with the permissions of its role, also when it is gone itself: until then the
# role keeps them, or the interfaces stay, and with them AWS refuses to delete their subnets and security group.
INTERFACES_PAUSE_SECONDS = 300
PIPE_NAME_LIMIT = 64  # EventBridge Pipes API: CreatePipe, Name


def kafka_pipe(
    scope: Construct,
    id: str,
    *,
    name: str,
    description: str,
    cluster: Cluster,
    role: ServiceRole,
    kms_key_arn: str,
    topic_name: str,
    consumer_group: str,
    target: str,
    input_template: str,
    log_group_arn: str,
    depends_on: Sequence[ITerraformDependable],
    tags: Mapping[str, str],
    pattern: Mapping[str, Any] | None = None,
) -> None:
    """Make a pipe that reads a topic from the oldest message on and sends each message to `target`.

    `pattern` keeps the messages that match it, all without it. The consumer group is fixed: a pipe that is made anew
    goes on where the last one stopped.
    """
    PipesPipe(
        scope,
        id,
        name=name,
        description=description,
        role_arn=role.arn,
        kms_key_identifier=kms_key_arn,
        source=cluster.arn,
        source_parameters=PipesPipeSourceParameters(
            managed_streaming_kafka_parameters=PipesPipeSourceParametersManagedStreamingKafkaParameters(
                topic_name=topic_name,
                consumer_group_id=consumer_group,
                starting_position="TRIM_HORIZON",
                batch_size=10,
                maximum_batching_window_in_seconds=1,
            ),
            filter_criteria=PipesPipeSourceParametersFilterCriteria(
                filter=[PipesPipeSourceParametersFilterCriteriaFilter(pattern=json.dumps(pattern))]
            )
            if pattern
            else None,
        ),
        target=target,
        target_parameters=PipesPipeTargetParameters(input_template=input_template),
        log_configuration=PipesPipeLogConfiguration(
            level="ERROR",
            cloudwatch_logs_log_destination=PipesPipeLogConfigurationCloudwatchLogsLogDestination(
                log_group_arn=log_group_arn
            ),
        ),
        depends_on=list(depends_on),
        tags=dict(tags),
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
