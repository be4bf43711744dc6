"""Why a promotion does not happen: each reason with its own name, message and exit code."""

from __future__ import annotations

from cli.core.base.errors import ExitCode, InfraError


class Refused(InfraError):
    """A promotion does not happen. ``kind`` names the reason for programs."""

    kind = "refused"
    exit_code = ExitCode.REFUSED


class NoSuchStep(Refused):
    """The two environments do not follow each other in the chain."""

    kind = "no-such-step"


class GatesClosed(Refused):
    """A gate does not let the release through, and nothing overrides it."""

    kind = "gates-closed"


class StatefulLoss(Refused):
    """The plan destroys or replaces something that holds data; nothing overrides that."""

    kind = "stateful-loss"


class NotAcknowledged(Refused):
    """The plan does something else than what was tried in the environment below, and nobody acknowledged it."""

    kind = "not-acknowledged"


class NoRelease(Refused):
    """There is no release of that id, or none to go back to."""

    kind = "no-release"


class NotRewritable(Refused):
    """The environment's file is written in a form in which a release cannot be put."""

    kind = "not-rewritable"


class FileMoved(Refused):
    """The environment's file was changed while the promotion was worked out."""

    kind = "file-moved"
    exit_code = ExitCode.STALE


class Running(InfraError):
    """Another promotion is under way."""

    kind = "running"
    exit_code = ExitCode.LOCKED
