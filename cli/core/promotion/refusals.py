"""Why a promotion does not happen: each reason with its own name, message and exit code."""

from __future__ import annotations

from cli.core.base.errors import ExitCode, InfraError, Refusal


class NoSuchStep(Refusal):
    """The two environments do not follow each other in the chain."""

    kind = "no-such-step"


class GatesClosed(Refusal):
    """A gate does not let the release through, and nothing overrides it."""

    kind = "gates-closed"


class NotAcknowledged(Refusal):
    """The plan does something else than what was tried in the environment below, and nobody acknowledged it."""

    kind = "not-acknowledged"


class NoRelease(Refusal):
    """There is no release of that id, or none to go back to."""

    kind = "no-release"


class NotRewritable(Refusal):
    """The environment's file is written in a form in which a release cannot be put."""

    kind = "not-rewritable"


class FileMoved(Refusal):
    """The environment's file was changed while the promotion was worked out."""

    kind = "file-moved"
    exit_code = ExitCode.STALE


class Running(InfraError):
    """Another promotion is under way."""

    kind = "running"
    exit_code = ExitCode.LOCKED
