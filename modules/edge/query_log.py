"""The log of the public zone's DNS queries (Security Hub Route53.2)."""

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.cloudwatch_log_resource_policy import CloudwatchLogResourcePolicy
from cdktf_cdktf_provider_aws.route53_query_log import Route53QueryLog
from constructs import Construct

from modules.common.keys import USE_KEY, Key
from modules.common.names import Names
from modules.common.policy import Statement, document


class QueryLog(Construct):
    """The query log of the public zone `zone_id`, in a log group that only this zone writes to, with a key of its own.

    The key of the environment's other logs is made after the bootstrap stack, so it cannot encrypt this one. The log
    and its key outlive the environment, as the zone does. They are in the region of `names`, which is Route 53's, and
    `provider` makes them there where the zone's is another one.

    Attribute `key_arn`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        zone_id: str,
        zone_arn: str,
        retention_days: int,
        deletion_window_days: int,
        provider: TerraformProvider | None,
    ) -> None:
        super().__init__(scope, id)
        log_group_name = names.log_group("edge", "dns-queries")
        key = Key(
            self,
            "key",
            names=names,
            purpose="dns-queries",
            description=f"Log of DNS queries ({names.prefix})",
            deletion_window_days=deletion_window_days,
            statements=[
                Statement(
                    sid="CloudWatchLogsUsesKey",
                    principals={"Service": [names.service_host("logs")]},
                    actions=USE_KEY,
                    resources=["*"],
                    conditions={
                        "ArnEquals": {
                            "kms:EncryptionContext:aws:logs:arn": names.arn("logs", f"log-group:{log_group_name}")
                        }
                    },
                )
            ],
            protected=True,
            provider=provider,
        )
        self.key_arn: str = key.arn
        log_group = CloudwatchLogGroup(
            self,
            "log-group",
            name=log_group_name,
            retention_in_days=retention_days,
            kms_key_id=self.key_arn,
            provider=provider,
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
            provider=provider,
        )
        Route53QueryLog(self, "query-log", zone_id=zone_id, cloudwatch_log_group_arn=log_group_arn, depends_on=[policy])
