"""CKV2_MEALS_117: No key policy lets anyone in."""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.grants import public_findings
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule


def evaluate(policy: Resource, configuration: Configuration) -> Iterator[Finding]:
    """A finding for each statement that lets anyone use a key."""
    yield from public_findings(policy, "policy", configuration)


RULE = Rule(
    id="CKV2_MEALS_117",
    name="KMS key policies grant no public access",
    severity="critical",
    claim="C7",
    controls=("AWS Security Hub KMS.5", "NIST 800-53 AC-3", "NIST 800-53 AC-6", "NIST 800-53 SC-7"),
    fix="Name the principals, or tie the statement to an account, organization, endpoint or resource by a condition.",
    good="""\
resource "aws_kms_key_policy" "p" {
  key_id = aws_kms_key.k.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "kms:Decrypt"
      Resource  = "*"
    }]
  })
}
""",
    bad="""\
resource "aws_kms_key_policy" "p" {
  key_id = aws_kms_key.k.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}
""",
    applies_to=(
        "aws_kms_key",
        "aws_kms_key_policy",
        "aws_kms_external_key",
        "aws_kms_replica_key",
        "aws_kms_replica_external_key",
    ),
    evaluate=evaluate,
)

register(RULE)
