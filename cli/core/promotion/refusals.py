"""Why a promotion does not happen: each reason with its own name and message."""

from __future__ import annotations

from cli.core.base.errors import Refusal


class NoSuchStep(Refusal, kind="no-such-step"):
    """The two environments do not follow each other in the chain."""


class GatesClosed(Refusal, kind="gates-closed"):
    """A gate does not let the release through, and nothing overrides it."""


class NotAcknowledged(Refusal, kind="not-acknowledged"):
    """The plan does something else than what was tried in the environment below, and nobody acknowledged it."""


class NoRelease(Refusal, kind="no-release"):
    """There is no release of that id, or none to go back to."""
