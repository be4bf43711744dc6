"""CKV2_MEALS_149: CloudWatch log groups are encrypted with a customer-managed key."""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import without_customer_key
from policies.library.rule import nist

RULE = CheckovRule(
    id="CKV2_MEALS_149",
    name="CloudWatch log groups are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=nist("AU-9", "SC-28", "SC-28(1)"),
    fix="Set kms_key_id, and let the logs service use the key in its policy.",
    good="""\
resource "aws_cloudwatch_log_group" "flow_logs" {
  kms_key_id = aws_kms_key.logs.arn
}
""",
    bad="""\
resource "aws_cloudwatch_log_group" "flow_logs" {
  name = "flow-logs"
}
""",
    applies_to=("aws_cloudwatch_log_group",),
    evaluate=lambda group, configuration: without_customer_key(group, "kms_key_id", configuration),
)
