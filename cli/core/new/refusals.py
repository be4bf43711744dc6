"""Why nothing was added: the refusals of `infra new`, with their reasons for programs."""

from __future__ import annotations

from cli.core.base.errors import ExitCode, InfraError, Refusal


class BadName(InfraError, kind="bad-name", exit_code=ExitCode.USAGE):
    """A name, or what it refers to, cannot be used."""


class NameTaken(Refusal, kind="name-taken"):
    """There is one of this name already."""


class UncommittedFiles(Refusal, kind="uncommitted-files"):
    """A file that would be changed has changes that git could not give back."""


class DoesNotFit(Refusal, kind="does-not-fit"):
    """The files would not be valid afterwards, or cannot be edited."""


class InterruptedAddition(InfraError, kind="interrupted", exit_code=ExitCode.INTERRUPTED):
    """Ctrl-C came: before anything was written, or after everything was."""


class NotWritten(InfraError, kind="not-written", exit_code=ExitCode.ERROR):
    """The system refused to read or write, such as a full disk or a directory that is read-only."""
