"""Statements that are written as arguments: permissions of functions, their URLs, layers and event buses."""

from __future__ import annotations

import pytest

from policies.access.model import PolicyStatement
from tests.support.reading import ReadAccess

FUNCTION = 'resource "aws_lambda_function" "f" { function_name = "f" }\n'


def _statements(model: ReadAccess, main: str, key: str) -> list[PolicyStatement]:
    return [one for policy in model(main).things[key].policies for one in policy.statements]


@pytest.mark.parametrize(
    ("kind", "number", "assumed"), [('"NONE"', 1, False), ('"AWS_IAM"', 0, False), ("var.k", 1, True)]
)
def test_a_url_without_authorization_lets_everybody_call(
    model: ReadAccess, kind: str, number: int, assumed: bool
) -> None:
    url = f"""
    variable "k" {{}}
    resource "aws_lambda_function_url" "u" {{
      function_name      = aws_lambda_function.f.function_name
      authorization_type = {kind}
    }}
    """
    found = _statements(model, FUNCTION + url, "aws_lambda_function.f")
    assert [(one.actions, one.assumption is not None) for one in found] == [
        (("lambda:InvokeFunctionUrl",), assumed)
    ] * number


def test_a_layer_can_be_taken_by_the_accounts_of_its_permission(model: ReadAccess) -> None:
    layer = """
    resource "aws_lambda_layer_version" "l" { layer_name = "l" }
    resource "aws_lambda_layer_version_permission" "p" {
      layer_name      = aws_lambda_layer_version.l.layer_name
      version_number  = 1
      statement_id    = "everyone"
      action          = "lambda:GetLayerVersion"
      principal       = "*"
      organization_id = "o-1"
    }
    """
    (found,) = _statements(model, layer, "aws_lambda_layer_version.l")
    assert (found.sid, found.principals[0].kind, found.conditions[0].key) == ("everyone", "*", "aws:principalorgid")


def test_a_bus_takes_events_of_whom_its_permission_names(model: ReadAccess) -> None:
    permission = """
    resource "aws_cloudwatch_event_permission" "p" {
      principal    = "*"
      statement_id = "organization"
      condition {
        key   = "aws:PrincipalOrgID"
        type  = "StringEquals"
        value = "o-1"
      }
    }
    """
    (found,) = _statements(model, permission, "aws_cloudwatch_event_bus of aws_cloudwatch_event_permission.p")
    assert (found.actions, found.conditions[0].operator) == (("events:PutEvents",), "stringequals")


def test_a_directory_bucket_has_the_policy_of_a_bucket(model: ReadAccess) -> None:
    bucket = """
    resource "aws_s3_directory_bucket" "d" { bucket = "d--usw2-az1--x-s3" }
    resource "aws_s3_bucket_policy" "p" {
      bucket = aws_s3_directory_bucket.d.bucket
      policy = jsonencode({ Statement = [
        { Effect = "Allow", Action = "s3express:*", Principal = { AWS = "222222222222" }, Resource = "*" }
      ] })
    }
    """
    (found,) = _statements(model, bucket, "aws_s3_directory_bucket.d")
    assert found.actions == ("s3express:*",)


ALIAS = """
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.f.ATTRIBUTE
  function_version = "1"
}
"""


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("aws_lambda_function.f.function_name", ":function:f"),
        ("aws_lambda_function.f.arn", ":function:f"),
        ('"f:live"', ":function:f:live"),
        ('"111122223333:function:f"', ":function:f"),
        ('"111122223333:function:f:live"', ":function:f:live"),
        ('"${aws_lambda_function.f.arn}:live"', ":function:f:live"),
        ("aws_lambda_alias.live.arn", ":function:f:live"),
        ("aws_lambda_function.f.qualified_arn", "aws_lambda_function.f.version\ue001"),
    ],
)
@pytest.mark.parametrize("attribute", ["arn", "function_name"])
def test_a_permission_names_its_function_in_each_way(model: ReadAccess, name: str, ends: str, attribute: str) -> None:
    permission = f"""
    resource "aws_lambda_permission" "p" {{
      function_name = {name}
      action        = "lambda:InvokeFunction"
      principal     = "222233334444"
    }}
    """
    main = FUNCTION + ALIAS.replace("ATTRIBUTE", attribute) + permission
    assert list(model(main).things) == ["aws_lambda_function.f"]
    (statement,) = _statements(model, main, "aws_lambda_function.f")
    assert statement.resources[0].endswith(ends)
