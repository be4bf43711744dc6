"""Why a saved plan is not applied: each reason with its own kind, message and exit code."""

from __future__ import annotations

from cli.core.base.errors import ExitCode, Refusal


class PlanExpired(Refusal):
    """The plan is too old."""

    kind = "plan-expired"
    exit_code = ExitCode.STALE


class OtherCommit(Refusal):
    """The checkout is at another commit, or has other changes, than when the plan was made."""

    kind = "other-commit"
    exit_code = ExitCode.STALE


class OtherSettings(Refusal):
    """The environment's settings have changed."""

    kind = "other-settings"
    exit_code = ExitCode.STALE


class OtherTerraform(Refusal):
    """The synthesized Terraform has changed, although the settings are the same."""

    kind = "other-synthesis"
    exit_code = ExitCode.STALE


class OtherTools(Refusal):
    """terraform or a provider has another version."""

    kind = "other-tools"
    exit_code = ExitCode.STALE


class StateMoved(Refusal):
    """The state was written after the plan was made."""

    kind = "state-moved"
    exit_code = ExitCode.STALE


class RealityDrifted(Refusal):
    """Something in AWS has changed since the plan was made."""

    kind = "reality-drifted"
    exit_code = ExitCode.STALE


class StatefulLoss(Refusal):
    """The plan destroys or replaces something that holds data, and nobody allowed it."""

    kind = "stateful-loss"


class NotConfirmed(Refusal):
    """Nobody confirmed it."""

    kind = "not-confirmed"


class Protected(Refusal):
    """A protection is on."""

    kind = "protected"
