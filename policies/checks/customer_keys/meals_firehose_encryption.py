"""CKV2_MEALS_148: Firehose streams are encrypted with a customer-managed key.

Firehose encrypts what producers put into it; a stream that reads Kinesis or Kafka has its source's encryption, and AWS
refuses the setting (Firehose developer guide, "Data protection in Amazon Data Firehose").
"""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(stream: Resource, configuration: Configuration) -> Findings:
    """A finding for a stream with direct input that is not encrypted, or with an AWS-managed key."""
    if stream.has("kinesis_source_configuration") or stream.has("msk_source_configuration"):
        return
    encryption = stream.block("server_side_encryption")
    if encryption is None or not encryption.flag("enabled"):
        yield Finding(found="server_side_encryption is not enabled", allowed=f"encryption with {ALLOWED}")
    elif encryption.text("key_type", default="AWS_OWNED_CMK") != "CUSTOMER_MANAGED_CMK":
        yield Finding(found="key_type AWS_OWNED_CMK", allowed=f"CUSTOMER_MANAGED_CMK with {ALLOWED}")
    else:
        yield from without_customer_key(encryption, "key_arn", configuration)


RULE = CheckovRule(
    id="CKV2_MEALS_148",
    name="Firehose streams are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=security_hub("DataFirehose.1") + nist("SC-28", "SC-28(1)"),
    fix='Set server_side_encryption { enabled = true, key_type = "CUSTOMER_MANAGED_CMK", key_arn = ... }.',
    good="""\
resource "aws_kinesis_firehose_delivery_stream" "metrics" {
  name        = "metrics"
  destination = "http_endpoint"

  server_side_encryption {
    enabled  = true
    key_type = "CUSTOMER_MANAGED_CMK"
    key_arn  = aws_kms_key.streaming.arn
  }
}
""",
    bad="""\
resource "aws_kinesis_firehose_delivery_stream" "metrics" {
  name        = "metrics"
  destination = "http_endpoint"
}
""",
    applies_to=("aws_kinesis_firehose_delivery_stream",),
    evaluate=evaluate,
)
