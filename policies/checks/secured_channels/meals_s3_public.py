"""CKV2_MEALS_114: No policy of an S3 bucket or access point lets anyone in."""

from collections.abc import Iterator

from policies.library.adapter import register
from policies.library.grants import public_findings
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule


def evaluate(policy: Resource, configuration: Configuration) -> Iterator[Finding]:
    """A finding for each statement that lets anyone use a bucket or access point."""
    yield from public_findings(policy, "policy", configuration)


RULE = Rule(
    id="CKV2_MEALS_114",
    name="S3 policies let nobody in whom they do not name",
    severity="critical",
    claim="C7",
    controls=(
        "AWS Security Hub S3.2",
        "AWS Security Hub S3.3",
        "NIST 800-53 AC-3",
        "NIST 800-53 AC-6",
        "NIST 800-53 SC-7",
    ),
    fix="Name the principals, or tie the statement to an account, organization, endpoint or resource by a condition.",
    good="""\
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.images.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
      Action    = "s3:GetObject"
      Resource  = "*"
    }]
  })
}
""",
    bad="""\
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.images.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "*"
    }]
  })
}
""",
    applies_to=(
        "aws_s3_bucket",
        "aws_s3_bucket_policy",
        "aws_s3_access_point",
        "aws_s3control_access_point_policy",
        "aws_s3control_bucket_policy",
        "aws_s3control_object_lambda_access_point_policy",
    ),
    evaluate=evaluate,
)

register(RULE)
