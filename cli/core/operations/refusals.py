"""Why a saved plan is not applied: each reason with its own kind, message and exit code."""

from __future__ import annotations

from cli.core.base.errors import ExitCode, Refusal


class PlanExpired(Refusal, kind="plan-expired", exit_code=ExitCode.STALE):
    """The plan is too old."""


class OtherPlan(Refusal, kind="other-plan", exit_code=ExitCode.STALE):
    """The plan is not the one that was approved."""


class OtherCommit(Refusal, kind="other-commit", exit_code=ExitCode.STALE):
    """The checkout is at another commit, or has other changes, than when the plan was made."""


class DirtyCheckout(Refusal, kind="dirty-checkout"):
    """The checkout has changes that no commit has, or is in no repository: nobody could say what was applied."""


class OtherSettings(Refusal, kind="other-settings", exit_code=ExitCode.STALE):
    """The environment's settings have changed."""


class OtherTerraform(Refusal, kind="other-synthesis", exit_code=ExitCode.STALE):
    """The synthesized Terraform has changed, although the settings are the same."""


class OtherTools(Refusal, kind="other-tools", exit_code=ExitCode.STALE):
    """terraform or a provider has another version."""


class StateMoved(Refusal, kind="state-moved", exit_code=ExitCode.STALE):
    """The state was written after the plan was made."""


class StateLost(Refusal, kind="state-lost"):
    """The state is not the one that the records speak of, or is older: a plan would make once more what there is."""


class RealityDrifted(Refusal, kind="reality-drifted", exit_code=ExitCode.STALE):
    """Something in AWS has changed since the plan was made."""


class NotLocked(Refusal, kind="not-locked"):
    """No lock file says which providers run."""


class StatefulLoss(Refusal, kind="stateful-loss"):
    """The plan destroys or replaces something that holds data, and nobody allowed it."""


class NotTakenOver(Refusal, kind="not-taken-over"):
    """The plan forgets something that the bootstrap stack has not imported yet."""


class NotConfirmed(Refusal, kind="not-confirmed"):
    """Nobody confirmed it."""


class Protected(Refusal, kind="protected"):
    """A protection is on."""
