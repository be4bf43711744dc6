"""An apply: exactly the saved plan, if nothing has moved since it was made, and a record of what came of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cli.core.base.digests import file_digest
from cli.core.base.errors import InfraError
from cli.core.base.progress import ProgressReporter
from cli.core.gate.gate import Gate
from cli.core.operations import recover as recovery
from cli.core.operations import refusals
from cli.core.operations.apply_record import ApplyRecord
from cli.core.operations.evidence import commit, settings_digest
from cli.core.operations.plan import judge_again
from cli.core.plans import reader as read
from cli.core.plans import saved_plan as saved
from cli.core.plans.drift import has_resources, moved_since
from cli.core.plans.model import Plan
from cli.core.plans.saved_plan import SavedPlan
from cli.core.records import Record
from cli.core.terraform.cli import Applied, Interrupted
from cli.core.terraform.failures import failure
from cli.core.terraform.lockfile import LOCK_FILE
from cli.core.workspace.workspace import Workspace
from envs.settings import Settings

_MOST = 5
"""Things that a message names before it counts the rest."""


def load_saved(workspace: Workspace, now: datetime.datetime) -> SavedPlan:
    """The saved plan, if it is as it was saved and not too old. Raises `NoPlan`, `PlanChanged`, `PlanExpired`."""
    kept = saved.load(workspace.saved, workspace.environment)
    if kept.evidence.mode != "normal":  # left by an infra destroy that was not confirmed
        raise saved.NoPlan(f"there is no saved plan of {workspace.environment}: run infra plan {workspace.environment}")
    if now >= kept.evidence.expires:
        raise refusals.PlanExpired(
            f"the saved plan of {workspace.environment} expired on {kept.evidence.expires:%Y-%m-%d at %H:%M} UTC: make "
            f"a new one with infra plan {workspace.environment}"
        )
    return kept


def require_same_origin(workspace: Workspace, kept: SavedPlan) -> None:
    """Raise the refusal for the first thing that the plan was made from and that is another now."""
    evidence, again = kept.evidence, f"make a new plan with infra plan {workspace.environment}"
    here = commit()
    if settings_digest(workspace.settings) != evidence.settings:
        raise refusals.OtherSettings(
            f"envs/{workspace.environment}.yaml says something else than when the plan was made: {again}"
        )
    if here.id != evidence.commit or here.dirty != evidence.dirty:
        then = replace(here, id=evidence.commit, dirty=evidence.dirty)
        raise refusals.OtherCommit(f"the plan was made at {then}, the checkout stands at {here}: {again}")
    if workspace.synthesis() != evidence.synthesis:
        raise refusals.OtherTerraform(f"what is synthesized now is not what the plan was made from: {again}")
    if str(workspace.terraform.program) != evidence.terraform:
        raise refusals.OtherTools(
            f"the plan was made with {evidence.terraform}, this is {workspace.terraform.program}: {again}"
        )
    if file_digest(workspace.directory / LOCK_FILE) != evidence.lock_file:
        raise refusals.OtherTools(f"the versions of providers are not those that the plan was made with: {again}")


def require_leave(plan: Plan, allowed: Collection[str]) -> None:
    """Raise `StatefulLoss` for what holds data and goes, unless it is named."""
    lost = [address for address in plan.stateful_losses if address not in allowed]
    if lost:
        listed = "".join(f"\n  --allow-stateful-loss '{address}'" for address in lost)
        raise refusals.StatefulLoss(
            f"the plan of {plan.environment} destroys or replaces what holds data. If that is meant, say so for each:"
            f"{listed}"
        )


def require_unmoved(workspace: Workspace, kept: SavedPlan, progress: ProgressReporter) -> None:
    """Raise `StateMoved` or `RealityDrifted`; asks terraform to look at everything, and changes nothing."""
    evidence, again = kept.evidence, f"make a new plan with infra plan {workspace.environment}"
    at = workspace.terraform.position()
    if (at.lineage, at.serial) != (evidence.lineage, evidence.serial):
        was = f"serial {evidence.serial}" if evidence.lineage else "not there yet"
        raise refusals.StateMoved(
            f"the state of {workspace.environment} has changed since the plan was made (it was {was}, it is serial "
            f"{at.serial}): {again}"
        )
    planned = kept.plan_json()
    if not has_resources(planned):
        return
    progress.step("looking whether anything has changed in AWS since")
    out = workspace.store / "look.tfplan"
    try:
        workspace.terraform.plan(out, mode="refresh-only")
        now = json.loads(workspace.terraform.show(out))
    finally:
        out.unlink(missing_ok=True)
    found = moved_since(planned, now, kept.document())
    if found:
        listed = "".join(f"\n  {each.address}: {_what(each.attributes) or 'is gone'}" for each in found[:_MOST])
        rest = f"\n  and {len(found) - _MOST} more" if len(found) > _MOST else ""
        raise refusals.RealityDrifted(
            f"{len(found)} of the resources of {workspace.environment} changed in AWS after the plan was made:"
            f"{listed}{rest}\n{again[0].upper()}{again[1:]}"
        )


def check(
    workspace: Workspace,
    kept: SavedPlan,
    synthesized: Path,
    gate: Gate,
    progress: ProgressReporter,
    allowed: Collection[str],
) -> str:
    """Every check of a saved plan before it is applied; the digest of the policies that it passes.

    Raises a `Refusal`, `PolicyGateFailed`, or what terraform's errors come to.
    """
    require_same_origin(workspace, kept)
    require_leave(read_saved(kept), allowed)
    progress.step("checking the plan")
    policies = judge_again(workspace, kept, synthesized, gate)
    require_unmoved(workspace, kept, progress)
    return policies


def read_saved(kept: SavedPlan) -> Plan:
    """A saved plan, read."""
    evidence = kept.evidence
    return read.read(kept.plan_json(), kept.document(), environment=evidence.environment, stack=evidence.stack)


def apply(
    workspace: Workspace,
    kept: SavedPlan,
    policies: str,
    progress: ProgressReporter,
    clock: Callable[[], datetime.datetime],
    *,
    allowed: Sequence[str] = (),
) -> Record:
    """Apply a saved plan, which is used up by it, and append the record of what came of it.

    Raises, after the record was written, what terraform's errors come to, and `Interrupted`.
    """
    apply_record = ApplyRecord.begin(workspace, kept, read_saved(kept), policies, clock, allowed=tuple(allowed))
    progress.step("terraform apply")
    reporter = _Recording(apply_record, workspace.terraform.progress)
    done = replace(workspace.terraform, progress=reporter).apply(kept.plan_file)
    saved.discard(workspace.saved)
    record = apply_record.end(done, workspace.terraform.position)
    if done.succeeded:
        recovery.done(workspace)
    if done.interrupted:
        raise Interrupted
    if not done.succeeded:
        raise _failed(workspace, done)
    return record


class _Recording(ProgressReporter):
    """Adds terraform's events to the record of the apply, and passes them on."""

    def __init__(self, apply_record: ApplyRecord, shown: ProgressReporter) -> None:
        self._apply_record = apply_record
        self._shown = shown

    def event(self, event: Mapping[str, Any]) -> None:
        self._apply_record.note(event)
        self._shown.event(event)

    def interrupted(self, count: int) -> None:
        self._shown.interrupted(count)


def _failed(workspace: Workspace, done: Applied) -> InfraError:
    """What an apply that failed ends with: why, and what it left behind."""
    program = workspace.terraform.program.name
    error = failure(f"{program} apply", workspace.environment, done.diagnostics, done.errors, done.code)
    try:
        left = recovery.left(workspace)
    except InfraError:  # AWS cannot be asked; the next plan asks again
        return error
    if not left:
        return error
    return recovery.CutOff(f"{error}\n{left.text(workspace.environment, recovery.commands(workspace))}")


def is_production(settings: Settings) -> bool:
    """Whether applies ask for the environment's name: the last environment of the chain, and whatever is protected."""
    from envs.promotion_chain import PROMOTION_CHAIN

    return settings.environment == PROMOTION_CHAIN[-1] or settings.stateful_protection


def _what(attributes: Sequence[Any]) -> str:
    """Names of attributes, not all of them when there are many."""
    names = [each.path for each in attributes]
    rest = [f"{len(names) - _MOST} more"] if len(names) > _MOST else []
    return ", ".join([*names[:_MOST], *rest])
