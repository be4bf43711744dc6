"""The log of the public zone's DNS queries (Security Hub Route53.2)."""

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.cloudwatch_log_resource_policy import CloudwatchLogResourcePolicy
from cdktf_cdktf_provider_aws.route53_query_log import Route53QueryLog
from constructs import Construct

from modules.common.context import Context
from modules.common.policy import Statement, document


class QueryLog(Construct):
    """The query log of the public zone `zone_id`, in an encrypted log group that only this zone writes to."""

    def __init__(
        self, scope: Construct, id: str, *, context: Context, zone_id: str, zone_arn: str, retention_days: int
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        log_group = CloudwatchLogGroup(
            self,
            "log-group",
            name=names.log_group("edge", "dns-queries"),
            retention_in_days=retention_days,
            kms_key_id=context.keys.logs.arn,
        )
        log_group_arn = log_group.arn
        policy = CloudwatchLogResourcePolicy(
            self,
            "log-group-policy",
            policy_name=names.name("edge", "dns-queries"),
            policy_document=document(
                [
                    Statement(
                        sid="Route53WritesQueryLog",
                        principals={"Service": ["route53.amazonaws.com"]},
                        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                        resources=[f"{log_group_arn}:*"],
                        conditions={
                            "ArnLike": {"aws:SourceArn": zone_arn},
                            "StringEquals": {"aws:SourceAccount": names.account_id},
                        },
                    )
                ]
            ),
        )
        Route53QueryLog(self, "query-log", zone_id=zone_id, cloudwatch_log_group_arn=log_group_arn, depends_on=[policy])
