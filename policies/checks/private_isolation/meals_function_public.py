"""CKV2_MEALS_230: a function URL asks who calls. Who a permission lets in is CKV2_MEALS_118."""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist


def evaluate(url: Resource, _: Configuration) -> Findings:
    """A finding for a function URL without authorization."""
    if url.text("authorization_type", default="NONE").upper() == "NONE":
        yield Finding(found="authorization_type = NONE", allowed="AWS_IAM")


RULE = CheckovRule(
    id="CKV2_MEALS_230",
    name="Function URLs require authorization",
    severity="critical",
    claim="C1",
    controls=nist("AC-3", "SC-7"),
    fix='Set authorization_type = "AWS_IAM".',
    good="""\
resource "aws_lambda_function_url" "signed" {
  function_name      = aws_lambda_function.f.function_name
  authorization_type = "AWS_IAM"
}
""",
    bad="""\
resource "aws_lambda_function_url" "open" {
  function_name      = aws_lambda_function.f.function_name
  authorization_type = "NONE"
}
""",
    applies_to=("aws_lambda_function_url",),
    evaluate=evaluate,
)
