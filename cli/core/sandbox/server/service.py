"""What the files in `services` are written with."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from moto.core.exceptions import ServiceException

Parameters = Mapping[str, Any]
Result = Mapping[str, Any] | None
"""What an operation returns; None leaves the request to moto."""


@dataclass(frozen=True, slots=True)
class Call:
    """Where an operation was called."""

    account_id: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"


Method = Callable[[Call, Parameters], Result]


class Service:
    """Operations of one service, and the resources they keep.

    An operation is a method named as the operation in snake case; it takes the call and the parameters, and answers
    instead of moto. One named `after_...` runs when moto has answered well, to keep what moto drops. Attributes hold
    plain values only: they are pickled with moto's own.
    """

    name: ClassVar[str]
    """botocore's name of the service."""


def now() -> datetime:
    """The time, for what AWS stamps."""
    return datetime.now(UTC).replace(microsecond=0)


def identifier(prefix: str = "") -> str:
    """An id as AWS makes them."""
    return f"{prefix}{uuid.uuid4().hex[:17]}"


class AwsError(ServiceException):
    """An error of AWS: code and message. A class of ours, because moto infers a service from where its own stand."""


def not_found(what: str, code: str = "ResourceNotFoundException") -> AwsError:
    """The error of a resource that is not there."""
    return AwsError(code, f"{what} does not exist")
