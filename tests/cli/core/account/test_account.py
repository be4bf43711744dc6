"""Asking AWS with the right credentials, and what is said about others."""

from __future__ import annotations

import os

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from cli.core.account.account import Account, AwsRefused, aws_errors, open_account
from cli.core.base.errors import ExitCode, InfraError
from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.terraform.failures import AwsUnreachable, NoCredentials, WrongAccount
from envs.load import load


@pytest.fixture
def _no_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has nothing of AWS."""
    for name in os.environ:
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)


def test_the_sandbox_is_asked_whatever_the_shell_has(account: Account) -> None:
    assert account.client("sts").get_caller_identity()["Account"] == "111111111111"
    assert account.client("ssm").meta.region_name == "us-east-1"


@pytest.mark.usefixtures("_no_aws")
def test_another_account_is_refused(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    assert account.endpoint is not None
    variables = {"AWS_ENDPOINT_URL": account.endpoint, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert open_account(load("dev"), Target.AWS, ProgressReporter()).endpoint is None
    with pytest.raises(WrongAccount, match=r"belong to account 1{12}, which is not the account of staging \(2{12}\)"):
        open_account(load("staging"), Target.AWS, ProgressReporter())


@pytest.mark.usefixtures("_no_aws")
def test_no_credentials_are_reported_with_the_remedy() -> None:
    with pytest.raises(NoCredentials, match="use aws sso login and AWS_PROFILE") as caught:
        open_account(load("dev"), Target.AWS, ProgressReporter())
    assert caught.value.exit_code == ExitCode.MISSING


@pytest.mark.usefixtures("_no_aws")
def test_a_profile_that_is_not_there_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nowhere")
    with pytest.raises(NoCredentials, match="nowhere"):
        open_account(load("dev"), Target.AWS, ProgressReporter())


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (NoCredentialsError(), NoCredentials),
        (EndpointConnectionError(endpoint_url="https://s3"), AwsUnreachable),
        (ClientError({"Error": {"Code": "ExpiredToken"}}, "HeadBucket"), NoCredentials),
        (ClientError({"Error": {"Code": "AccessDenied"}}, "PutObject"), AwsRefused),
    ],
)
def test_errors_of_aws_are_told_apart(error: Exception, expected: type[InfraError]) -> None:
    with pytest.raises(expected), aws_errors():
        raise error
