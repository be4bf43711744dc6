"""CKV2_MEALS_116: No policy of an SQS queue lets anyone in."""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.grants import public_findings
from policies.library.rule import nist, security_hub

RULE = CheckovRule(
    id="CKV2_MEALS_116",
    name="SQS queue policies grant no public access",
    severity="critical",
    claim="C7",
    controls=security_hub("SQS.3") + nist("AC-3", "AC-6", "SC-7"),
    fix="Name the principals, or tie the statement to an account, organization, endpoint or resource by a condition.",
    good=examples.policy(
        "aws_sqs_queue_policy",
        "queue_url = aws_sqs_queue.q.url",
        action="sqs:SendMessage",
        condition='{ ArnEquals = { "aws:SourceArn" = aws_sns_topic.t.arn } }',
    ),
    bad=examples.policy("aws_sqs_queue_policy", "queue_url = aws_sqs_queue.q.url", action="sqs:SendMessage"),
    applies_to=("aws_sqs_queue", "aws_sqs_queue_policy"),
    evaluate=lambda policy, configuration: public_findings(policy, "policy", configuration),
)
