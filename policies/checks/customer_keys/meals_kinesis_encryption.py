"""CKV2_MEALS_153: Kinesis streams are encrypted with a customer-managed key."""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(stream: Resource, configuration: Configuration) -> Findings:
    """A finding for a stream that is not encrypted, or with an AWS-managed key."""
    if stream.text("encryption_type", default="NONE") != "KMS":
        yield Finding(found="no encryption", allowed=f'encryption_type = "KMS" with {ALLOWED}')
    else:
        yield from without_customer_key(stream, "kms_key_id", configuration)


RULE = CheckovRule(
    id="CKV2_MEALS_153",
    name="Kinesis streams are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=security_hub("Kinesis.1") + nist("SC-28", "SC-28(1)"),
    fix='Set encryption_type = "KMS" and kms_key_id.',
    good="""\
resource "aws_kinesis_stream" "orders" {
  encryption_type = "KMS"
  kms_key_id      = aws_kms_key.streaming.arn
}
""",
    bad="""\
resource "aws_kinesis_stream" "orders" {
  name = "orders"
}
""",
    applies_to=("aws_kinesis_stream",),
    evaluate=evaluate,
)
