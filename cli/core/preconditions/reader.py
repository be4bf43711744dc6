"""Asking an account, read-only by construction: a request that is not a read is refused before it is signed.

Reads are known by AWS's verbs for them: Get, List, Describe, Head. A time limit and one retry keep a service that does
not answer from holding up the rest.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError

from cli.core.base.sessions import aws_session, sandbox_session
from cli.core.preconditions.dns import NoAnswer, name_servers
from cli.core.preconditions.model import Body, NotAllowed, NotKnown
from cli.core.terraform.failures import expired_credentials, no_credentials

_READ = re.compile(r"(Get|List|Describe|Head)[A-Z]")

_DENIED = re.compile(r"AccessDenied|Unauthorized|AuthorizationError|NotAuthorized|Forbidden|^403$|OptInRequired")

_EXPIRED = re.compile(r"ExpiredToken|RequestExpired")
_NOT_KNOWN_TO_AWS = re.compile(
    r"InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|AuthFailure|SignatureDoesNot"
)

_CONFIG = Config(
    connect_timeout=3, read_timeout=6, retries={"total_max_attempts": 2, "mode": "standard"}, max_pool_connections=16
)
_SANDBOX_CONFIG = _CONFIG.merge(Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}))


class NotARead(Exception):
    """An operation that could change something: a mistake of the toolkit itself."""


def refuse_changes(model: Any, **_: Any) -> None:
    """Refuse an operation that is not a read; called by botocore before it makes a request."""
    if not _READ.match(model.name):
        raise NotARead(f"{model.service_model.service_name}:{model.name} is not a read")


class AccountReader:
    """Asks one account. Safe to use from several threads."""

    def __init__(
        self, account_id: str, region: str, *, sandbox_endpoint: str | None = None, profile: str | None = None
    ) -> None:
        """Ask AWS, with the credentials that its command line would take, or a profile's, or the sandbox at an
        endpoint. Raises `NoCredentials` when there is no such profile."""
        self.account_id = account_id
        self._endpoint = sandbox_endpoint
        try:
            self._session = sandbox_session(region) if sandbox_endpoint else aws_session(region, profile)
        except ProfileNotFound as error:
            raise no_credentials() from error
        self._session.events.register("before-call", refuse_changes)
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    @property
    def is_sandbox(self) -> bool:
        """Whether the sandbox stands for the account."""
        return self._endpoint is not None

    def ask(self, service: str, operation: str, *, absent: tuple[str, ...] = (), **arguments: Any) -> Body | None:
        """An answer, all pages of it; None for an error whose code is in ``absent``. Raises `NotAllowed`,
        `NotKnown`, and `NoCredentials`."""
        client = self._client(service)
        if not _READ.match(client.meta.method_to_api_mapping[operation]):
            raise NotARead(f"{service}:{client.meta.method_to_api_mapping[operation]} is not a read")
        try:
            return self._complete(client, operation, arguments)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in absent:
                return None
            raise self._without_answer(service, error) from error
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise no_credentials() from error
        except (SSOError, TokenRetrievalError) as error:
            raise expired_credentials() from error
        except (BotoCoreError, ResponseParserError) as error:
            raise self._not_known(f"{service}: {type(error).__name__}") from error

    def name_servers(self, domain: str) -> tuple[str, ...]:
        """The name servers that the public DNS gives for a domain. Raises `NotKnown`."""
        if self.is_sandbox:
            raise NotKnown("not known in the sandbox: its zones are not in the public DNS")
        try:
            return name_servers(domain)
        except NoAnswer as error:
            raise NotKnown(str(error)) from error

    def _client(self, service: str) -> Any:
        with self._lock:  # sessions are not safe to make clients of in several threads
            if service not in self._clients:
                config = _SANDBOX_CONFIG if self._endpoint else _CONFIG
                self._clients[service] = self._session.client(service, endpoint_url=self._endpoint, config=config)
            return self._clients[service]

    def _complete(self, client: Any, operation: str, arguments: Mapping[str, Any]) -> Body:
        call: Callable[..., Body] = getattr(client, operation)
        if not client.can_paginate(operation):
            return call(**arguments)
        answer: Body = client.get_paginator(operation).paginate(**arguments).build_full_result()
        return answer

    def _without_answer(self, service: str, error: ClientError) -> Exception:
        """What an error of AWS means for who asked."""
        code = error.response.get("Error", {}).get("Code", "")
        action = f"{service}:{error.operation_name}"
        if _EXPIRED.search(code):
            return expired_credentials()
        if _NOT_KNOWN_TO_AWS.search(code):
            return no_credentials()
        return NotAllowed(f"{action}: {code}") if _DENIED.search(code) else self._not_known(f"{action}: {code}")

    def _not_known(self, text: str) -> NotKnown:
        return NotKnown(f"not known in the sandbox ({text})" if self._endpoint else f"no answer ({text})")
