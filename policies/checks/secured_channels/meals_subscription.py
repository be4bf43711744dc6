"""CKV2_MEALS_135: notifications are not delivered over HTTP.

Source: Amazon SNS developer guide, security best practices, "Enforce encryption of data in transit".
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist
from policies.library.values import UnknownValue


def evaluate(subscription: Resource, configuration: Configuration) -> Findings:
    """A finding for a subscription with an HTTP endpoint."""
    protocol = subscription.text("protocol").lower()
    if protocol == "http":
        yield Finding(found="a subscription with protocol http", allowed="https, or a protocol inside AWS")
    elif protocol == "https":
        try:
            endpoint = subscription.text("endpoint")
        except UnknownValue:  # AWS refuses an endpoint that does not begin with its protocol
            return
        if endpoint.lower().startswith("http:"):
            yield Finding(found=f"the endpoint {endpoint}", allowed="an https endpoint")


SUBSCRIPTION = """\
resource "aws_sns_topic_subscription" "point_of_sale" {
  topic_arn = aws_sns_topic.meal_ready.arn
  protocol  = "https"
  endpoint  = "https://pos.example/meals"
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_135",
    name="SNS subscriptions do not deliver over HTTP",
    severity="high",
    claim="C7",
    controls=nist("SC-8"),
    fix='Set protocol = "https" and give an https endpoint.',
    good=SUBSCRIPTION,
    bad=SUBSCRIPTION.replace('"https', '"http'),
    applies_to=("aws_sns_topic_subscription",),
    evaluate=evaluate,
)
