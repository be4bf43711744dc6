"""Applying exactly the saved plan, if nothing has changed since it was made, and recording the result."""

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
from cli.core.base.target import Target
from cli.core.gate.gate import Gate
from cli.core.operations.apply_record import ApplyRecorder
from cli.core.operations.plan import check_again, content_digest
from cli.core.operations.provenance import Commit, current_commit, settings_digest
from cli.core.operations.recover import ApplyInterrupted, discard_imports, find_interrupted
from cli.core.operations.refusals import (
    DirtyCheckout,
    NotLocked,
    OtherCommit,
    OtherPlan,
    OtherSettings,
    OtherTerraform,
    OtherTools,
    PlanExpired,
    RealityDrifted,
    StatefulLoss,
    StateMoved,
)
from cli.core.operations.state_check import commands
from cli.core.operations.take_over import moves_to_bootstrap, require_taken_over
from cli.core.plans.drift import changed_since, has_resources
from cli.core.plans.model import Change, Plan
from cli.core.plans.saved_plan import NoPlan, PlanChanged, SavedPlan, discard_plan, load_plan
from cli.core.records import Record
from cli.core.records.model import ApplyRecord, Override
from cli.core.terraform.cli import Applied, Interrupted
from cli.core.terraform.failures import failure
from cli.core.terraform.lockfile import COMMITTED, LOCK_FILE
from cli.core.workspace.workspace import Workspace
from envs.environment_files import COMPANY_FILE
from envs.promotion_chain import PROMOTION_CHAIN
from envs.settings import Settings


def load_saved(workspace: Workspace, now: datetime.datetime) -> SavedPlan:
    """The saved plan, if it is as it was saved and not too old. Raises `NoPlan`, `PlanChanged`, `PlanExpired`."""
    environment = workspace.environment
    saved_plan = load_plan(workspace.saved, environment)
    if saved_plan.evidence.mode != "normal":  # of an infra destroy that was not confirmed
        raise NoPlan(f"there is no saved plan of {environment}: run infra plan {environment}")
    if now >= saved_plan.evidence.expires:
        raise PlanExpired(
            f"the saved plan of {environment} expired on {saved_plan.evidence.expires:%Y-%m-%d at %H:%M} UTC: make "
            f"a new one with infra plan {environment}"
        )
    return saved_plan


def require_plan(saved_plan: SavedPlan, plan_id: str) -> None:
    """Raise `OtherPlan` unless it is the plan of an id."""
    if saved_plan.evidence.id != plan_id:
        raise OtherPlan(
            f"the saved plan of {saved_plan.evidence.environment} is {saved_plan.evidence.id}, and not {plan_id}: what "
            "it does, or what it was made from, has changed since. Look at this one, and apply it"
        )


def check_saved(
    workspace: Workspace,
    saved_plan: SavedPlan,
    synthesized: Path,
    gate: Gate,
    *,
    allowed: Collection[str],
) -> str:
    """Check everything about a saved plan before it is applied; the digest of the policies that it passes.

    ``allowed`` are the addresses of resources with data that may be lost. Raises a `Refusal`, `PolicyGateFailed`, and
    terraform's failures.
    """
    require_same_origin(workspace, saved_plan)
    if workspace.target is Target.AWS:
        require_committed(workspace, saved_plan)
    require_genuine(workspace, saved_plan)
    require_losses_allowed(saved_plan.read(), allowed)
    require_taken_over(saved_plan.read(), workspace.records.read(), moves_to_bootstrap())
    workspace.progress.step("checking the plan")
    policies = check_again(workspace, saved_plan, synthesized, gate)
    require_unmoved(workspace, saved_plan)
    return policies


def require_genuine(workspace: Workspace, saved_plan: SavedPlan) -> None:
    """Raise `PlanChanged` unless what is judged and shown is what terraform is about to apply: `plan.json` and the
    evidence are compared with `tfplan` itself."""
    workspace.progress.step("reading the plan")
    content = json.loads(workspace.terraform.show(saved_plan.plan_file))
    evidence = saved_plan.evidence
    is_shown = content == saved_plan.plan_json()
    if not is_shown or (content_digest(content), saved_plan.read().digest()) != (evidence.content, evidence.semantics):
        wrong = "its evidence" if is_shown else "plan.json"
        raise PlanChanged(
            f"the saved plan of {workspace.environment} was changed after it was saved: {wrong} does not say what "
            f"tfplan does: {_remedy(workspace)}"
        )


def require_same_origin(workspace: Workspace, saved_plan: SavedPlan) -> None:
    """Raise the refusal for the first thing that the plan was made from and that has changed."""
    evidence, remedy = saved_plan.evidence, _remedy(workspace)
    commit, planned_commit = current_commit(), Commit(evidence.commit, evidence.dirty)
    program = str(workspace.terraform.program)
    if settings_digest(workspace.settings) != evidence.settings:
        raise OtherSettings(
            f"envs/{workspace.environment}.yaml, or envs/{COMPANY_FILE}, has changed since the plan was made: {remedy}"
        )
    if commit != planned_commit:
        raise OtherCommit(f"the plan was made at {planned_commit}, and the checkout is at {commit}: {remedy}")
    if workspace.synthesis() != evidence.synthesis:
        raise OtherTerraform(f"the synthesized Terraform has changed since the plan was made: {remedy}")
    if program != evidence.terraform:
        raise OtherTools(f"the plan was made with {evidence.terraform}, and {program} is installed: {remedy}")
    if file_digest(workspace.directory / LOCK_FILE) != evidence.lock_file:
        raise OtherTools(f"the provider versions have changed since the plan was made: {remedy}")


def require_committed(workspace: Workspace, saved_plan: SavedPlan) -> None:
    """Raise `DirtyCheckout` for a plan that was made from anything but a commit; records may have been added.
    `NotLocked` where that commit does not say which providers run."""
    evidence = saved_plan.evidence
    if evidence.dirty or not evidence.commit:
        state = "had changes that no commit has" if evidence.dirty else "is in no git repository"
        raise DirtyCheckout(
            f"the checkout from which {workspace.environment} was planned {state}, and nobody could say later what was "
            f"applied. See git status, commit, and {_remedy(workspace)}"
        )
    if not COMMITTED.is_file():
        raise NotLocked(
            f"there is no {LOCK_FILE}, so {workspace.environment} would get whatever provider is the newest today: run "
            f"infra lock, commit the file, and {_remedy(workspace)}"
        )


def require_losses_allowed(plan: Plan, allowed: Collection[str]) -> None:
    """Raise `StatefulLoss` for resources with data that the plan destroys or replaces, unless they are allowed."""
    lost = [address for address in plan.stateful_losses if address not in allowed]
    if lost:
        listed = "".join(f"\n  --allow-stateful-loss '{address}'" for address in lost)
        raise StatefulLoss(
            f"the plan of {plan.environment} destroys or replaces resources that hold data. To allow it, name each of "
            f"them:{listed}"
        )


def require_unmoved(workspace: Workspace, saved_plan: SavedPlan) -> None:
    """Raise `StateMoved` or `RealityDrifted`; terraform compares every resource with AWS, and changes nothing."""
    evidence, remedy = saved_plan.evidence, _remedy(workspace)
    position = workspace.terraform.position()
    if (position.lineage, position.serial) != (evidence.lineage, evidence.serial):
        planned = f"serial {evidence.serial}" if evidence.lineage else "no state"
        raise StateMoved(
            f"the state of {workspace.environment} has changed since the plan was made ({planned} then, serial "
            f"{position.serial} now): {remedy}"
        )
    plan_json = saved_plan.plan_json()
    if not has_resources(plan_json):
        return
    workspace.progress.step("comparing the plan with AWS")
    with workspace.temporary_plan() as tfplan:
        workspace.terraform.plan(tfplan, mode="refresh-only")
        now = json.loads(workspace.terraform.show(tfplan))
    changes = changed_since(plan_json, now, saved_plan.document())
    if changes:
        listed = "".join(f"\n  {change.address}: {_changed_attributes(change)}" for change in changes)
        raise RealityDrifted(
            f"{len(changes)} of the resources of {workspace.environment} changed in AWS after the plan was made:"
            f"{listed}\n{remedy[0].upper()}{remedy[1:]}"
        )


def apply_plan(
    workspace: Workspace,
    saved_plan: SavedPlan,
    policies: str,
    clock: Callable[[], datetime.datetime],
    *,
    allowed: Sequence[str] = (),
    overrides: tuple[Override, ...] = (),
) -> Record[ApplyRecord]:
    """Apply a saved plan, which is used up by it, and append the record of the result.

    Raises terraform's failures and `Interrupted`, after the record was written.
    """
    recorder = ApplyRecorder.begin(
        workspace,
        saved_plan,
        plan=saved_plan.read(),
        policies=policies,
        clock=clock,
        allowed=tuple(allowed),
        overrides=overrides,
    )
    reporter = _Recording(recorder, workspace.progress)
    applied = replace(workspace.terraform, progress=reporter).apply(saved_plan.plan_file)
    discard_plan(workspace.saved)
    record = recorder.end(applied, workspace.terraform.position)
    if applied.succeeded:
        discard_imports(workspace)
    if applied.interrupted:
        raise Interrupted
    if not applied.succeeded:
        raise _failure(workspace, applied)
    return record


def is_production(settings: Settings) -> bool:
    """Whether applies ask for the environment's name: the last environment of the chain, and protected ones."""
    return settings.environment == PROMOTION_CHAIN[-1] or settings.stateful_protection


class _Recording(ProgressReporter):
    """Adds terraform's events to the record of the apply, and passes them on."""

    def __init__(self, recorder: ApplyRecorder, shown: ProgressReporter) -> None:
        self._recorder = recorder
        self._shown = shown

    def event(self, event: Mapping[str, Any]) -> None:
        self._recorder.note(event)
        self._shown.event(event)

    def interrupted(self, is_passed_on: bool) -> None:
        self._shown.interrupted(is_passed_on)


def _failure(workspace: Workspace, applied: Applied) -> InfraError:
    """Why an apply failed, and what it left behind."""
    program = workspace.terraform.program.name
    error = failure(
        f"{program} apply",
        workspace.environment,
        code=applied.code,
        diagnostics=applied.diagnostics,
        stderr=applied.errors,
    )
    try:
        interrupted = find_interrupted(workspace)
    except InfraError:  # AWS cannot be asked; the next plan asks again
        return error
    if not interrupted:
        return error
    return ApplyInterrupted(f"{error}\n{interrupted.text(workspace.environment, commands(workspace))}")


def _remedy(workspace: Workspace) -> str:
    """How to go on when a plan is out of date."""
    return f"make a new plan with infra plan {workspace.environment}"


def _changed_attributes(change: Change) -> str:
    """Names of the attributes that changed."""
    return ", ".join(dict.fromkeys(attribute.path for attribute in change.attributes)) or "is gone"
