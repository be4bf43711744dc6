"""CKV2_MEALS_115: No policy of an SNS topic lets anyone in."""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.grants import public_findings
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule


def evaluate(policy: Resource, configuration: Configuration) -> Iterator[Finding]:
    """A finding for each statement that lets anyone use a topic."""
    yield from public_findings(policy, "policy", configuration)


RULE = Rule(
    id="CKV2_MEALS_115",
    name="SNS topic policies grant no public access",
    severity="critical",
    claim="C7",
    controls=("AWS Security Hub SNS.4", "NIST 800-53 AC-3", "NIST 800-53 AC-6", "NIST 800-53 SC-7"),
    fix="Name the principals, or tie the statement to an account, organization, endpoint or resource by a condition.",
    good="""\
resource "aws_sns_topic_policy" "p" {
  arn = aws_sns_topic.t.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}
""",
    bad="""\
resource "aws_sns_topic_policy" "p" {
  arn = aws_sns_topic.t.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = "*"
    }]
  })
}
""",
    applies_to=("aws_sns_topic", "aws_sns_topic_policy"),
    evaluate=evaluate,
)

register(RULE)
