"""What requests are about: policies wherever they are written, defaults of AWS, keys, and what runs as which role."""

from __future__ import annotations

import pytest

from policies.access.model import PolicyKind
from tests.support.reading import ReadAccess

KEY = 'resource "aws_kms_key" "k" {}\n'
BUCKET = 'resource "aws_s3_bucket" "b" { bucket = "b" }\n'


def test_a_key_without_a_policy_has_the_one_of_aws(model: ReadAccess) -> None:
    (policy,) = model(KEY).things["aws_kms_key.k"].policies
    (statement,) = policy.statements
    assert (policy.kind, statement.actions) == (PolicyKind.KEY, ("kms:*",))
    assert str(statement.principals[0].value).endswith(":root")
    assert statement.origin.resource is None


def test_a_key_is_found_by_reference_and_by_alias(model: ReadAccess) -> None:
    found = model(
        KEY
        + """
        resource "aws_kms_alias" "a" {
          name          = "alias/data"
          target_key_id = aws_kms_key.k.key_id
        }
        resource "aws_sqs_queue" "by_alias" { kms_master_key_id = "alias/data" }
        resource "aws_sns_topic" "by_arn" { kms_master_key_id = aws_kms_key.k.arn }
        resource "aws_sns_topic" "of_aws" { kms_master_key_id = "alias/aws/sns" }
        """
    )
    keys = {key: each.encryption_keys for key, each in found.things.items()}
    assert keys["aws_sqs_queue.by_alias"] == keys["aws_sns_topic.by_arn"] == ("aws_kms_key.k",)
    assert keys["aws_sns_topic.of_aws"] == ()
    assert found.things["aws_kms_key.k"].context["kms:resourcealiases"].values == ("alias/data",)


def test_a_key_that_is_declared_elsewhere_is_assumed_to_permit(model: ReadAccess) -> None:
    found = model('resource "aws_sns_topic" "t" { kms_master_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1" }')
    assert found.things["aws_sns_topic.t"].encryption_keys == ()
    assert found.things["aws_sns_topic.t"].unknown_keys


def test_a_key_that_is_one_of_several_is_assumed_to_permit(model: ReadAccess) -> None:
    found = model(
        """
        variable "k" {}
        resource "aws_kms_key" "k" { count = var.k }
        resource "aws_kms_key" "l" {}
        resource "aws_sns_topic" "t" { kms_master_key_id = var.k ? aws_kms_key.k[0].arn : aws_kms_key.l.arn }
        """
    )
    assert len(found.things["aws_sns_topic.t"].encryption_keys) == 2
    assert found.things["aws_sns_topic.t"].unknown_keys


def test_whether_a_thing_is_there_is_told_from_what_is_said_of_it(model: ReadAccess) -> None:
    topic = model('variable "n" {}\nresource "aws_sns_topic" "t" { count = var.n }').things["aws_sns_topic.t"]
    assert topic.presence is not None
    assert topic.unknown_keys == ()


def test_a_grant_is_a_policy_with_its_constraints(model: ReadAccess) -> None:
    grant = """
    resource "aws_kms_grant" "g" {
      key_id            = aws_kms_key.k.key_id
      grantee_principal = "arn:aws:iam::111122223333:role/r"
      operations        = ["Decrypt"]
      constraints {
        encryption_context_equals = { Department = "Finance" }
      }
    }
    """
    policies = model(KEY + grant).things["aws_kms_key.k"].policies
    (statement,) = next(each for each in policies if each.kind is PolicyKind.GRANT).statements
    assert statement.actions == ("kms:Decrypt",)
    assert [(each.key, each.values) for each in statement.conditions] == [
        ("kms:encryptioncontext:department", ("Finance",)),
        ("kms:encryptioncontextkeys", ("Department",)),
    ]


def test_a_public_acl_lets_everybody_in_unless_the_owner_is_enforced(model: ReadAccess) -> None:
    acl = 'resource "aws_s3_bucket_acl" "a" {\n  bucket = aws_s3_bucket.b.id\n  acl = "public-read"\n}\n'
    controls = """
    resource "aws_s3_bucket_ownership_controls" "o" {
      bucket = aws_s3_bucket.b.id
      rule { object_ownership = "BucketOwnerEnforced" }
    }
    """
    (policy,) = model(BUCKET + acl).things["aws_s3_bucket.b"].policies
    assert (policy.kind, policy.statements[0].principals[0].kind) == (PolicyKind.ACL, "*")
    assert model(BUCKET + acl + controls).things["aws_s3_bucket.b"].policies == ()


def test_public_access_is_blocked_by_what_is_known_to_block(model: ReadAccess) -> None:
    block = """
    variable "v" {}
    resource "aws_s3_bucket_public_access_block" "p" {
      bucket                  = aws_s3_bucket.b.id
      restrict_public_buckets = true
      ignore_public_acls      = var.v
    }
    """
    found = model(BUCKET + block).things["aws_s3_bucket.b"].public_access
    assert found is not None
    assert (found.restricts_policies, found.ignores_acls, found.blocks_policies) == (True, False, False)


def test_a_permission_of_a_function_is_a_statement_of_its_policy(model: ReadAccess) -> None:
    found = model(
        """
        resource "aws_lambda_function" "f" { function_name = "f" }
        resource "aws_lambda_permission" "p" {
          statement_id   = "Events"
          function_name  = aws_lambda_function.f.function_name
          action         = "lambda:InvokeFunction"
          principal      = "events.amazonaws.com"
          source_account = "111122223333"
        }
        """
    )
    (policy,) = found.things["aws_lambda_function.f"].policies
    (statement,) = policy.statements
    assert (statement.sid, statement.principals[0].kind, statement.conditions[0].key) == (
        "Events",
        "Service",
        "aws:sourceaccount",
    )


def test_a_policy_of_a_stream_is_not_its_tables(model: ReadAccess) -> None:
    found = model(
        """
        resource "aws_dynamodb_table" "t" {
          name           = "t"
          stream_enabled = true
        }
        resource "aws_dynamodb_resource_policy" "p" {
          resource_arn = aws_dynamodb_table.t.stream_arn
          policy = jsonencode({ Statement = [{ Effect = "Deny", Action = "*", Principal = "*", Resource = "*" }] })
        }
        """
    )
    assert len(found.things["aws_dynamodb_table.t.stream"].policies) == 1
    assert found.things["aws_dynamodb_table.t"].policies == ()


def test_code_has_the_role_of_its_profile_and_template(model: ReadAccess) -> None:
    found = model(
        """
        resource "aws_iam_role" "r" { assume_role_policy = jsonencode({ Statement = [] }) }
        resource "aws_iam_instance_profile" "p" { role = aws_iam_role.r.name }
        resource "aws_launch_template" "t" {
          iam_instance_profile { arn = aws_iam_instance_profile.p.arn }
        }
        resource "aws_autoscaling_group" "g" {
          launch_template { id = aws_launch_template.t.id }
        }
        """
    )
    assert found.things["aws_autoscaling_group.g"].runs_as == ("aws_iam_role.r",)


def test_a_table_and_a_secret_have_the_names_of_their_replicas(model: ReadAccess) -> None:
    found = model(
        """
        provider "aws" {
          region              = "eu-west-1"
          allowed_account_ids = ["111122223333"]
        }
        resource "aws_dynamodb_table" "t" {
          name = "t"
          replica { region_name = "us-west-2" }
        }
        resource "aws_dynamodb_table_replica" "r" {
          region           = "us-east-2"
          global_table_arn = aws_dynamodb_table.t.arn
        }
        resource "aws_secretsmanager_secret" "s" {
          name = "s"
          replica { region = "us-west-2" }
        }
        """
    )
    own = "arn:aws:dynamodb:{}:111122223333:table/t"
    assert found.things["aws_dynamodb_table.t"].arns["table"] == tuple(
        map(own.format, ("eu-west-1", "us-west-2", "us-east-2"))
    )
    assert (
        found.things["aws_secretsmanager_secret.s"]
        .arns["Secret"][1]
        .startswith("arn:aws:secretsmanager:us-west-2:111122223333:secret:s-")
    )


def test_a_policy_of_a_consumer_is_about_the_consumer_alone(model: ReadAccess) -> None:
    found = model(
        """
        resource "aws_kinesis_stream" "k" { name = "k" }
        resource "aws_kinesis_stream_consumer" "c" {
          name       = "c"
          stream_arn = aws_kinesis_stream.k.arn
        }
        resource "aws_kinesis_resource_policy" "p" {
          resource_arn = aws_kinesis_stream_consumer.c.arn
          policy = jsonencode({ Statement = [
            { Effect = "Allow", Action = "kinesis:*", Resource = "*", Principal = { AWS = "222233334444" } }
          ] })
        }
        """
    )
    assert list(found.things) == ["aws_kinesis_stream.k"]
    (statement,) = found.things["aws_kinesis_stream.k"].policies[0].statements
    assert ":stream/k/consumer/c:" in statement.resources[0]


def test_a_policy_of_a_stream_of_a_table_makes_no_other_table(model: ReadAccess) -> None:
    found = model(
        """
        resource "aws_dynamodb_table" "t" {
          name             = "t"
          stream_enabled   = true
          stream_view_type = "NEW_IMAGE"
        }
        resource "aws_dynamodb_resource_policy" "p" {
          resource_arn = aws_dynamodb_table.t.stream_arn
          policy       = jsonencode({ Statement = [] })
        }
        """
    )
    assert list(found.things) == ["aws_dynamodb_table.t", "aws_dynamodb_table.t.stream"]
    assert [len(each.policies) for each in found.things.values()] == [0, 1]


def test_a_version_of_a_template_names_no_role(model: ReadAccess) -> None:
    found = model(
        """
        resource "aws_iam_role" "other" {
          name               = "other"
          assume_role_policy = "{}"
        }
        resource "aws_launch_template" "t" {}
        resource "aws_autoscaling_group" "g" {
          name = "g"
          launch_template {
            id      = aws_launch_template.t.id
            version = aws_launch_template.t.latest_version
          }
        }
        """
    )
    assert found.things["aws_autoscaling_group.g"].runs_as == ()


def test_a_policy_that_may_be_another_things_leaves_the_default(model: ReadAccess) -> None:
    main = """
    variable "k" {}
    resource "aws_kms_key" "k" {}
    resource "aws_kms_key" "other" {}
    resource "aws_kms_key_policy" "p" {
      key_id = KEY
      policy = jsonencode({ Statement = [] })
    }
    """
    for key, expected in (("aws_kms_key.k.id", []), ("var.k", [True]), ("aws_kms_key.other.id", [False])):
        policies = model(main.replace("KEY", key)).things["aws_kms_key.k"].policies
        assert [one.assumption is not None for policy in policies for one in policy.statements] == expected
    perhaps = main.replace("KEY", "var.k").replace("Statement = []", 'Statement = { Effect = "Allow", Action = "*" }')
    policies = model(perhaps).things["aws_kms_key.k"].policies
    assert [one.assumption is not None for policy in policies for one in policy.statements] == [True, True]


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("aws_sns_topic", ["sns:Publish"]),
        ("aws_efs_file_system", ["elasticfilesystem:ClientMount"]),
        ("aws_kms_key", ["kms:*"]),
        ("aws_backup_vault", []),
        ("aws_cloudwatch_event_bus", []),
        ("aws_cloudwatch_log_group", []),
        ("aws_dynamodb_table", []),
        ("aws_ecr_repository", []),
        ("aws_kinesis_stream", []),
        ("aws_lambda_function", []),
        ("aws_msk_cluster", []),
        ("aws_s3_access_point", []),
        ("aws_s3_bucket", []),
        ("aws_secretsmanager_secret", []),
        ("aws_sqs_queue", []),
    ],
)
def test_what_aws_does_without_a_policy(model: ReadAccess, type_: str, expected: list[str]) -> None:
    policies = model(f'resource "{type_}" "t" {{}}').things[f"{type_}.t"].policies
    actions = {each for policy in policies for one in policy.statements for each in one.actions}
    assert actions >= {*expected}
    assert bool(actions) is bool(expected)


def test_an_access_point_of_a_bucket_that_is_not_known_is_a_gap(model: ReadAccess) -> None:
    main = """
    variable "b" {}
    resource "aws_s3_bucket" "b" { bucket = "b" }
    resource "aws_s3_bucket" "c" { bucket = "c" }
    resource "aws_s3_access_point" "p" {
      name   = "p"
      bucket = BUCKET
    }
    """
    counted = "aws_s3_bucket.b.id\n  count = var.b"
    cases = [("aws_s3_bucket.b.id", "aws_s3_bucket.b", 0), ('"d"', "", 0), ("var.b", "", 1)]
    for bucket, behind, gaps in (*cases, (counted, "aws_s3_bucket.b", 0)):
        found = model(main.replace("BUCKET", bucket))
        (point,) = [each for each in found.things.values() if each.type == "aws_s3_access_point"]
        assert point.behind == behind
        assert len(found.gaps) == gaps


QUEUE_POLICY = """
resource "aws_sqs_queue_policy" "NAME" {
  queue_url = aws_sqs_queue.q.id
  policy    = jsonencode({ Statement = [{ Effect = "EFFECT", Principal = "*", Action = "sqs:*", Resource = "*" }] })
}
"""


@pytest.mark.parametrize(
    ("effects", "is_certain"), [(["Deny"], True), (["Deny"] * 2, True), (["Deny", "Allow"], False)]
)
def test_of_two_policies_of_one_thing_each_is_there_perhaps(
    model: ReadAccess, effects: list[str], is_certain: bool
) -> None:
    written = (QUEUE_POLICY.replace("NAME", f"p{at}").replace("EFFECT", each) for at, each in enumerate(effects))
    found = model("".join(('resource "aws_sqs_queue" "q" { name = "q" }', *written)))
    statements = [each for policy in found.things["aws_sqs_queue.q"].policies for each in policy.statements]
    assert [each.assumption is None for each in statements] == [is_certain] * len(effects)
    assert (not found.gaps) is is_certain


@pytest.mark.parametrize(("kind", "expected"), [("AWS_IAM", 0), ("NONE", 2)])
def test_a_permission_for_other_urls_than_there_is_permits_nothing(model: ReadAccess, kind: str, expected: int) -> None:
    found = model(
        f"""
        resource "aws_lambda_function" "f" {{ function_name = "f" }}
        resource "aws_lambda_function_url" "u" {{
          function_name      = aws_lambda_function.f.function_name
          authorization_type = "{kind}"
        }}
        resource "aws_lambda_permission" "p" {{
          function_name          = aws_lambda_function.f.arn
          action                 = "lambda:InvokeFunctionUrl"
          principal              = "*"
          function_url_auth_type = "NONE"
        }}
        """
    )
    assert len(found.things["aws_lambda_function.f"].policies) == expected
