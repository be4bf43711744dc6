"""CKV2_MEALS_145: MSK clusters are encrypted with a customer-managed key."""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist


def evaluate(cluster: Resource, configuration: Configuration) -> Findings:
    """A finding for a cluster whose volumes are encrypted with an AWS-managed key."""
    encryption = cluster.block("encryption_info")
    if encryption is None:
        yield Finding(found="no encryption_info: the AWS-managed key alias/aws/kafka", allowed=ALLOWED)
    else:
        yield from without_customer_key(encryption, "encryption_at_rest_kms_key_arn", configuration)


RULE = CheckovRule(
    id="CKV2_MEALS_145",
    name="MSK clusters are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=nist("SC-28", "SC-28(1)"),
    fix="Set encryption_info { encryption_at_rest_kms_key_arn = ... }; this replaces the cluster.",
    good="""\
resource "aws_msk_cluster" "stream" {
  cluster_name = "stream"

  encryption_info {
    encryption_at_rest_kms_key_arn = aws_kms_key.streaming.arn
  }
}
""",
    bad="""\
resource "aws_msk_cluster" "stream" {
  cluster_name = "stream"
}
""",
    applies_to=("aws_msk_cluster",),
    evaluate=evaluate,
)
