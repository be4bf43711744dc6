"""What terraform runs against."""

from __future__ import annotations

from enum import StrEnum


class Target(StrEnum):
    """What terraform runs against: AWS, or the sandbox that stands for it on this machine."""

    AWS = "aws"
    SANDBOX = "sandbox"

    @property
    def option(self) -> str:
        """What a command line adds to run against it, with a blank before: ` --sandbox`, or nothing."""
        return " --sandbox" if self is Target.SANDBOX else ""
