"""The permission of AWS's log delivery to write to the log groups of an environment: one resource policy for all.

Route 53 Resolver, VPN connections, AWS WAF, MSK, MSK Connect and EventBridge Pipes write through the service
`delivery.logs.amazonaws.com`. Without this policy AWS writes one of its own, which Terraform would not know
(Amazon CloudWatch Logs user guide, "Logging that requires additional permissions [V1]"). An account has ten such
policies per region (CloudWatch Logs quotas), so one serves all parts of an environment.
"""

from cdktf_cdktf_provider_aws.cloudwatch_log_resource_policy import CloudwatchLogResourcePolicy
from constructs import Construct

from modules.common.names import Names
from modules.common.policy import Statement, document

WEB_ACL_LOG_PREFIX = "aws-waf-logs-"
"""AWS WAF writes to log groups whose name begins so, and to no other (AWS WAF developer guide, "Sending web ACL traffic
logs to a CloudWatch Logs log group")."""

PARTS = ("network", "streaming")
"""Parts of the system whose log groups, `/<project>/<environment>/<part>/...`, log delivery writes to."""


class LogDelivery(Construct):
    """Lets log delivery, on behalf of this account, write to the log groups of `PARTS` and of the web ACL.

    Whatever logs this way must depend on `policy`.
    """

    def __init__(self, scope: Construct, id: str, *, names: Names) -> None:
        super().__init__(scope, id)
        log_groups = [*(names.log_group(part, "*") for part in PARTS), f"{WEB_ACL_LOG_PREFIX}{names.name('*')}"]
        self.policy = CloudwatchLogResourcePolicy(
            self,
            "policy",
            policy_name=names.name("log-delivery"),
            policy_document=document(
                [
                    Statement(
                        sid="LogDeliveryWrites",
                        principals={"Service": ["delivery.logs.amazonaws.com"]},
                        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                        resources=[
                            names.arn("logs", f"log-group:{log_group}:log-stream:*") for log_group in log_groups
                        ],
                        conditions={
                            "StringEquals": {"aws:SourceAccount": names.account_id},
                            "ArnLike": {"aws:SourceArn": names.arn("logs", "*")},
                        },
                    )
                ]
            ),
        )
