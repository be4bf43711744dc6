"""CKV2_MEALS_110: The policies of SNS topics deny every call that does not come over TLS.

A topic without any policy is judged where the configuration refuses plaintext elsewhere: there it has been left out.
Of several policies each must deny, as AWS keeps the one that is written last. The policy of a topic that is declared
elsewhere is judged by itself.
SNS resource policies allow no `sns:*` with some principals, so a list that names Publish is accepted: it is what AWS's
own example denies (SNS developer guide, "Enforce encryption of data in transit").
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.access import insists_on_tls, refuses_plaintext
from policies.library.attached import attached_policies, is_judged_at_target
from policies.library.documents import document
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist
from policies.library.values import Value

ALLOWED = 'a statement that denies sns:Publish (or sns:*) to "*" where aws:SecureTransport is "false"'

TOPIC_TYPE = "aws_sns_topic"
POLICY = "aws_sns_topic_policy"


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for a topic whose policies let it be called without TLS, and for such a policy of one of elsewhere."""
    if subject.type == POLICY:
        if is_judged_at_target(subject, "arn", TOPIC_TYPE, configuration):
            return
        policies: tuple[Value, ...] = (subject.get("policy"),)
        target = None
    else:
        policies = attached_policies(subject, POLICY, "arn", configuration)
        target = subject
        if not policies and insists_on_tls(configuration):
            yield Finding(found="no policy", allowed=ALLOWED)
    if not all(
        refuses_plaintext(document(each, configuration), "sns", target, configuration, "sns:Publish")
        for each in policies
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
    applies_to=(TOPIC_TYPE, POLICY),
    evaluate=evaluate,
)
