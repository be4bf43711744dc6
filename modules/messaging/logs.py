"""The broker's logs in CloudWatch Logs.

Amazon MQ makes the log groups itself, `/aws/amazonmq/broker/<broker id>/<log>`, together with the broker whose id is
in their names: Terraform can neither make them before nor after (they exist by then). So their retention and their
key are set from outside: once a day a schedule calls CloudWatch Logs, which is harmless when nothing has changed.
"""

import json
from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_log_resource_policy import CloudwatchLogResourcePolicy
from cdktf_cdktf_provider_aws.scheduler_schedule import (
    SchedulerSchedule,
    SchedulerScheduleFlexibleTimeWindow,
    SchedulerScheduleTarget,
)
from constructs import Construct

from modules.common.context import Context
from modules.common.names import Names
from modules.common.policy import Statement, document
from modules.common.service_role import ServiceRole

LOG_GROUP_PREFIX = "/aws/amazonmq/broker/"
SCHEDULE_NAME_LIMIT = 64  # EventBridge Scheduler API: CreateSchedule, Name


class BrokerLogWriter(Construct):
    """Lets ActiveMQ brokers of this account write their logs; RabbitMQ uses its service-linked role instead.

    Source: Amazon MQ developer guide, "Configuring Amazon MQ for ActiveMQ logs". `policy` must exist before a broker.
    """

    def __init__(self, scope: Construct, id: str, *, names: Names) -> None:
        super().__init__(scope, id)
        self.policy = CloudwatchLogResourcePolicy(
            self,
            "policy",
            policy_name=names.name("broker-logs"),
            policy_document=document(
                [
                    Statement(
                        sid="BrokerWritesLogs",
                        principals={"Service": ["mq.amazonaws.com"]},
                        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                        resources=[names.arn("logs", f"log-group:{LOG_GROUP_PREFIX}*")],
                        conditions={
                            "StringEquals": {"aws:SourceAccount": names.account_id},
                            "ArnLike": {"aws:SourceArn": names.arn("mq", "broker:*")},
                        },
                    )
                ]
            ),
        )


class BrokerLogRetention(Construct):
    """Sets the retention of the broker's log groups, `retention_days`, and their key every day.

    Two schedules per log group call CloudWatch Logs' PutRetentionPolicy and AssociateKmsKey through EventBridge
    Scheduler's universal targets. The messaging key encrypts the schedules.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        broker_id: str,
        logs: Sequence[str],
        retention_days: int,
    ) -> None:
        super().__init__(scope, id)
        names, kms_key_arn = context.names, context.keys.messaging.arn
        log_groups = {log: f"{LOG_GROUP_PREFIX}{broker_id}/{log}" for log in logs}
        role = ServiceRole(
            self,
            "role",
            names=names,
            name="broker-log-retention",
            service="scheduler.amazonaws.com",
            statements=[
                Statement(
                    sid="SetRetentionAndKey",
                    actions=["logs:AssociateKmsKey", "logs:PutRetentionPolicy"],
                    resources=[names.arn("logs", f"log-group:{name}:*") for name in log_groups.values()],
                ),
                Statement(sid="DecryptSchedules", actions=["kms:Decrypt"], resources=[kms_key_arn]),
                # AssociateKmsKey needs no permission for the key: CloudWatch Logs has it by the key's policy.
            ],
        )
        for log, log_group in log_groups.items():
            for call, arguments in (
                ("putRetentionPolicy", {"LogGroupName": log_group, "RetentionInDays": retention_days}),
                ("associateKmsKey", {"LogGroupName": log_group, "KmsKeyId": context.keys.logs.arn}),
            ):
                words = ("broker", log, "retention" if call == "putRetentionPolicy" else "key")
                SchedulerSchedule(
                    self,
                    "-".join(words[1:]),
                    name=names.short_name(*words, limit=SCHEDULE_NAME_LIMIT),
                    description=f"{call} of the broker's log group {log}",
                    schedule_expression="rate(1 days)",
                    flexible_time_window=SchedulerScheduleFlexibleTimeWindow(mode="OFF"),
                    kms_key_arn=kms_key_arn,
                    target=SchedulerScheduleTarget(
                        arn=names.scheduler_target("cloudwatchlogs", call),
                        role_arn=role.arn,
                        input=json.dumps(arguments, sort_keys=True),
                    ),
                )
