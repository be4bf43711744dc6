"""When the sandbox fails or dies: `12`, `s3:PutBucketPolicy` or `s3:PutBucketPolicy:3`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cli.core.base.errors import ExitCode, InfraError

_SPELLING = re.compile(r"(?:(?P<number>[1-9]\d*)|(?P<operation>[a-z0-9-]+:[A-Z]\w+)(?::(?P<nth>[1-9]\d*))?)")


class FaultError(InfraError):
    """A point that cannot be understood."""

    exit_code = ExitCode.USAGE


@dataclass(slots=True)
class Point:
    """Where something is to happen: at the `left`-th change from now, or at the `left`-th call of one operation."""

    operation: str | None
    """Service and operation as in IAM policies, such as `s3:PutBucketPolicy`; None for any that changes something."""
    left: int

    @classmethod
    def read(cls, text: str) -> Point:
        """Read a point. Raises ``FaultError``."""
        match = _SPELLING.fullmatch(text)
        if match is None:
            raise FaultError(
                f"received {text!r}; allowed: a number of changes, such as 12, or an operation and which of its calls, "
                "such as s3:PutBucketPolicy or s3:PutBucketPolicy:3"
            )
        return cls(match["operation"], int(match["number"] or match["nth"] or 1))

    def __str__(self) -> str:
        """As it can be read, counted from now."""
        return f"{self.operation}:{self.left}" if self.operation else str(self.left)

    def passes(self, operation: str, is_change: bool) -> bool:
        """Take note of an operation; whether it is the one."""
        if self.operation == operation or (self.operation is None and is_change):
            self.left -= 1
            return self.left == 0
        return False
