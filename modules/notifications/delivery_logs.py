"""Where SNS writes the delivery status of messages, and the role with which it writes.

SNS prescribes the names of the log groups: `sns/<region>/<account>/<source>` for deliveries and the same with
`/Failure` for failures (SNS developer guide, "Amazon SNS message delivery status"). They are made here, before SNS
would make them without key and retention.
"""

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from constructs import Construct

from modules.common.context import Context
from modules.common.policy import Statement
from modules.common.service_role import ServiceRole

LOG_RETENTION_DAYS = 365  # a year, what CKV_AWS_338 asks for
SUCCESS_SAMPLE_PERCENT = 100


class DeliveryLogs(Construct):
    """The log groups of `sources` (construct id -> SNS's name of the source) and the role that writes to them."""

    def __init__(self, scope: Construct, id: str, *, context: Context, sources: Mapping[str, str]) -> None:
        super().__init__(scope, id)
        names = context.names
        group_names: list[str] = []
        for source_id, source in sorted(sources.items()):
            for suffix, path in (("deliveries", source), ("failures", f"{source}/Failure")):
                name = f"sns/{names.region}/{names.account_id}/{path}"
                group_names.append(name)
                CloudwatchLogGroup(
                    self,
                    f"{source_id}-{suffix}",
                    name=name,
                    retention_in_days=LOG_RETENTION_DAYS,
                    kms_key_id=context.keys.logs.arn,
                )
        role = ServiceRole(
            self,
            "role",
            names=names,
            name="notification-delivery-logs",
            service="sns.amazonaws.com",
            guarded=False,  # the guide's trust policy has no condition: SNS is not documented to send a source
            statements=[
                Statement(
                    sid="WriteDeliveryLogs",
                    # SNS asks for the group before it writes, even if it is there.
                    actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[names.arn("logs", f"log-group:{name}:*") for name in group_names],
                )
            ],
        )
        self.role_arn: str = role.arn
