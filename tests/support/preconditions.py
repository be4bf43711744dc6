"""What tests of preconditions share: a stack to be applied, and an account that answers what a test says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cli.core.preconditions.model import NotKnown, Subject
from envs.load import load

AwsAnswers = Mapping[tuple[str, str], Any]
"""Answers by service and operation."""


def subject_of(
    name: str, environment: Mapping[str, Any], bootstrap: Mapping[str, Any] | None = None, **settings: Any
) -> Subject:
    """An environment's settings, some of them replaced, with a Terraform."""
    return Subject(load(name).model_copy(update=settings), environment, bootstrap or {})


class CannedAccount:
    """Gives the answers that it was made with, and no others; a function is called with the request's arguments."""

    is_sandbox = False

    def __init__(self, answers: AwsAnswers, servers: tuple[str, ...] | None = ()) -> None:
        self.account_id = "111111111111"
        self._answers = answers
        self._servers = servers

    def ask(self, service: str, operation: str, *, absent: tuple[str, ...] = (), **arguments: Any) -> Any:
        try:
            answer = self._answers[service, operation]
        except KeyError:
            raise NotKnown(f"{service}:{operation}") from None
        return answer(**arguments) if callable(answer) else answer

    def name_servers(self, domain: str) -> tuple[str, ...]:
        if self._servers is None:
            raise NotKnown("no resolver answers")
        return self._servers
