"""CKV2_MEALS_147: SQS queues are encrypted with a customer-managed key."""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.keys import without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule


def evaluate(queue: Resource, configuration: Configuration) -> Iterator[Finding]:
    """A finding for a queue without a key, or with an AWS-managed or SQS-managed key."""
    yield from without_customer_key(queue, "kms_master_key_id", configuration)


RULE = Rule(
    id="CKV2_MEALS_147",
    name="SQS queues are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=("AWS Security Hub SQS.1", "NIST 800-53 SC-28", "NIST 800-53 SC-28(1)"),
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
    evaluate=evaluate,
)

register(RULE)
