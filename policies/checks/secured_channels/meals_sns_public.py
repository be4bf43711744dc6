"""CKV2_MEALS_115: No policy of an SNS topic lets anyone in."""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.grants import public_findings
from policies.library.rule import nist, security_hub

RULE = CheckovRule(
    id="CKV2_MEALS_115",
    name="SNS topic policies grant no public access",
    severity="critical",
    claim="C7",
    controls=security_hub("SNS.4") + nist("AC-3", "AC-6", "SC-7"),
    fix="Name the principals, or tie the statement to an account, organization, endpoint or resource by a condition.",
    good=examples.policy(
        "aws_sns_topic_policy",
        "arn = aws_sns_topic.t.arn",
        action="sns:Publish",
        condition='{ StringEquals = { "aws:SourceAccount" = "111122223333" } }',
    ),
    bad=examples.policy("aws_sns_topic_policy", "arn = aws_sns_topic.t.arn", action="sns:Publish"),
    applies_to=("aws_sns_topic", "aws_sns_topic_policy"),
    evaluate=lambda policy, configuration: public_findings(policy, "policy", configuration),
)
