"""Permissions that a change gives or takes: callers and places that only one side names, spellings, what is unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.changes import ANYBODY, ORGANIZATION, bucket, first_lines, role, topic

NOTHING = ["Opens nothing.", "Closes nothing."]

VARIABLE = 'variable "n" {}\n'


@pytest.mark.parametrize("argument", ['tags = { owner = "123456789012" }', 'kms_master_key_id = "123456789012"'])
def test_a_number_of_an_account_elsewhere_is_no_difference(argument: str, tmp_path: Path) -> None:
    queue = 'resource "aws_sqs_queue" "q" {{\n  {}\n}}\n'
    own = ANYBODY.replace(" }", f", {ORGANIZATION} }}")
    lines = first_lines(tmp_path, bucket(own, queue.format("")), bucket(own, queue.format(argument)))
    assert lines[:2] == NOTHING


def test_who_is_named_on_one_side_was_there_on_the_other(tmp_path: Path) -> None:
    one, other = role("arn:aws:iam::111122223333:root"), role("arn:aws:iam::444455556666:role/ci")
    assert first_lines(tmp_path, bucket(more=one), bucket(more=other)) == [
        "Opens 1:",
        "  arn:aws:iam::444455556666:role/ci may now assume aws_iam_role.r",
        "Closes 1:",
        "  any principal of account 111122223333 may no longer assume aws_iam_role.r",
    ]


def test_a_network_named_on_one_side_was_there_on_the_other(tmp_path: Path) -> None:
    other = 'Condition = { StringEquals = { "aws:SourceVpc" = "vpc-0123456789abcdef0" } }'
    queue = topic(deny=f'{{ Effect = "Deny", Principal = "*", Action = "sns:*", Resource = "*", {other} }}')
    lines = first_lines(tmp_path, bucket(more=topic()), bucket(more=queue))
    assert lines[0] == "Opens nothing."
    assert not [line for line in lines if "aws_s3_bucket" in line]


def test_an_owner_of_tokens_named_on_one_side_was_there_on_the_other(tmp_path: Path) -> None:
    provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    asked = '{{ StringLike = {{ "token.actions.githubusercontent.com:sub" = "repo:{}/*" }} }}'
    one, other = (role(provider, "Federated", asked.format(owner)) for owner in ("us", "them"))
    lines = first_lines(tmp_path, one, other)
    assert lines[0].startswith("Opens 1")
    assert not [line for line in lines if "anyone with" in line]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (topic(), topic('{ AWS = "*" }')),
        (topic(), topic('{ AWS = ["*"] }')),
        (topic('{ AWS = "111122223333" }'), topic('{ AWS = "arn:aws:iam::111122223333:root" }')),
        (topic(actions='["sns:Publish", "sns:Subscribe"]'), topic(actions='["sns:Subscribe", "sns:Publish"]')),
        (topic(actions='["sns:Publish"]'), topic(actions='"SNS:publish"')),
        (bucket(ANYBODY), bucket(ANYBODY.replace('"*"', '{ AWS = ["*"] }'))),
    ],
)
def test_another_spelling_is_no_difference(before: str, after: str, tmp_path: Path) -> None:
    assert before != after
    assert first_lines(tmp_path / "1", before, after)[:2] == NOTHING
    assert first_lines(tmp_path / "2", after, before)[:2] == NOTHING


def test_an_action_more_on_what_is_not_known_is_that_action_alone(tmp_path: Path) -> None:
    lines = first_lines(tmp_path, topic(), topic(actions='["sns:Publish", "sns:DeleteTopic"]'))
    opened = [line for line in lines if " may now " in line]
    assert opened
    assert all(" may now delete " in line for line in opened)


@pytest.mark.parametrize("unknown", ["var.n", "{ AWS = var.n }"])
def test_whom_an_unknown_principal_may_let_in_may_close_and_open(unknown: str, tmp_path: Path) -> None:
    perhaps = bucket(ANYBODY.replace('"*"', unknown)) + VARIABLE
    closing = first_lines(tmp_path / "1", bucket(), perhaps)
    assert closing[0] == "Opens nothing."
    assert closing[1].startswith("May close ")
    assert not [line for line in closing if line.startswith("Closes")]
    opening = first_lines(tmp_path / "2", perhaps, bucket())
    assert opening[0].startswith("May open ")
    assert not [line for line in opening if line.startswith("Opens")]


def test_a_deny_less_of_what_is_not_known_may_open(tmp_path: Path) -> None:
    denied = '{ Effect = "Deny", Principal = "*", Action = "sns:Publish", Resource = var.n }'
    lines = first_lines(tmp_path, topic(deny=denied) + VARIABLE, topic() + VARIABLE)
    assert lines[0].startswith("May open ")


KEY = """
data "aws_caller_identity" "me" {}
resource "aws_kms_key" "k" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = [%s] }
  }] })
}
"""


def test_the_own_account_is_the_same_on_both_sides_whatever_else_is_named(tmp_path: Path) -> None:
    own = '"arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"'
    lines = first_lines(tmp_path, KEY % own, KEY % f'{own}, "arn:aws:iam::999988887777:root"')
    assert lines[:2] == [
        "May open 1:",
        "  any principal of account 999988887777 may now delete, share and use aws_kms_key.k more widely",
    ]


REGIONS = (
    'provider "aws" {\n  region = "eu-west-1"\n}\nprovider "aws" {\n  alias  = "us"\n  region = "us-east-1"\n%s}\n'
)


@pytest.mark.parametrize(("credentials", "is_same"), [("", True), ('  profile = "theirs"\n', False)])
def test_a_provider_for_another_region_is_in_the_same_account(credentials: str, is_same: bool, tmp_path: Path) -> None:
    providers = REGIONS % credentials
    before = providers + bucket(more=topic())
    lines = first_lines(tmp_path, before, before.replace('bucket = "of-us"', 'bucket = "of-us"\n  provider = aws.us'))
    assert ([each for each in lines if each in NOTHING] == NOTHING) is is_same


def test_who_becomes_another_can_no_longer_do_so(tmp_path: Path) -> None:
    attached = (
        'resource "aws_iam_role_policy_attachment" "a" {\n  role       = aws_iam_role.r.name\n'
        '  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n}\n'
    )
    mine = role("arn:aws:iam::111122223333:root")
    assert "  aws_iam_role.r can become any permission of the account" in first_lines(
        tmp_path / "1", mine, mine + attached
    )
    closing = first_lines(tmp_path / "2", mine + attached, mine)
    assert "  aws_iam_role.r can no longer become any permission of the account" in closing


PERMISSION = """
resource "aws_lambda_function" "f" {
  function_name = "f"
}
resource "aws_lambda_permission" "p" {
  function_name = aws_lambda_function.f.function_name
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
%s}
"""


def test_a_condition_less_on_what_is_not_known_closes_nothing(tmp_path: Path) -> None:
    asked = PERMISSION % '  source_arn     = "arn:aws:s3:::mine"\n  source_account = "111122223333"\n'
    assert "Closes nothing." in first_lines(tmp_path / "1", asked, PERMISSION % "")
    assert first_lines(tmp_path / "2", PERMISSION % "", asked)[0] == "Opens nothing."


def test_an_account_that_was_named_by_a_role_is_the_rest_of_it(tmp_path: Path) -> None:
    one, other = role("arn:aws:iam::111122223333:role/ci"), role("arn:aws:iam::111122223333:root")
    assert first_lines(tmp_path, one, other)[:2] == [
        "Opens 1:",
        "  any other principal of account 111122223333 may now assume aws_iam_role.r",
    ]


def test_what_is_made_anew_with_its_name_may_and_lets_in_as_before(tmp_path: Path) -> None:
    before = bucket(more=role("arn:aws:iam::111122223333:root"))
    after = before.replace('"aws_iam_role" "r"', '"aws_iam_role" "s"').replace(
        '"aws_s3_bucket" "b"', '"aws_s3_bucket" "c"'
    )
    lines = first_lines(tmp_path, before, after.replace("aws_s3_bucket.b.id", "aws_s3_bucket.c.id"))
    opens, closes = NOTHING
    assert lines == [
        opens,
        "Destroys data: aws_s3_bucket.b",
        closes,
        "Replaces 1: aws_s3_bucket_policy.p (bucket)",
    ]


@pytest.mark.parametrize(
    ("key", "action", "heading"),
    [
        ("", "sqs:SendMessage", "Opens 1"),
        ("kms_master_key_id = var.n", "sqs:SendMessage", "May open"),
        ("kms_master_key_id = var.n", "sqs:DeleteMessage", "Opens 1"),
    ],
)
def test_what_needs_a_key_that_is_not_here_may_open(key: str, action: str, heading: str, tmp_path: Path) -> None:
    before = VARIABLE + role("arn:aws:iam::111122223333:root") + f'resource "aws_sqs_queue" "q" {{\n  {key}\n}}\n'
    statement = f'{{ Effect = "Allow", Action = "{action}", Resource = aws_sqs_queue.q.arn }}'
    policy = f"jsonencode({{ Statement = [{statement}] }})"
    after = f'{before}resource "aws_iam_role_policy" "p" {{\n  role = aws_iam_role.r.name\n  policy = {policy}\n}}\n'
    assert first_lines(tmp_path, before, after)[0].startswith(heading)


def test_another_key_that_is_not_here_may_let_more_in_or_less(tmp_path: Path) -> None:
    keys = ('"arn:aws:kms:eu-west-1:111122223333:key/1"', '"arn:aws:kms:eu-west-1:111122223333:key/2"')
    one, other = (topic().replace('name = "t"', f'name = "t"\n  kms_master_key_id = {key}') for key in keys)
    lines = first_lines(tmp_path, one, other)
    assert [each.partition(" ")[0] for each in lines if each.startswith("May ")] == ["May", "May"]
    assert not [each for each in lines if each.startswith(("Opens", "Closes"))]
