"""ARNs and names as the policies have them, whether they are written or references."""

from __future__ import annotations

from policies.access.text import assigned, is_determined, readable
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
