"""What looks like a secret, in texts of any form."""

from __future__ import annotations

import pytest

from cli.core.base.secrets import without_secrets

SECRET = "S3CR3Ts3cr3t"


@pytest.mark.parametrize(
    "text",
    [
        "-var=db_password={}",
        "environment: DB_PASSWORD={}",
        "https://h/p?a=1&token={}",
        "https://bucket/key?X-Amz-Signature={}&b=1",
        "git fetch https://{}@127.0.0.1:9/x.git main",
        "https://user:{}@host/x",
        "https://user:a@{}@host/",
        "https://user:a/{}@host/",
        "git::https://x:{}@example.com/m.git",
        "glpat-{}",
        "github_pat_{}",
        "Authorization: Basic {}==",
        "x --password {} --region us-east-1",
        "api_key: {}",
        "arn: DB_PASSWORD={}",
    ],
)
def test_a_secret_is_not_shown(text: str) -> None:
    shown = without_secrets(text.format(SECRET))
    assert SECRET not in shown
    assert shown.count("(looks like a secret)") == 1
    assert without_secrets(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "source = git@github.com:org/repo.git",
        "operations@meals.example, http://x/",
        "https://sts.amazonaws.com/ and name@example.com",
        "credentials_secret_name: meals/prod/broker",
        "arn:aws:secretsmanager:us-east-1:111111111111:secret:meals/dev/api-??????",
        '{"SecretARN":"arn:aws-cn:secretsmanager:cn-north-1:111111111111:secret:meals/dev/api"}',
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert without_secrets(text) == text
