"""What is named and not declared is there, with whatever is declared of it elsewhere."""

from __future__ import annotations

from policies.access.model import PolicyKind
from tests.support.reading import ReadAccess

OPEN = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Principal = "*", Resource = "*" }] })'


def test_the_bucket_of_a_policy_alone_has_that_policy(model: ReadAccess) -> None:
    found = model(f'resource "aws_s3_bucket_policy" "p" {{\n  bucket = "data"\n  policy = {OPEN}\n}}\n')
    (thing,) = found.things.values()
    assert thing.arns["bucket"] == ("arn:aws:s3:::data",)
    assert [one.assumption for policy in thing.policies for one in policy.statements] == [None]


def test_the_bucket_of_a_policy_is_there_though_its_name_is_a_variable(model: ReadAccess) -> None:
    found = model(
        f"""
        variable "b" {{}}
        resource "aws_s3_bucket" "other" {{ bucket = "other" }}
        resource "aws_s3_bucket_policy" "p" {{
          bucket = var.b
          policy = {OPEN}
        }}
        """
    )
    (there, other) = (found.things[key] for key in ("aws_s3_bucket of aws_s3_bucket_policy.p", "aws_s3_bucket.other"))
    assert [one.assumption for policy in there.policies for one in policy.statements] == [None]
    assert all(one.assumption for policy in other.policies for one in policy.statements)
    assert other.policies


def test_what_is_looked_up_may_have_any_policy(model: ReadAccess) -> None:
    found = model(
        """
        data "aws_s3_bucket" "b" { bucket = "data" }
        data "aws_kms_key" "k" { key_id = "alias/k" }
        """
    )
    policies = {key: each.policies for key, each in found.things.items()}
    assert [each.kind for each in policies["data.aws_kms_key.k"]] == [PolicyKind.KEY]
    (statement,) = policies["data.aws_s3_bucket.b"][0].statements
    assert statement.actions == ("*",)
    assert statement.assumption is not None


def test_a_policy_of_what_is_looked_up_is_all_that_it_has(model: ReadAccess) -> None:
    found = model(
        f"""
        data "aws_sns_topic" "t" {{ name = "t" }}
        resource "aws_sns_topic_policy" "p" {{
          arn    = data.aws_sns_topic.t.arn
          policy = {OPEN}
        }}
        """
    )
    (thing,) = found.things.values()
    assert [one.assumption for policy in thing.policies for one in policy.statements] == [None]


def test_the_role_of_a_function_or_an_attachment_may_do_anything(model: ReadAccess) -> None:
    found = model(
        """
        resource "aws_lambda_function" "f" {
          function_name = "f"
          role          = "arn:aws:iam::111122223333:role/elsewhere"
        }
        resource "aws_iam_role_policy" "p" {
          role   = "ops"
          policy = jsonencode({ Statement = [] })
        }
        """
    )
    keys = ("aws_iam_role of aws_lambda_function.f", "aws_iam_role of aws_iam_role_policy.p")
    assert [found.principals[key].identity[0].statements[0].actions for key in keys] == [("*",), ("*",)]
    assert found.things["aws_lambda_function.f"].runs_as == (keys[0],)


def test_what_is_declared_stands_for_itself(model: ReadAccess) -> None:
    found = model(
        f"""
        resource "aws_sqs_queue" "q" {{}}
        resource "aws_sqs_queue_policy" "p" {{
          queue_url = aws_sqs_queue.q.id
          policy    = {OPEN}
        }}
        """
    )
    assert list(found.things) == ["aws_sqs_queue.q"]
