"""Policy documents mean the same however they are written."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.library.access import public_grants, refuses_plaintext
from policies.library.documents import Document, covers_paths, document
from policies.library.model import Configuration
from policies.library.values import Partial, Unknown, UnknownValue, Value, freeze
from tests.support.hcl import resource
from tests.support.reading import Load

NOTHING = Configuration({})
DENY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sqs:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def read(*statements: Mapping[str, object]) -> Document:
    return document(json.dumps({"Statement": list(statements)}), NOTHING)


def refuses(**changes: object) -> bool:
    statement = {key: value for key, value in {**DENY, **changes}.items() if value is not None}
    return refuses_plaintext(read(statement), "sqs", None, NOTHING)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"AWS": ["arn:aws:iam::111122223333:root", "*"]}},
        {"Principal": ["*"]},
        {"Action": ["sqs:SendMessage", "SQS:*"]},
        {"Action": "*"},
        {"Action": None, "NotAction": "s3:*"},
        {"Condition": {"Bool": {"AWS:SECURETRANSPORT": False}}},
        {"Condition": {"BoolIfExists": {"aws:SecureTransport": ["false"]}}},
    ],
    ids=str,
)
def test_plaintext_is_refused(changes: dict[str, object]) -> None:
    assert refuses(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"Effect": "Allow"},
        {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
        {"Principal": {"Service": "*"}},
        {"Principal": None, "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}},
        {"Action": "sqs:SendMessage"},
        {"Action": "sns:*"},
        {"Action": None, "NotAction": ["sqs:*"]},
        {"Action": None, "NotAction": ["sqs:SendMessage"]},
        {"Condition": None},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": ["false", "true"]}}},
        {"Condition": {"StringEquals": {"aws:SecureTransport": "false"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "false"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}}},
        {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}},
    ],
    ids=str,
)
def test_plaintext_is_not_refused(changes: dict[str, object]) -> None:
    assert not refuses(**changes)


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::meals"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}},
        {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
    ],
    ids=str,
)
def test_narrowed_grants_are_not_public(condition: dict[str, object]) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition}
    assert not list(public_grants(read(statement), NOTHING))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Principal": {"AWS": ["*"]}},
        {"Principal": None, "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}},
        {"Condition": {"StringLike": {"aws:SourceArn": "*"}}},
        {"Condition": {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}},
        {"Condition": {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
        {"Condition": {"StringNotEquals": {"aws:SourceAccount": "111122223333"}}},
        {"Condition": {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}},
        {"Condition": {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}}},
        {"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}}},
        {"Principal": {"AWS": "arn:aws:iam::*:role/reader"}},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
    ],
    ids=str,
)
def test_public_grants(changes: dict[str, object]) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", **changes}
    assert (
        len(list(public_grants(read({key: value for key, value in statement.items() if value is not None}), NOTHING)))
        == 1
    )


ARN = Unknown("var.execution_arn")


def all_paths_refused(refused: Value, granted: Value) -> bool:
    """Whether a refusal of paths of an API is about all that are granted."""
    statements = [{"Effect": "Deny", "Resource": refused}, {"Effect": "Allow", "Resource": granted}]
    return covers_paths(*document(freeze({"Statement": statements}), NOTHING).statements)


@pytest.mark.parametrize(
    ("refused", "granted"),
    [
        ("*", "execute-api:/live/GET/menu"),
        ("execute-api:/*", "*"),
        ("execute-api:/*/*/*", "arn:aws:execute-api:us-east-1:111122223333:abc/*"),
        ("execute-api:/live/*", "execute-api:/live/GET/*"),
        (Partial("", (ARN, "/*")), "*"),
        (Partial("", (ARN, "/live/*")), "execute-api:/live/*"),
        (ARN, ARN),
        ("execute-api:/*", ARN),
    ],
)
def test_a_refusal_of_all_paths_that_are_granted(refused: Value, granted: Value) -> None:
    assert all_paths_refused(refused, granted)


@pytest.mark.parametrize(
    ("refused", "granted"),
    [
        ("*/live/DELETE/*", "*"),
        ("execute-api:/live/*", ("execute-api:/live/*", "execute-api:/test/*")),
        ("execute-api:/live/GET/men?", "execute-api:/live/GET/*"),
        ("execute-api:/*/*/*/*", "*"),
        (Partial("", (ARN, "/live/*")), "execute-api:/*"),
    ],
)
def test_a_refusal_of_some_paths_only(refused: Value, granted: Value) -> None:
    assert not all_paths_refused(refused, granted)


@pytest.mark.parametrize(
    ("refused", "granted"),
    [
        (ARN, "*"),
        ("execute-api:/live/*", ARN),
        (Partial("", ("execute-api:/", Unknown("var.stage"), "/*")), "*"),
    ],
)
def test_whether_an_unknown_path_is_refused_is_unknown(refused: Value, granted: Value) -> None:
    with pytest.raises(UnknownValue):
        all_paths_refused(refused, granted)


def test_unknown_parts_stay_where_they_are() -> None:
    account = Unknown("var.account")
    text = Partial(
        "text",
        (
            '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::',
            account,
            ':root"}, "Action": "sqs:SendMessage", "Resource": ',
            Unknown("var.queue"),
            "}]}",
        ),
    )
    (statement,) = document(text, NOTHING).statements
    assert statement.covers_action("SQS:sendmessage")
    assert not statement.is_for_everyone()  # whatever the account is, it is one account
    (resource,) = statement.resources
    assert isinstance(resource, Unknown)
    (principal,) = statement.principals
    assert isinstance(principal.value, Partial)
    assert principal.value.parts == ("arn:aws:iam::", account, ":root")


@pytest.mark.parametrize(
    "value",
    [
        Unknown("var.policy"),
        Partial("text", ('{"Statement": [', Unknown("var.statement"), "]}")),
        "not json",
        "[]",
        '{"Statement": ["nonsense"]}',
        True,
    ],
    ids=repr,
)
def test_what_is_no_known_document_is_unknown(value: Value) -> None:
    with pytest.raises(UnknownValue):
        document(value, NOTHING)


@pytest.mark.parametrize("value", [None, ""])
def test_no_policy_has_no_statements(value: Value) -> None:
    assert document(value, NOTHING).statements == ()


def test_data_sources_build_on_each_other(load: Load) -> None:
    configuration = load("""
        data "aws_iam_policy_document" "source" {
          statement {
            sid     = "Replaced"
            actions = ["s3:Get*"]
          }
          statement {
            sid     = "Kept"
            actions = ["s3:List*"]
          }
        }
        data "aws_iam_policy_document" "result" {
          source_policy_documents   = [data.aws_iam_policy_document.source.json, jsonencode({
            Statement = [{ Sid = "Encoded", Effect = "Deny", Action = "*", Resource = "*" }]
          })]
          override_policy_documents = [data.aws_iam_policy_document.override.minified_json]
          statement {
            sid         = "Replaced"
            not_actions = ["s3:Put*"]
            not_principals {
              type        = "AWS"
              identifiers = ["111122223333"]
            }
          }
          statement {
            effect = "Deny"
          }
        }
        data "aws_iam_policy_document" "override" {
          statement {
            sid     = "Kept"
            effect  = "Deny"
            actions = ["s3:*"]
          }
        }
        resource "aws_s3_bucket_policy" "policy" {
          policy = data.aws_iam_policy_document.result.json
        }
    """)
    (policy,) = configuration.of_type("aws_s3_bucket_policy")
    found = document(policy.get("policy"), configuration)
    assert [(each.sid, each.effect, each.actions) for each in found.statements] == [
        ("Replaced", "Allow", ("s3:Put*",)),
        ("Kept", "Deny", ("s3:*",)),
        ("Encoded", "Deny", ("*",)),
        ("", "Deny", ()),
    ]
    assert found.statements[0].inverts_actions
    assert found.statements[0].inverts_principals
    assert not found.statements[0].covers_action("s3:PutObject")
    assert found.statements[0].covers_action("s3:GetObject")
    assert [each.sid for each in public_grants(found, NOTHING)] == ["Replaced"]


def test_a_document_that_builds_on_itself_is_unknown(load: Load) -> None:
    configuration = load(
        resource(
            "data.aws_iam_policy_document.circle", source_policy_documents=["data.aws_iam_policy_document.circle.json"]
        )
        + resource("aws_sqs_queue_policy.policy", policy="data.aws_iam_policy_document.circle.json")
    )
    (policy,) = configuration.of_type("aws_sqs_queue_policy")
    with pytest.raises(UnknownValue, match="builds on itself"):
        document(policy.get("policy"), configuration)


@pytest.mark.parametrize(
    ("resource", "covered"),
    [
        ("*", True),
        ("arn:aws:s3:::meals", True),
        ("arn:aws:s3:::meals/*", True),
        ("arn:aws:s3:::me*", True),
        ("arn:aws:s3:::other", False),
        ("${aws_s3_bucket.meals.arn}/*", True),
        ("${aws_s3_bucket.other.arn}/*", False),
        ("arn:aws:s3:::${aws_s3_bucket.meals.id}", True),
        ("arn:${data.aws_partition.current.partition}:s3:::meals/*", True),
    ],
)
def test_resources_by_name_and_reference(load: Load, resource: str, covered: bool) -> None:
    configuration = load(f"""
        data "aws_partition" "current" {{}}
        resource "aws_s3_bucket" "meals" {{
          bucket = "meals"
        }}
        resource "aws_s3_bucket" "other" {{
          bucket = "other"
        }}
        resource "aws_s3_bucket_policy" "policy" {{
          policy = jsonencode({{ Statement = {{ Effect = "Deny", Resource = "{resource}" }} }})
        }}
    """)
    (policy,) = configuration.of_type("aws_s3_bucket_policy")
    (statement,) = document(policy.get("policy"), configuration).statements
    assert statement.covers_resource(configuration.resources["aws_s3_bucket.meals"], configuration) == covered


@given(st.text("ab*?:", max_size=6), st.text("ab:", max_size=6))
def test_wildcards_match_as_a_plain_search_does(pattern: str, text: str) -> None:
    def matches(pattern: str, text: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] == "*":
            return matches(pattern[1:], text) or bool(text and matches(pattern, text[1:]))
        return bool(text) and pattern[0] in ("?", text[0]) and matches(pattern[1:], text[1:])

    (statement,) = read({"Effect": "Allow", "Action": pattern}).statements
    assert statement.covers_action(text) == matches(pattern, text)


PARTLY_KNOWN = """
variable "x" {}
data "aws_iam_policy_document" "delivery" {
  dynamic "statement" {
    for_each = var.x
    content {
      actions = [statement.value]
    }
  }
  statement {
    sid       = "Delivery"
    actions   = ["s3:PutObject"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com"]
    }
  }
}
data "aws_iam_policy_document" "all" {
  source_policy_documents = [data.aws_iam_policy_document.delivery.json, jsonencode({
    Statement = [%s]
  })]
}
resource "aws_s3_bucket_policy" "p" {
  bucket = "b"
  policy = %s
}
"""
WAYS = (
    "data.aws_iam_policy_document.all.json",
    'replace(data.aws_iam_policy_document.all.json, "_NAME_", "b")',
    "jsonencode(jsondecode(data.aws_iam_policy_document.all.json))",
)
NO_HTTP = (
    '{ Sid = "Tls", Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "*",'
    ' Condition = { Bool = { "aws:SecureTransport" = "false" } } }'
)


def of_bucket_policy(load: Load, text: str) -> Document:
    configuration = load(text)
    return document(configuration.resources["aws_s3_bucket_policy.p"].get("policy"), configuration)


@pytest.mark.parametrize("way", WAYS[:2])
def test_an_unknown_statement_leaves_the_others_as_they_are(load: Load, way: str) -> None:
    policy = of_bucket_policy(load, PARTLY_KNOWN % (NO_HTTP, way))
    assert [each.sid for each in policy.statements] == ["Delivery", "Tls"]
    assert refuses_plaintext(policy, "s3", None, NOTHING)
    with pytest.raises(UnknownValue):
        list(public_grants(policy, NOTHING))


@pytest.mark.parametrize("way", WAYS[:2])
def test_what_is_known_to_be_open_is_said_before_what_is_unknown(load: Load, way: str) -> None:
    everyone = '{ Sid = "All", Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*" }'
    grants = public_grants(of_bucket_policy(load, PARTLY_KNOWN % (everyone, way)), NOTHING)
    assert next(grants).sid == "All"
    with pytest.raises(UnknownValue):
        next(grants)


def test_a_list_of_unknown_length_is_unknown_once_it_is_decoded(load: Load) -> None:
    with pytest.raises(UnknownValue):
        of_bucket_policy(load, PARTLY_KNOWN % (NO_HTTP, WAYS[2]))


@pytest.mark.parametrize(
    "way", ["data.aws_iam_policy_document.last.json", "trimspace(data.aws_iam_policy_document.last.json)"]
)
def test_an_unknown_statement_may_override_one_of_the_same_sid(load: Load, way: str) -> None:
    last = """
data "aws_iam_policy_document" "last" {
  source_policy_documents = [jsonencode({ Statement = [%s] })]
  dynamic "statement" {
    for_each = var.x
    content {
      sid     = "Tls"
      actions = [statement.value]
    }
  }
}
"""
    text = PARTLY_KNOWN % ("", way) + last % NO_HTTP
    with pytest.raises(UnknownValue):
        refuses_plaintext(of_bucket_policy(load, text), "s3", None, NOTHING)
