"""CKV2_MEALS_110: The policies of SNS topics deny every call that does not come over TLS.

A topic without any policy is judged where the configuration refuses plaintext elsewhere: there it has been left out.
SNS resource policies allow no `sns:*` with some principals, so a list that names Publish is accepted: it is what AWS's
own example denies (SNS developer guide, "Enforce encryption of data in transit").
"""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.access import insists_on_tls, refuses_plaintext
from policies.library.documents import document
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule

ALLOWED = 'a statement that denies sns:Publish (or sns:*) to "*" where aws:SecureTransport is "false"'


def evaluate(topic: Resource, configuration: Configuration) -> Iterator[Finding]:
    """A finding for a topic whose policies, inline and attached, let it be called without TLS."""
    attached = configuration.referring(topic, "aws_sns_topic_policy", "arn")
    policies = [each.get("policy") for each in (*attached, topic) if each.has("policy")]
    if not policies:
        if insists_on_tls(configuration):
            yield Finding(found="no policy", allowed=ALLOWED)
    elif not any(
        refuses_plaintext(document(policy, configuration), "sns", topic, configuration, "sns:Publish")
        for policy in policies
    ):
        yield Finding(found="a policy that does not deny insecure transport", allowed=ALLOWED)


RULE = Rule(
    id="CKV2_MEALS_110",
    name="SNS topic policies deny insecure transport",
    severity="high",
    claim="C7",
    controls=("NIST 800-53 SC-8", "NIST 800-53 SC-23"),
    fix='Attach an aws_sns_topic_policy that denies sns:Publish to everyone where aws:SecureTransport is "false".',
    good="""\
resource "aws_sns_topic" "meal_ready" {
  name = "meal-ready"
}

resource "aws_sns_topic_policy" "meal_ready" {
  arn = aws_sns_topic.meal_ready.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.meal_ready.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
""",
    bad="""\
resource "aws_sns_topic" "meal_ready" {
  name = "meal-ready"
}

resource "aws_sns_topic_policy" "meal_ready" {
  arn = aws_sns_topic.meal_ready.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/kitchen" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.meal_ready.arn
    }]
  })
}
""",
    applies_to=("aws_sns_topic",),
    evaluate=evaluate,
)

register(RULE)
