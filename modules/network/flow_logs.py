"""VPC flow logs: every connection, accepted or rejected, to an encrypted log group (Security Hub EC2.6)."""

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.flow_log import FlowLog
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.common.boundary import permissions_boundary
from modules.common.context import Context
from modules.common.exclusive_policies import allow_no_other_policies
from modules.common.policy import Statement, document, trust
from modules.common.suppressions import accept_retention

AGGREGATION_SECONDS = 60  # 60 or 600 are allowed; the shorter one tells a burst from a trickle


class FlowLogs(Construct):
    """The flow log of the VPC, its log group, and the role that writes to that group and to nothing else."""

    def __init__(self, scope: Construct, id: str, *, context: Context, vpc_id: str, retention_days: int) -> None:
        super().__init__(scope, id)
        names = context.names
        log_group = CloudwatchLogGroup(
            self,
            "log-group",
            name=names.log_group("network", "flow-logs"),
            retention_in_days=retention_days,
            kms_key_id=context.keys.logs.arn,
        )
        accept_retention(log_group, retention_days)
        log_group_arn = log_group.arn
        role = IamRole(
            self,
            "role",
            name=names.name("flow-logs"),
            description="Writes the VPC flow logs",
            permissions_boundary=permissions_boundary(names),
            assume_role_policy=trust("vpc-flow-logs.amazonaws.com", source_account=names.account_id),
        )
        policy = IamRolePolicy(
            self,
            "policy",
            name="write-flow-logs",
            role=role.id,
            policy=document(
                [
                    Statement(
                        sid="WriteLogStreams",
                        actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                        resources=[log_group_arn, f"{log_group_arn}:*"],
                    ),
                    Statement(
                        # Lists the groups of the account; it takes no narrower resource.
                        sid="FindLogGroup",
                        actions=["logs:DescribeLogGroups"],
                        resources=[names.arn("logs", "log-group:*")],
                    ),
                ]
            ),
        )
        allow_no_other_policies(self, role=role, inline=policy)
        FlowLog(
            self,
            "flow-log",
            vpc_id=vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=log_group_arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=AGGREGATION_SECONDS,
            tags=names.tags("flow-log"),
            depends_on=[policy],
        )
