"""CKV2_MEALS_230: functions cannot be invoked by everyone: no open permission, no function URL without authorization.

What calls on behalf of a source is a service, which has a principal of its own to be named beside source_arn.
"""

from collections.abc import Iterator

from policies.library.adapter import register
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule


def evaluate(subject: Resource, _: Configuration) -> Iterator[Finding]:
    """A finding for a permission to everyone, and for a function URL without authorization."""
    if subject.type == "aws_lambda_function_url":
        if subject.text("authorization_type", default="NONE").upper() == "NONE":
            yield Finding(found="authorization_type = NONE", allowed="AWS_IAM")
    elif subject.text("principal") == "*" and not subject.has("principal_org_id"):
        yield Finding(found="a permission to everyone", allowed="a principal, or principal_org_id")


RULE = Rule(
    id="CKV2_MEALS_230",
    name="Functions cannot be invoked by everyone",
    severity="critical",
    claim="C1",
    controls=("AWS Security Hub Lambda.1", "NIST 800-53 AC-3", "NIST 800-53 SC-7"),
    fix='Name the principal and its source_arn; set authorization_type = "AWS_IAM" on function URLs.',
    good="""\
resource "aws_lambda_permission" "topic" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.t.arn
}
""",
    bad="""\
resource "aws_lambda_permission" "everyone" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  principal     = "*"
}
""",
    applies_to=("aws_lambda_permission", "aws_lambda_function_url"),
    evaluate=evaluate,
)

register(RULE)
