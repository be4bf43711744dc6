"""CKV2_MEALS_146: SNS topics are encrypted with a customer-managed key."""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.keys import without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule


def evaluate(topic: Resource, configuration: Configuration) -> Iterator[Finding]:
    """A finding for a topic without a key, or with an AWS-managed key."""
    yield from without_customer_key(topic, "kms_master_key_id", configuration)


RULE = Rule(
    id="CKV2_MEALS_146",
    name="SNS topics are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=("AWS Security Hub SNS.1", "NIST 800-53 SC-28", "NIST 800-53 SC-28(1)"),
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
    evaluate=evaluate,
)

register(RULE)
