"""Credentials of users that are written into things."""

from __future__ import annotations

import pytest

from tests.support.reading import ReadAccess

KEY = """
resource "aws_iam_user" "u" { name = "u" }
resource "aws_iam_access_key" "k" { user = aws_iam_user.u.name }
"""
SECRET, NO_SECRET = "aws_iam_access_key.k.secret", "aws_iam_access_key.k.id"


@pytest.mark.parametrize("value", [SECRET, f"jsonencode({{ secret = {SECRET} }})", f'"<<${{{SECRET}}}>>"'])
@pytest.mark.parametrize(
    ("key", "main"),
    [
        ("aws_ssm_parameter.t", 'resource "aws_ssm_parameter" "t" {\n  name = "t"\n  value = VALUE\n}'),
        (
            "aws_s3_bucket.t",
            (
                'resource "aws_s3_bucket" "t" { bucket = "t" }\n'
                'resource "aws_s3_object" "o" {\n  bucket = aws_s3_bucket.t.id\n  key = "k"\n  content = VALUE\n}'
            ),
        ),
        (
            "aws_secretsmanager_secret.t",
            (
                'resource "aws_secretsmanager_secret" "t" { name = "t" }\n'
                'resource "aws_secretsmanager_secret_version" "v" {\n'
                "  secret_id = aws_secretsmanager_secret.t.id\n  secret_string = VALUE\n}"
            ),
        ),
        (
            "aws_lambda_function.t",
            (
                'resource "aws_lambda_function" "t" {\n  function_name = "t"\n'
                "  environment {\n    variables = { SECRET = VALUE }\n  }\n}"
            ),
        ),
        ("aws_instance.t", 'resource "aws_instance" "t" { user_data = VALUE }'),
        (
            "aws_dynamodb_table.t",
            (
                'resource "aws_dynamodb_table" "t" { name = "t" }\n'
                'resource "aws_dynamodb_table_item" "i" {\n  table_name = aws_dynamodb_table.t.name\n  item = VALUE\n}'
            ),
        ),
    ],
)
def test_who_reads_a_thing_has_the_credentials_in_it(model: ReadAccess, key: str, main: str, value: str) -> None:
    assert model(KEY + main.replace("VALUE", value)).things[key].holds == ("aws_iam_user.u",)
    assert model(KEY + main.replace("VALUE", NO_SECRET)).things[key].holds == ()
