"""Statements as the engine gets them, with their versions and what cannot be read."""

from __future__ import annotations

import pytest

from tests.support.access import senders
from tests.support.reading import ReadAccess

USER = """
resource "aws_iam_user" "u" { name = "u" }
resource "aws_iam_user_policy" "p" {
  user   = aws_iam_user.u.name
  policy = POLICY
}
"""


@pytest.mark.parametrize(
    ("version", "resource"),
    [('Version = "2012-10-17", ', "arn:aws:s3:::${aws:username}"), ("", "arn:aws:s3:::${$}{aws:username}")],
)
def test_only_the_new_version_of_policies_has_variables(model: ReadAccess, version: str, resource: str) -> None:
    statement = '{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::$${aws:username}" }'
    policy = f"jsonencode({{ {version}Statement = [{statement}] }})"
    (found,) = model(USER.replace("POLICY", policy)).principals["aws_iam_user.u"].identity
    assert found.statements[0].resources == (resource,)


def test_a_variable_of_a_data_source_is_one_of_the_policy(model: ReadAccess) -> None:
    data = """
    data "aws_iam_policy_document" "d" {
      statement {
        actions   = ["s3:GetObject"]
        resources = ["arn:aws:s3:::&{aws:username}"]
      }
    }
    """
    main = data + USER.replace("POLICY", "data.aws_iam_policy_document.d.json")
    (found,) = model(main).principals["aws_iam_user.u"].identity
    assert found.statements[0].resources == ("arn:aws:s3:::${aws:username}",)


@pytest.mark.parametrize("policy", ['"{"', 'jsonencode({ Statement = [{ Effect = "Maybe" }] })'])
def test_a_policy_that_is_none_is_taken_to_allow_everything(model: ReadAccess, policy: str) -> None:
    (found,) = model(USER.replace("POLICY", policy)).principals["aws_iam_user.u"].identity
    (statement,) = found.statements
    assert (statement.actions, statement.resources) == (("*",), ("*",))
    assert statement.assumption is not None


def test_a_statement_that_is_not_known_may_allow_everything(model: ReadAccess) -> None:
    policy = 'jsonencode({ Statement = [{ Sid = "S", Effect = "Deny", Action = "*", Resource = "*" }, var.s] })'
    main = 'variable "s" {}\n' + USER.replace("POLICY", policy)
    (found,) = model(main).principals["aws_iam_user.u"].identity
    known, unknown = found.statements
    assert (known.sid, known.allows, known.assumption) == ("S", False, None)
    assert (unknown.allows, unknown.actions) == (True, ("*",))
    assert unknown.assumption is not None


def test_conditions_on_one_key_are_values_of_one_condition(model: ReadAccess) -> None:
    condition = 'condition {\n  test = "StringEquals"\n  variable = "aws:SourceVpc"\n  values = ["VPC"]\n}\n'
    data = f"""
    data "aws_iam_policy_document" "d" {{
      statement {{
        actions   = ["s3:GetObject"]
        resources = ["*"]
        {condition.replace("VPC", "vpc-1")}
        {condition.replace("VPC", "vpc-2")}
      }}
    }}
    """
    main = data + USER.replace("POLICY", "data.aws_iam_policy_document.d.json")
    (found,) = model(main).principals["aws_iam_user.u"].identity
    assert [each.values for each in found.statements[0].conditions] == [("vpc-1", "vpc-2")]


def test_a_principal_whose_account_is_an_empty_variable_may_be_of_any(model: ReadAccess) -> None:
    main = """
    variable "partner" { default = "" }
    resource "aws_sqs_queue" "q" {
      name   = "q"
      policy = jsonencode({ Statement = [
        { Effect = "Allow", Action = "sqs:SendMessage", Resource = "*"
          Principal = { AWS = "arn:aws:iam::${var.partner}:root" } },
      ] })
    }
    """
    assert senders(model(main))["any principal of another account"] is False


@pytest.mark.parametrize(
    ("actions", "key", "assumed"),
    [
        ('["iam:PassRole", "ec2:RunInstances"]', "iam:PassedToService", [False, True]),
        ('["iam:PassRole", "*"]', "iam:PassedToService", [False]),
        ('["s3express:CreateSession"]', "s3:x-amz-acl", [False]),
        ('["s3:GetObject"]', "aws:SourceIp", [False]),
        ('["s3:GetObject"]', "ec2:SourceInstanceARN", [False]),
    ],
)
def test_whether_an_action_has_the_key_of_another_service_is_assumed(
    model: ReadAccess, actions: str, key: str, assumed: list[bool]
) -> None:
    condition = f'{{ StringEquals = {{ "{key}" = "x" }} }}'
    statement = f'{{ Effect = "Allow", Action = {actions}, Resource = "*", Condition = {condition} }}'
    main = USER.replace("POLICY", f"jsonencode({{ Statement = [{statement}] }})")
    (found,) = model(main).principals["aws_iam_user.u"].identity
    assert [each.assumption is not None for each in found.statements] == assumed
