"""CKV2_MEALS_110: The policies of SNS topics deny every call that does not come over TLS.

A topic without any policy is judged where the configuration refuses plaintext elsewhere: there it has been left out.
SNS resource policies allow no `sns:*` with some principals, so a list that names Publish is accepted: it is what AWS's
own example denies (SNS developer guide, "Enforce encryption of data in transit").
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.access import insists_on_tls, refuses_plaintext
from policies.library.documents import document
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist

ALLOWED = 'a statement that denies sns:Publish (or sns:*) to "*" where aws:SecureTransport is "false"'


def evaluate(topic: Resource, configuration: Configuration) -> Findings:
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


TOPIC = """\
resource "aws_sns_topic" "meal_ready" {
  name = "meal-ready"
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_110",
    name="SNS topic policies deny insecure transport",
    severity="high",
    claim="C7",
    controls=nist("SC-8", "SC-23"),
    fix='Attach an aws_sns_topic_policy that denies sns:Publish to everyone where aws:SecureTransport is "false".',
    good=TOPIC
    + examples.policy(
        "aws_sns_topic_policy",
        "arn = aws_sns_topic.meal_ready.arn",
        effect="Deny",
        action="sns:Publish",
        resource="aws_sns_topic.meal_ready.arn",
        condition=examples.PLAINTEXT,
    ),
    bad=TOPIC
    + examples.policy(
        "aws_sns_topic_policy",
        "arn = aws_sns_topic.meal_ready.arn",
        principal=examples.READER,
        action="sns:Publish",
        resource="aws_sns_topic.meal_ready.arn",
    ),
    applies_to=("aws_sns_topic",),
    evaluate=evaluate,
)
