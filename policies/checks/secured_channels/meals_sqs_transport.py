"""CKV2_MEALS_112: The policies of SQS queues deny every call that does not come over TLS.

A queue without any policy is judged where the configuration refuses plaintext elsewhere: there it has been left out.
Of several policies each must deny, as AWS keeps the one that is written last. The policy of a queue that is declared
elsewhere is judged by itself.
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.access import insists_on_tls, refuses_plaintext
from policies.library.attached import attached_policies, is_judged_at_target
from policies.library.documents import document
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist
from policies.library.values import Value

ALLOWED = 'a statement that denies sqs:* to "*" on the queue where aws:SecureTransport is "false"'

QUEUE_TYPE = "aws_sqs_queue"
POLICY = "aws_sqs_queue_policy"


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for a queue whose policies let it be called without TLS, and for such a policy of one of elsewhere."""
    if subject.type == POLICY:
        if is_judged_at_target(subject, "queue_url", QUEUE_TYPE, configuration):
            return
        policies: tuple[Value, ...] = (subject.get("policy"),)
        target = None
    else:
        policies = attached_policies(subject, POLICY, "queue_url", configuration)
        target = subject
        if not policies and insists_on_tls(configuration):
            yield Finding(found="no policy", allowed=ALLOWED)
    if not all(refuses_plaintext(document(each, configuration), "sqs", target, configuration) for each in policies):
        yield Finding(found="a policy that does not deny insecure transport", allowed=ALLOWED)


QUEUE = """\
resource "aws_sqs_queue" "failures" {
  name = "failures"
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_112",
    name="SQS queue policies deny insecure transport",
    severity="high",
    claim="C7",
    controls=nist("SC-8", "SC-8(1)"),
    fix='Attach an aws_sqs_queue_policy that denies sqs:* to everyone where aws:SecureTransport is "false".',
    good=QUEUE
    + examples.policy(
        "aws_sqs_queue_policy",
        "queue_url = aws_sqs_queue.failures.url",
        effect="Deny",
        action="sqs:*",
        resource="aws_sqs_queue.failures.arn",
        condition=examples.PLAINTEXT,
    ),
    bad=QUEUE
    + examples.policy(
        "aws_sqs_queue_policy",
        "queue_url = aws_sqs_queue.failures.url",
        principal='{ Service = "events.amazonaws.com" }',
        action="sqs:SendMessage",
        resource="aws_sqs_queue.failures.arn",
    ),
    applies_to=(QUEUE_TYPE, POLICY),
    evaluate=evaluate,
)
