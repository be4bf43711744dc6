"""CKV2_MEALS_146: SNS topics are encrypted with a customer-managed key."""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import without_customer_key
from policies.library.rule import nist, security_hub

RULE = CheckovRule(
    id="CKV2_MEALS_146",
    name="SNS topics are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=security_hub("SNS.1") + nist("SC-28", "SC-28(1)"),
    fix="Set kms_master_key_id to a customer-managed key.",
    good="""\
resource "aws_sns_topic" "meal_ready" {
  kms_master_key_id = aws_kms_key.notifications.arn
}
""",
    bad="""\
resource "aws_sns_topic" "meal_ready" {
  kms_master_key_id = "alias/aws/sns"
}
""",
    applies_to=("aws_sns_topic",),
    evaluate=lambda topic, configuration: without_customer_key(topic, "kms_master_key_id", configuration),
)
