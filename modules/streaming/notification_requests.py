"""Notification requests: from the Kafka topic to SNS (claim C9).

A request is a JSON message `{"kind": "meal-ready", "message": ...}`. One EventBridge pipe per kind of event reads
the Kafka topic, keeps the messages of its kind, and publishes them to the SNS topic of that kind.
"""

from constructs import Construct

from modules.common.context import Context
from modules.common.pause import Pause
from modules.common.policy import Statement
from modules.common.service_role import ServiceRole
from modules.network.network import Network
from modules.notifications.topics import Topics
from modules.streaming.cluster import Cluster
from modules.streaming.logs import stream_log_group
from modules.streaming.pipe import INTERFACES_PAUSE_SECONDS, PIPE_NAME_LIMIT, kafka_pipe, network_statements

NAME = "notification-requests"
# A pipe decodes the value of a Kafka message and parses it as JSON (EventBridge user guide, "Input transformation",
# "Implicit body data parsing").
MESSAGE_TEMPLATE = '{"kind": <$.value.kind>, "message": <$.value.message>}'


class NotificationRequests(Construct):
    """The pipes, one per SNS topic, and the role they share.

    Network and failures are those of every pipe from Kafka (`modules.streaming.pipe`).

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
                *cluster.read_statements(topics=[topic_name], groups=[names.name(NAME, "*")]),
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
            kafka_pipe(
                self,
                kind,
                name=names.short_name(NAME, kind, limit=PIPE_NAME_LIMIT),
                description=f"Requests of kind {kind} from the Kafka topic {topic_name} to SNS",
                cluster=cluster,
                role=role,
                kms_key_arn=key_arn,
                topic_name=topic_name,
                consumer_group=names.name(NAME, kind),
                target=topic_arn,
                input_template=MESSAGE_TEMPLATE,
                log_group_arn=log_group_arn,
                depends_on=[interfaces.resource, network.log_delivery],
                tags=names.tags(NAME, kind),
                pattern={"value": {"kind": [kind]}},
            )
