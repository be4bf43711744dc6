"""Exit codes, and the one base class of everything that ends a command with a message."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import IntEnum
from types import MappingProxyType
from typing import Any, ClassVar


class ExitCode(IntEnum):
    """What a command's exit code means, the same for every command. 2 is as in `terraform plan -detailed-exitcode`."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> ExitCode:
        """Make a member from its number and its meaning."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    OK = 0, "done, nothing to report"
    ERROR = 1, "failed; the message says why"
    CHANGES = 2, "done, and there are changes: in a plan, a difference or drift"
    FINDINGS = 3, "findings: something is not allowed, or not as expected"
    GATE = 4, "the policy gate's scan was incomplete; an incomplete scan never passes"
    SETTINGS = 5, "an environment file is invalid"
    SYNTHESIS = 6, "synthesis failed: a construct was refused, or its code raised an error; nothing was written"
    MISSING = 7, "a tool, a package, a credential or a precondition of an apply is missing"
    STALE = 8, "a saved plan or its evidence is out of date; make a new one"
    LOCKED = 9, "another run holds the lock"
    REFUSED = 10, "refused: something is protected, not approved or not confirmed"
    USAGE = 64, "the command line was not understood"
    INTERRUPTED = 130, "interrupted by Ctrl-C"


class InfraError(Exception):
    """Ends a command. The text is for the user: what is wrong, what was found, what is allowed, how to mend it."""

    exit_code: ExitCode = ExitCode.ERROR
    kind: ClassVar[str | None] = None
    """The reason, for programs; None where the exit code says enough."""
    details: Mapping[str, Any] = MappingProxyType({})
    """What programs get beside the reason: what was looked at."""

    def __init_subclass__(cls, *, kind: str | None = None, exit_code: ExitCode | None = None) -> None:
        """What is not given is that of the base class: `class Running(InfraError, kind="running")`."""
        super().__init_subclass__()
        cls.kind = kind or cls.kind
        cls.exit_code = exit_code or cls.exit_code

    def report(self, form: str) -> str:
        """What a command prints as its result, beside the message; empty for nothing. ``form`` is its `--format`."""
        if form != "json":
            return ""
        document = {"refused": self.kind, "message": str(self), "exit_code": int(self.exit_code), **self.details}
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


class Refusal(InfraError, kind="refused", exit_code=ExitCode.REFUSED):
    """A check or a protection stands against it; nothing was changed."""


class NoCheckout(InfraError, kind="no-checkout", exit_code=ExitCode.USAGE):
    """The installed package was asked for what only a checkout has: environments."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason}; the installed package has no environments. Give the path of a directory with Terraform or of a "
            "plan as JSON, or run ./infra in a checkout of the project."
        )


class UnknownEnvironment(InfraError, kind="unknown-environment", exit_code=ExitCode.USAGE):
    """There is no environment of this name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        near = get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        existing = ", ".join(known) or "none; add envs/<name>.yaml"
        super().__init__(f"there is no environment {name!r}. Environments: {existing}.{hint}")


_EXIT_CODES = {
    "envs.errors.SettingsError": ExitCode.SETTINGS,
    "modules.runtime.bindings.BindingsError": ExitCode.MISSING,
    "modules.runtime.errors.ConstructError": ExitCode.SYNTHESIS,
    "modules.runtime.errors.ModuleError": ExitCode.SYNTHESIS,
}
"""Errors of other packages whose text is for the user. By name: to import them here would load the constructs."""


def exit_code(error: BaseException) -> ExitCode | None:
    """The code with which an error ends a command that prints its text; None for a mistake of the toolkit itself."""
    if isinstance(error, InfraError):
        return error.exit_code
    if isinstance(error, OSError | SyntaxError):  # a rule or a construct that Python cannot read
        return ExitCode.ERROR
    return _EXIT_CODES.get(f"{type(error).__module__}.{type(error).__qualname__}")
