"""Previewing the target: the plan of an environment with a release that its file does not have yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cli.core.change.model import ChangeProof
from cli.core.operations.open_stack import open_stack
from cli.core.operations.plan import make_plan
from cli.core.operations.refusals import StatefulLoss
from cli.core.plans.model import Plan
from cli.core.promotion.checks import Check
from cli.core.promotion.source import Context, gate_text
from cli.core.records.model import ReleaseData
from cli.core.releases.release import release
from envs.settings import Settings


@dataclass(frozen=True)
class TargetPreview:
    """What the release would do to the target."""

    plan: Plan
    policies: Check
    policies_digest: str
    """The digest of the rules and suppressions."""
    document: Mapping[str, Any]
    """The target's Terraform."""
    release: ReleaseData
    """What the file will have, made with this checkout: what an apply of the target takes."""
    proof: ChangeProof | None = None
    """What the plan opens and closes, where the settings let a proof speak."""


def preview_target(settings: Settings, context: Context) -> TargetPreview:
    """Synthesize, check and plan the target with ``settings``. Nothing that is written stays.

    Raises `StatefulLoss`, which nothing overrides.
    """
    name = settings.environment
    with open_stack(
        name, context.options, context.progress, gate=context.gate, settings=settings, is_ephemeral=True
    ) as stack:
        result = make_plan(stack.workspace, context.gate, context.options, context.now, is_enforced=False)
        document = json.loads(stack.workspace.configuration.read_bytes())
        proof = result.proof(context.options.target) if settings.promotion.proved_changes_pass else None
        previewed = release(settings, terraform=str(stack.workspace.terraform.program)).as_data()
    outcomes = {name: result.terraform_outcome, "its plan": result.plan_outcome}
    failures = [f"{what}: {gate_text(outcome)}" for what, outcome in outcomes.items() if outcome.exit_code]
    policies = Check("policies", not failures, "; ".join(failures) or f"{name} passes, and so does its plan")
    if result.plan.stateful_losses:
        listed = "".join(f"\n  {address}" for address in result.plan.stateful_losses)
        raise StatefulLoss(
            f"the release destroys or replaces resources of {name} that hold data, and no override allows that:{listed}"
            f"\nIf that is intended, change {name} by hand and apply with --allow-stateful-loss"
        )
    return TargetPreview(
        plan=result.plan,
        policies=policies,
        policies_digest=result.evidence.policies,
        document=document,
        release=previewed,
        proof=proof,
    )
