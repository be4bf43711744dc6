"""CKV2_MEALS_147: SQS queues are encrypted with a customer-managed key."""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import without_customer_key
from policies.library.rule import nist, security_hub

RULE = CheckovRule(
    id="CKV2_MEALS_147",
    name="SQS queues are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=security_hub("SQS.1") + nist("SC-28", "SC-28(1)"),
    fix="Set kms_master_key_id to a customer-managed key.",
    good="""\
resource "aws_sqs_queue" "failures" {
  kms_master_key_id = aws_kms_key.events.arn
}
""",
    bad="""\
resource "aws_sqs_queue" "failures" {
  sqs_managed_sse_enabled = true
}
""",
    applies_to=("aws_sqs_queue",),
    evaluate=lambda queue, configuration: without_customer_key(queue, "kms_master_key_id", configuration),
)
