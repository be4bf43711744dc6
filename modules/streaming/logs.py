"""Log groups of the stream and its consumers, and AWS's leave to deliver logs to them."""

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.cloudwatch_log_resource_policy import CloudwatchLogResourcePolicy
from constructs import Construct

from modules.names import Names
from modules.policy import Statement, document

LOG_RETENTION_DAYS = 365  # a year, what CKV_AWS_338 asks for
PART = "streaming"


def stream_log_group(
    scope: Construct,
    id: str,
    *,
    names: Names,
    purpose: str,
    logs_key_arn: str,
    retention_days: int = LOG_RETENTION_DAYS,
) -> CloudwatchLogGroup:
    """Make the encrypted log group `/<project>/<environment>/streaming/<purpose>`."""
    return CloudwatchLogGroup(
        scope,
        id,
        name=names.log_group(PART, purpose),
        retention_in_days=retention_days,
        kms_key_id=logs_key_arn,
        tags=names.tags(PART, purpose),
    )


class LogDelivery(Construct):
    """Lets AWS's log delivery write to the log groups of the stream: for brokers, pipes and connectors.

    Without a policy of ours AWS writes one of its own, which Terraform would not know of (Amazon CloudWatch Logs user
    guide, "Logging that requires additional permissions"). An account has ten such policies per region, so one serves
    all. What is logged must depend on `policy`.
    """

    def __init__(self, scope: Construct, id: str, *, names: Names) -> None:
        super().__init__(scope, id)
        self.policy = CloudwatchLogResourcePolicy(
            self,
            "policy",
            policy_name=names.name(PART),
            policy_document=document(
                [
                    Statement(
                        sid="LogDeliveryWrites",
                        principals={"Service": ["delivery.logs.amazonaws.com"]},
                        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                        resources=[names.arn("logs", f"log-group:{names.log_group(PART, '*')}:log-stream:*")],
                        conditions={
                            "StringEquals": {"aws:SourceAccount": names.account_id},
                            "ArnLike": {"aws:SourceArn": names.arn("logs", "*")},
                        },
                    )
                ]
            ),
        )
