"""CKV2_MEALS_154: EFS file systems are encrypted with a customer-managed key."""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(files: Resource, configuration: Configuration) -> Findings:
    """A finding for a file system that is not encrypted, or with an AWS-managed key."""
    if not files.flag("encrypted", default=files.has("kms_key_id")):
        yield Finding(found="not encrypted", allowed=f"encrypted = true with {ALLOWED}")
    else:
        yield from without_customer_key(files, "kms_key_id", configuration)


RULE = CheckovRule(
    id="CKV2_MEALS_154",
    name="EFS file systems are encrypted with a customer-managed key",
    severity="high",
    claim="C7",
    controls=security_hub("EFS.1", "EFS.8") + nist("SC-28", "SC-28(1)"),
    fix="Set encrypted = true and kms_key_id; this replaces the file system.",
    good="""\
resource "aws_efs_file_system" "shared" {
  encrypted  = true
  kms_key_id = aws_kms_key.storage.arn
}
""",
    bad="""\
resource "aws_efs_file_system" "shared" {
  encrypted = false
}
""",
    applies_to=("aws_efs_file_system",),
    evaluate=evaluate,
)
