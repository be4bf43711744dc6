"""Clients of the AWS services of one environment's account, and AWS's errors as messages.

Terraform is not asked here: an upload, or the value of a parameter, is one request of its own.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
from botocore import exceptions
from botocore.config import Config

from cli.core.base.errors import ExitCode, InfraError
from cli.core.base.profiles import profile_of
from cli.core.base.progress import ProgressReporter
from cli.core.base.sessions import aws_session, sandbox_session
from cli.core.base.target import Target
from cli.core.sandbox import rehearsal
from cli.core.terraform.failures import AwsUnreachable, NoCredentials, WrongAccount
from envs.settings import Settings

_ATTEMPTS = 5
"""Attempts of a request on AWS; the sandbox gets one, because loopback answers or is gone."""

_INVALID = frozenset(
    (
        *("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"),
        *("InvalidAccessKeyId", "InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException"),
    )
)
"""Error codes of AWS for credentials that it does not accept."""

_WITHOUT_CREDENTIALS = (
    exceptions.CredentialRetrievalError,
    exceptions.NoCredentialsError,
    exceptions.PartialCredentialsError,
    exceptions.ProfileNotFound,
    exceptions.SSOError,
    exceptions.TokenRetrievalError,
)

_HOW = "use aws sso login and AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


class AwsRefused(InfraError):
    """AWS refused a request, for a reason that nothing else here names."""


@dataclass(frozen=True)
class Account:
    """The account of an environment, with credentials that are known to belong to it."""

    settings: Settings
    target: Target
    session: boto3.session.Session
    endpoint: str | None
    """URL of the sandbox; None on AWS."""

    def client(self, service: str) -> Any:
        """A client of a service in the environment's region."""
        if self.endpoint is None:
            config = Config(retries={"mode": "standard", "total_max_attempts": _ATTEMPTS})
        else:
            config = Config(retries={"total_max_attempts": 1}, proxies={}, s3={"addressing_style": "path"})
        return self.session.client(service, endpoint_url=self.endpoint, config=config)


def open_account(settings: Settings, target: Target, progress: ProgressReporter) -> Account:
    """The account of an environment. Asks AWS whose the credentials are; starts the sandbox where it does not run.

    Raises `NoCredentials`, `WrongAccount`, `AwsUnreachable`, `AwsRefused` and `SandboxError`.
    """
    endpoint = None
    if target is Target.SANDBOX:
        progress.step("starting the sandbox")
        endpoint = rehearsal(settings.environment, settings.account_id).endpoint
    progress.step("asking AWS for the account")
    with aws_errors():
        session = (
            sandbox_session(settings.region)
            if endpoint
            else aws_session(settings.region, profile_of(settings.environment, os.environ))
        )
        account = Account(settings, target, session, endpoint)
        identity = account.client("sts").get_caller_identity()
    if identity["Account"] != settings.account_id:
        raise WrongAccount(
            f"the credentials belong to account {identity['Account']}, which is not the account of "
            f"{settings.environment} ({settings.account_id}): choose others, for example with AWS_PROFILE"
        )
    return account


def error_code(error: exceptions.ClientError) -> str:
    """AWS's error code; of an answer to HEAD, which has no body, the HTTP status."""
    return str(error.response.get("Error", {}).get("Code", ""))


@contextlib.contextmanager
def aws_errors() -> Iterator[None]:
    """Errors of AWS as errors of the toolkit: raises `NoCredentials`, `AwsUnreachable` and `AwsRefused`."""
    try:
        yield
    except _WITHOUT_CREDENTIALS as error:
        raise NoCredentials(f"there are no valid AWS credentials ({error}): {_HOW}") from error
    except (exceptions.HTTPClientError, exceptions.EndpointConnectionError) as error:
        raise AwsUnreachable(f"AWS cannot be reached: {error}") from error
    except exceptions.ClientError as error:
        if error_code(error) in _INVALID:
            raise NoCredentials(f"AWS does not accept the credentials ({error_code(error)}): {_HOW}") from error
        raise AwsRefused(f"AWS refused a request: {error}") from error
    except exceptions.BotoCoreError as error:
        raise AwsRefused(f"a request to AWS failed: {error}") from error


class BucketMissing(InfraError, kind="bucket-missing", exit_code=ExitCode.MISSING):
    """A bucket of the bootstrap stack is not there."""
