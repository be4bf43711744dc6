"""CKV2_MEALS_118: Lambda functions and layers can be used by nobody whom their permissions do not name.

source_arn does not make up for a principal "*": whoever calls on its behalf can be named, and an S3 ARN does not
say whose it is. A service acts for any of its customers unless there is a source, and for many of them if the source is
a pattern. A bucket that this configuration does not declare may become another account's, so that it needs
source_account beside it (Lambda developer guide, "Using AWS Lambda with Amazon S3"). A function URL without
authorization is a permission for everyone: the provider adds it.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.narrowing import as_text, is_fixed, is_of_one_owner
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.values import Partial, Reference, Value, label_of

NARROWING = ("principal_org_id", "organization_id", "source_account", "event_source_token")


def evaluate(permission: Resource, configuration: Configuration) -> Findings:
    """A finding for a permission, or a function URL, that lets anyone in."""
    if permission.type == "aws_lambda_function_url":
        if permission.text("authorization_type").upper() == "NONE":
            yield Finding(found="authorization_type NONE: anyone may call it", allowed='authorization_type = "AWS_IAM"')
    elif not any(names_one(permission.get(name)) for name in NARROWING if permission.has(name)):
        principal = principal_of(permission)
        if principal == "*":
            yield Finding(found='principal "*"', allowed="a named service, account or role, or principal_org_id")
        elif principal.endswith(".amazonaws.com"):
            yield from of_service(principal, permission, configuration)


def principal_of(permission: Resource) -> str:
    """Who may call; a service whose domain depends on the partition ends in that of AWS's. Raises UnknownValue."""
    value = permission.get("principal")
    if isinstance(value, Partial) and all(each.attribute == "dns_suffix" for each in value.references):
        return "".join(part if isinstance(part, str) else "amazonaws.com" for part in value.parts)
    return permission.text("principal")


def names_one(value: Value) -> bool:
    """Whether a value is no pattern; one that a resource gives is none. Raises UnknownValue."""
    return is_fixed(as_text(value))


def of_service(principal: str, permission: Resource, configuration: Configuration) -> Findings:
    """A finding for a service that may call for anyone. Raises UnknownValue if its source is unknown."""
    source = permission.get("source_arn")
    if not permission.has("source_arn"):
        yield Finding(found=f"{principal} for any of its customers", allowed="source_arn or source_account")
    elif isinstance(source, Reference | tuple) and configuration.resolve(source):
        return
    elif not is_of_one_owner(as_text(source)):
        yield Finding(
            found=f"{principal} for sources of anyone: {label_of(source)}", allowed="one source, or an account"
        )
    elif is_bucket_of_elsewhere(source, configuration):
        yield Finding(found=f"{label_of(source)}, which may become another's", allowed="source_account beside it")


def is_bucket_of_elsewhere(source: Value, configuration: Configuration) -> bool:
    """Whether an ARN is of a bucket that is named here and not declared."""
    return isinstance(source, str) and source.startswith("arn:aws:s3:::") and not configuration.resolve(source)


RULE = CheckovRule(
    id="CKV2_MEALS_118",
    name="Lambda permissions grant no public access",
    severity="critical",
    claim="C7",
    controls=security_hub("Lambda.1") + nist("AC-3", "AC-6", "SC-7"),
    fix="Name the calling service, account or role in principal, with source_arn or source_account for a service.",
    good="""\
resource "aws_lambda_permission" "schedule" {
  function_name = aws_lambda_function.report.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.daily.arn
}
""",
    bad="""\
resource "aws_lambda_permission" "schedule" {
  function_name = aws_lambda_function.report.function_name
  action        = "lambda:InvokeFunction"
  principal     = "*"
}
""",
    applies_to=("aws_lambda_permission", "aws_lambda_layer_version_permission", "aws_lambda_function_url"),
    evaluate=evaluate,
)
