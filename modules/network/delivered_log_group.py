"""A log group that AWS's log delivery service writes to, on behalf of Route 53 Resolver or a VPN connection."""

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.cloudwatch_log_resource_policy import CloudwatchLogResourcePolicy
from constructs import Construct

from modules.names import Names
from modules.policy import Statement, document


class DeliveredLogGroup(Construct):
    """The encrypted log group `/<project>/<environment>/network/<purpose>`, open to log delivery of this account.

    Without a resource policy of ours AWS writes one of its own, which Terraform would not know of (Amazon CloudWatch
    Logs user guide, "Logging that requires additional permissions [V1]"). An account has ten such policies per region.
    Whatever logs to the group must depend on `policy`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        purpose: str,
        retention_days: int,
        logs_key_arn: str,
    ) -> None:
        super().__init__(scope, id)
        log_group = CloudwatchLogGroup(
            self,
            "log-group",
            name=names.log_group("network", purpose),
            retention_in_days=retention_days,
            kms_key_id=logs_key_arn,
        )
        self.arn: str = log_group.arn
        self.policy = CloudwatchLogResourcePolicy(
            self,
            "policy",
            policy_name=names.name(purpose),
            policy_document=document(
                [
                    Statement(
                        sid="LogDeliveryWrites",
                        principals={"Service": ["delivery.logs.amazonaws.com"]},
                        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                        resources=[f"{self.arn}:*"],
                        conditions={
                            "StringEquals": {"aws:SourceAccount": names.account_id},
                            "ArnLike": {"aws:SourceArn": names.arn("logs", "*")},
                        },
                    )
                ]
            ),
        )
