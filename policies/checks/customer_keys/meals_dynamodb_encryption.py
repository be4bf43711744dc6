"""CKV2_MEALS_143: DynamoDB tables are encrypted with a customer-managed key, each replica with one of its region.

The caches of DynamoDB Accelerator are encrypted, if they are, with an AWS-managed key: they can be told no other.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist


def evaluate(table: Resource, configuration: Configuration) -> Findings:
    """Findings for a table, or a replica of one, that is encrypted with an AWS-managed key."""
    if table.type == "aws_dynamodb_table_replica":
        yield from without_customer_key(table, "kms_key_arn", configuration)
        return
    encryption = table.block("server_side_encryption")
    is_on = encryption is not None and encryption.flag("enabled")
    if table.type == "aws_dax_cluster":
        if not is_on:
            yield Finding(found="not encrypted", allowed="server_side_encryption.enabled = true")
        return
    if encryption is None or not is_on:
        yield Finding(found="server_side_encryption is not enabled: a key that AWS owns", allowed=ALLOWED)
    else:
        yield from without_customer_key(encryption, "kms_key_arn", configuration)
    for replica in table.blocks("replica"):
        yield from without_customer_key(replica, "kms_key_arn", configuration)


RULE = CheckovRule(
    id="CKV2_MEALS_143",
    name="DynamoDB tables are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=nist("SC-28", "SC-28(1)"),
    fix="Set server_side_encryption { enabled = true, kms_key_arn = ... }, and kms_key_arn of each replica.",
    good="""\
resource "aws_dynamodb_table" "events" {
  name     = "events"
  hash_key = "stream_id"

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.events.arn
  }
}
""",
    bad="""\
resource "aws_dynamodb_table" "events" {
  name     = "events"
  hash_key = "stream_id"
}
""",
    applies_to=("aws_dynamodb_table", "aws_dynamodb_table_replica", "aws_dax_cluster"),
    evaluate=evaluate,
)
