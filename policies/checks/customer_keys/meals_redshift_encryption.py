"""CKV2_MEALS_156: Redshift clusters and namespaces are encrypted with a customer-managed key."""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(warehouse: Resource, configuration: Configuration) -> Findings:
    """A finding for a warehouse that is not encrypted, or with an AWS-managed key."""
    if warehouse.type == "aws_redshift_cluster" and not warehouse.flag("encrypted", default=True):
        yield Finding(found="not encrypted", allowed=f"encrypted = true with {ALLOWED}")
    else:
        yield from without_customer_key(warehouse, "kms_key_id", configuration)


RULE = CheckovRule(
    id="CKV2_MEALS_156",
    name="Redshift is encrypted with a customer-managed key",
    severity="high",
    claim="C7",
    controls=security_hub("Redshift.10", "RedshiftServerless.4") + nist("SC-28", "SC-28(1)"),
    fix="Set encrypted = true and kms_key_id.",
    good="""\
resource "aws_redshift_cluster" "reporting" {
  encrypted  = true
  kms_key_id = aws_kms_key.storage.arn
}
""",
    bad="""\
resource "aws_redshift_cluster" "reporting" {
  encrypted = true
}
""",
    applies_to=("aws_redshift_cluster", "aws_redshiftserverless_namespace", "aws_redshift_snapshot_copy_grant"),
    evaluate=evaluate,
)
