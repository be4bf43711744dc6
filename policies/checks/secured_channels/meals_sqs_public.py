"""CKV2_MEALS_116: No policy of an SQS queue lets anyone in."""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.grants import public_findings
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule


def evaluate(policy: Resource, configuration: Configuration) -> Iterator[Finding]:
    """A finding for each statement that lets anyone use a queue."""
    yield from public_findings(policy, "policy", configuration)


RULE = Rule(
    id="CKV2_MEALS_116",
    name="SQS queue policies grant no public access",
    severity="critical",
    claim="C7",
    controls=("AWS Security Hub SQS.3", "NIST 800-53 AC-3", "NIST 800-53 AC-6", "NIST 800-53 SC-7"),
    fix="Name the principals, or tie the statement to an account, organization, endpoint or resource by a condition.",
    good="""\
resource "aws_sqs_queue_policy" "p" {
  queue_url = aws_sqs_queue.q.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sqs:SendMessage"
      Resource  = "*"
      Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.t.arn } }
    }]
  })
}
""",
    bad="""\
resource "aws_sqs_queue_policy" "p" {
  queue_url = aws_sqs_queue.q.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sqs:SendMessage"
      Resource  = "*"
    }]
  })
}
""",
    applies_to=("aws_sqs_queue", "aws_sqs_queue_policy"),
    evaluate=evaluate,
)

register(RULE)
