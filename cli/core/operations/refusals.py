"""Why a saved plan is not applied: each reason with its own name, message and exit code."""

from __future__ import annotations

from cli.core.base.errors import ExitCode, InfraError


class Refusal(InfraError):
    """A saved plan is not applied."""

    exit_code = ExitCode.STALE


class PlanExpired(Refusal):
    """The plan is too old."""

    kind = "plan-expired"


class OtherCommit(Refusal):
    """The checkout stands somewhere else, or has other changes, than when the plan was made."""

    kind = "other-commit"


class OtherSettings(Refusal):
    """The environment's file says something else."""

    kind = "other-settings"


class OtherTerraform(Refusal):
    """What is synthesized now is something else, although the settings are the same."""

    kind = "other-synthesis"


class OtherTools(Refusal):
    """terraform or a provider has another version."""

    kind = "other-tools"


class StateMoved(Refusal):
    """The state was written since the plan was made."""

    kind = "state-moved"


class RealityDrifted(Refusal):
    """Something in AWS has changed since the plan was made."""

    kind = "reality-drifted"


class StatefulLoss(Refusal):
    """The plan destroys or replaces something that holds data, without leave."""

    kind = "stateful-loss"
    exit_code = ExitCode.REFUSED


class NotConfirmed(Refusal):
    """Nobody confirmed it."""

    kind = "not-confirmed"
    exit_code = ExitCode.REFUSED


class Protected(Refusal):
    """A protection is on."""

    kind = "protected"
    exit_code = ExitCode.REFUSED
