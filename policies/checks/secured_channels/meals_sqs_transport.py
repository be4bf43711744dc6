"""CKV2_MEALS_112: The policies of SQS queues deny every call that does not come over TLS.

A queue without any policy is judged where the configuration refuses plaintext elsewhere: there it has been left out.
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.access import insists_on_tls, refuses_plaintext
from policies.library.documents import document
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist

ALLOWED = 'a statement that denies sqs:* to "*" on the queue where aws:SecureTransport is "false"'


def evaluate(queue: Resource, configuration: Configuration) -> Findings:
    """A finding for a queue whose policies, inline and attached, let it be called without TLS."""
    attached = configuration.referring(queue, "aws_sqs_queue_policy", "queue_url")
    policies = [each.get("policy") for each in (*attached, queue) if each.has("policy")]
    if not policies:
        if insists_on_tls(configuration):
            yield Finding(found="no policy", allowed=ALLOWED)
    elif not any(
        refuses_plaintext(document(policy, configuration), "sqs", queue, configuration) for policy in policies
    ):
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
    applies_to=("aws_sqs_queue",),
    evaluate=evaluate,
)
