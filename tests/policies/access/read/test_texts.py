"""ARNs and names as the policies have them, whether they are written or references."""

from __future__ import annotations

import pytest

from policies.access.globs import glob, meet
from policies.access.text import assigned, is_determined, readable, widened
from tests.support.reading import ReadAccess

PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n  allowed_account_ids = ["111122223333"]\n}\n'


def test_a_reference_to_a_table_is_the_arn_that_a_policy_writes(model: ReadAccess) -> None:
    found = model(
        PROVIDER
        + """
        resource "aws_dynamodb_table" "t" {
          name           = "events"
          stream_enabled = true
        }
        resource "aws_iam_role" "r" {
          name               = "r"
          assume_role_policy = jsonencode({ Statement = [] })
        }
        resource "aws_iam_role_policy" "p" {
          role   = aws_iam_role.r.name
          policy = jsonencode({ Statement = [
            { Effect = "Allow", Action = "dynamodb:*", Resource = aws_dynamodb_table.t.arn }
          ] })
        }
        """
    )
    (policy,) = found.principals["aws_iam_role.r"].identity
    arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/events"
    assert policy.statements[0].resources == (arn,)
    assert found.things["aws_dynamodb_table.t"].arns["table"] == (arn,)
    assert found.things["aws_dynamodb_table.t.stream"].arns["stream"][0].startswith(f"{arn}/stream/")


def test_an_unknown_region_or_account_stays_within_its_field(model: ReadAccess) -> None:
    found = model(
        """
        resource "aws_dynamodb_table" "one" { name = "one" }
        resource "aws_dynamodb_table" "other" { name = "other" }
        resource "aws_iam_user" "u" { name = "u" }
        resource "aws_iam_user_policy" "p" {
          user   = aws_iam_user.u.name
          policy = jsonencode({ Statement = [{
            Effect = "Allow", Action = "dynamodb:*", Resource = "${aws_dynamodb_table.one.arn}/*"
          }] })
        }
        resource "aws_sns_topic" "t" { name = "111122223333" }
        """
    )
    (policy,) = found.principals["aws_iam_user.u"].identity
    (written,) = policy.statements[0].resources
    indexes = {name: found.things[f"aws_dynamodb_table.{name}"].arns["index"][0] for name in ("one", "other")}
    assert not is_determined(written)
    assert meet(glob(widened(written)), glob(widened(indexes["one"])))
    assert not meet(glob(widened(written)), glob(widened(indexes["other"])))


def test_an_account_that_nothing_says_is_one_that_aws_assigns(model: ReadAccess) -> None:
    found = model('resource "aws_sns_topic" "t" { name = "t" }')
    assert found.things["aws_sns_topic.t"].account == assigned("account")


def test_an_account_that_nothing_says_may_be_one_that_a_policy_names(model: ReadAccess) -> None:
    found = model(
        """
        resource "aws_sns_topic" "t" { name = "t" }
        resource "aws_sns_topic_policy" "p" {
          arn    = aws_sns_topic.t.arn
          policy = jsonencode({ Statement = [{
            Effect = "Allow", Action = "sns:Publish", Resource = "*"
            Principal = { AWS = "arn:aws:iam::111122223333:root" }
          }] })
        }
        """
    )
    assert not is_determined(found.things["aws_sns_topic.t"].account)


def test_the_account_of_who_calls_is_that_of_what_is_made(model: ReadAccess) -> None:
    found = model(
        PROVIDER
        + """
        data "aws_caller_identity" "me" {}
        resource "aws_s3_bucket" "b" { bucket = "logs-${data.aws_caller_identity.me.account_id}" }
        """
    )
    assert found.things["aws_s3_bucket.b"].arns["bucket"] == ("arn:aws:s3:::logs-111122223333",)


def test_a_name_that_a_variable_decides_may_be_anything(model: ReadAccess) -> None:
    found = model('variable "n" {}\nresource "aws_s3_bucket" "b" { bucket = "x-${var.n}" }')
    (arn,) = found.things["aws_s3_bucket.b"].arns["bucket"]
    assert readable(arn) == "arn:aws:s3:::x-<var.n>"
    assert not is_determined(arn)


def test_a_secret_ends_in_characters_that_aws_chooses(model: ReadAccess) -> None:
    found = model(PROVIDER + 'resource "aws_secretsmanager_secret" "s" { name = "db" }')
    arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-??????"
    assert found.things["aws_secretsmanager_secret.s"].arns == {"Secret": (arn,)}


def test_the_account_of_what_is_there_already_is_known_from_its_arn(model: ReadAccess) -> None:
    found = model('resource "aws_sns_topic" "t" { arn = "arn:aws:sns:eu-west-1:111122223333:t" }')
    assert found.things["aws_sns_topic.t"].account == "111122223333"


def test_streams_have_their_own_cluster_name_and_services_that_of_theirs(model: ReadAccess) -> None:
    found = model(
        PROVIDER
        + """
        resource "aws_msk_cluster" "c" { cluster_name = "events" }
        resource "aws_ecs_service" "s" {
          name    = "web"
          cluster = "arn:aws:ecs:eu-west-1:111122223333:cluster/front"
        }
        """
    )
    (arn,) = found.things["aws_msk_cluster.c"].arns["cluster"]
    assert arn.startswith("arn:aws:kafka:eu-west-1:111122223333:cluster/events/")
    assert found.things["aws_ecs_service.s"].arns["service"] == (
        "arn:aws:ecs:eu-west-1:111122223333:service/front/web",
    )


def _resource_of_policy(model: ReadAccess, declared: str, reference: str) -> str:
    found = model(
        PROVIDER
        + declared
        + f"""
        resource "aws_iam_role" "r" {{
          name               = "r"
          assume_role_policy = jsonencode({{ Statement = [] }})
        }}
        resource "aws_iam_role_policy" "p" {{
          role   = aws_iam_role.r.name
          policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "s3:*", Resource = {reference} }}] }})
        }}
        """
    )
    (policy,) = found.principals["aws_iam_role.r"].identity
    (text,) = policy.statements[0].resources
    return text


@pytest.mark.parametrize(
    ("declared", "reference"),
    [
        ('data "terraform_remote_state" "s" { backend = "s3" }', "data.terraform_remote_state.s.outputs.arn"),
        ('data "terraform_remote_state" "s" { backend = "s3" }', '"${data.terraform_remote_state.s.outputs.b["x"]}/*"'),
        ('data "aws_ssm_parameter" "p" { name = "p" }', "data.aws_ssm_parameter.p.value"),
        ('data "external" "e" { program = ["p"] }', "data.external.e.result.arn"),
        ('data "aws_iam_roles" "r" { name_regex = "r.*" }', "tolist(data.aws_iam_roles.r.arns)"),
        ('data "aws_vpc_endpoint" "e" { service_name = "s" }', "data.aws_vpc_endpoint.e.id"),
        ('data "aws_iam_role" "d" { name = "d" }', "data.aws_iam_role.d.arn"),
        ('resource "aws_cloudformation_stack" "s" { name = "s" }', 'aws_cloudformation_stack.s.outputs["Arn"]'),
        ('resource "terraform_data" "d" { input = "x" }', "terraform_data.d.output"),
        ('resource "aws_organizations_account" "a" { name = "a" }', "aws_organizations_account.a.id"),
        (
            'resource "aws_cloudfront_origin_access_identity" "o" {}',
            "aws_cloudfront_origin_access_identity.o.iam_arn",
        ),
        ('resource "aws_glue_job" "j" { name = "j" }', "aws_glue_job.j.id"),
        ("", "aws_s3_bucket.not_declared.arn"),
    ],
)
def test_what_somebody_else_decides_may_be_anything(model: ReadAccess, declared: str, reference: str) -> None:
    assert not is_determined(_resource_of_policy(model, declared, reference))


@pytest.mark.parametrize(
    ("declared", "reference", "expected"),
    [
        (
            'resource "aws_vpc_endpoint" "e" {}',
            "aws_vpc_endpoint.e.id",
            f"vpce-{assigned('aws_vpc_endpoint.e.number')}",
        ),
        ('resource "aws_kms_key" "k" {}', "aws_kms_key.k.key_id", assigned("aws_kms_key.k.key_id")),
        (
            'resource "aws_s3_bucket" "b" { bucket_prefix = "logs-" }',
            "aws_s3_bucket.b.id",
            f"logs-{assigned('aws_s3_bucket.b.bucket')}",
        ),
        ('resource "random_id" "r" { byte_length = 8 }', "random_id.r.hex", assigned("random_id.r.hex")),
        (
            'data "aws_organizations_organization" "o" {}',
            "data.aws_organizations_organization.o.id",
            assigned("data.aws_organizations_organization.o.id"),
        ),
        (
            'data "aws_kms_alias" "a" { name = "alias/a" }',
            "data.aws_kms_alias.a.target_key_id",
            assigned("key of alias/a"),
        ),
    ],
)
def test_what_nobody_chooses_equals_itself(model: ReadAccess, declared: str, reference: str, expected: str) -> None:
    assert _resource_of_policy(model, declared, reference) == expected


def test_who_applies_is_somebody_of_the_account(model: ReadAccess) -> None:
    found = model(
        """
        provider "aws" { allowed_account_ids = ["111122223333"] }
        data "aws_caller_identity" "me" {}
        resource "aws_sqs_queue" "q" {
          policy = jsonencode({ Statement = [
            { Effect = "Allow", Action = "*", Resource = "*", Principal = { AWS = data.aws_caller_identity.me.arn } }
          ] })
        }
        """
    )
    (statement,) = found.things["aws_sqs_queue.q"].policies[0].statements
    assert str(statement.principals[0].value).startswith("arn:aws:iam::111122223333:")
