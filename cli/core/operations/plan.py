"""Planning: the gate checks the Terraform, terraform plans, the gate checks the plan, and the plan is saved.

The gate checks the Terraform while terraform initializes; nothing is planned before it has passed.
"""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.core.base.digests import file_digest, json_digest
from cli.core.base.errors import InfraError
from cli.core.base.files import write_whole
from cli.core.base.project import OUTPUT
from cli.core.base.target import Target
from cli.core.change.model import ChangeProof
from cli.core.diff.sides import terms_of
from cli.core.gate.gate import Gate
from cli.core.gate.model import Finding, Outcome, TargetResult
from cli.core.operations.plan_policy import (
    PolicyGateFailed,
    judge_plan,
    plan_target,
    plan_to_judge,
    require,
    terraform_target,
    unknown_addresses,
    with_result,
)
from cli.core.operations.provenance import current_commit, known_commit, policies_digest, settings_digest
from cli.core.operations.state_check import require_state
from cli.core.plans.model import Plan
from cli.core.plans.proof import proof_of
from cli.core.plans.reader import read_plan
from cli.core.plans.saved_plan import LIFETIME, Evidence, SavedPlan, discard_plan, save_plan
from cli.core.records.queries import applied_commit
from cli.core.terraform.cli import Mode, Position
from cli.core.terraform.lockfile import LOCK_FILE, providers
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import Workspace, records_of
from envs.settings import Settings

SHOWN = Path(OUTPUT)
"""Where readers find the Terraform that was checked."""


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A plan, and what the gate says of it."""

    plan: Plan
    saved: SavedPlan | None
    """None when there is nothing to do: then nothing is saved."""
    evidence: Evidence
    undecided: tuple[Finding, ...]
    """What the gate could check on the Terraform only."""
    is_locked: bool
    """Whether the providers' versions are those of the committed lock file."""
    terraform_outcome: Outcome
    """What the gate says of the Terraform."""
    plan_outcome: Outcome
    """What the gate says of the plan."""
    content: Mapping[str, Any]
    """The plan as terraform shows it."""
    document: Mapping[str, Any]
    """The Terraform that it was made from."""

    def proof(self, target: Target) -> ChangeProof | None:
        """What it opens, closes and loosens; None where it does nothing. The state is judged by the claims and settings
        of the commit that was applied to the target last."""
        if self.plan.is_empty:
            return None
        commit = known_commit(applied_commit(records_of(self.plan.environment, target).read(), self.plan.stack))
        return proof_of(self.content, self.document, self.plan.stack, terms_of(self.plan.environment, commit))


@dataclass(frozen=True, slots=True)
class _Initialized:
    """A stack for which terraform init has run."""

    position: Position
    is_locked: bool
    terraform_outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Planned:
    """What terraform planned, and the Terraform that it planned."""

    plan_json: bytes
    configuration: bytes

    def content(self) -> dict[str, Any]:
        """The plan as data."""
        content: dict[str, Any] = json.loads(self.plan_json)
        return content

    def document(self) -> dict[str, Any]:
        """The Terraform as data."""
        document: dict[str, Any] = json.loads(self.configuration)
        return document


def submit_terraform(gate: Gate, settings: Settings, stack: str, synthesized: Path) -> None:
    """Hand the synthesized Terraform of a stack to the gate."""
    gate.add(terraform_target(settings.environment, stack, synthesized, SHOWN))


def check_terraform(gate: Gate, settings: Settings, stack: str, synthesized: Path) -> Outcome:
    """What the gate says of the synthesized Terraform of a stack. Raises `PolicyGateFailed`."""
    submit_terraform(gate, settings, stack, synthesized)
    return require(gate.outcome(is_last=False), f"the Terraform of {stack}")


def make_plan(
    workspace: Workspace,
    gate: Gate,
    options: Options,
    now: datetime.datetime,
    *,
    mode: Mode = "normal",
    is_enforced: bool = True,
) -> PlanResult:
    """Plan a stack whose Terraform was submitted to ``gate``, and save the plan.

    Without ``is_enforced`` a plan that does not pass is made all the same, and the result says so. Raises
    `PolicyGateFailed` when the Terraform or the plan does not pass, and terraform's failures.
    """
    progress = workspace.progress
    progress.step("terraform init")
    initialized = _initialize(workspace, gate, is_enforced=is_enforced)
    with workspace.temporary_plan() as tfplan:
        progress.step("terraform plan")
        workspace.terraform.plan(tfplan, mode=mode, extra=options.arguments)
        tfplan.chmod(0o600)
        progress.step("reading the plan")
        planned = _Planned(workspace.terraform.show(tfplan), workspace.configuration.read_bytes())
        content, document = planned.content(), planned.document()
        progress.step("checking the plan")
        shown = plan_to_judge(content, document)
        with _submitted_plan(gate, workspace, shown):
            plan = read_plan(content, document, environment=workspace.environment, stack=workspace.stack)
            evidence = _evidence(
                workspace, plan, initialized, content=content, mode=mode, arguments=options.arguments, now=now
            )
            outcome = gate.outcome(is_last=False)
        unknown = unknown_addresses(shown, document)
        verdict = judge_plan(_only(outcome), _only(initialized.terraform_outcome), unknown, document)
        plan_outcome = with_result(outcome, verdict.result)
        if is_enforced and mode != "destroy":  # what is destroyed has no rules to keep
            require(plan_outcome, f"the plan of {workspace.stack}")
        if plan.is_empty:
            discard_plan(workspace.saved)
            saved_plan = None
        else:
            saved_plan = save_plan(workspace.saved, tfplan, planned.plan_json, planned.configuration, evidence=evidence)
    return PlanResult(
        plan=plan,
        saved=saved_plan,
        evidence=evidence,
        undecided=verdict.undecided,
        is_locked=initialized.is_locked,
        terraform_outcome=initialized.terraform_outcome,
        plan_outcome=plan_outcome,
        content=content,
        document=document,
    )


def check_again(workspace: Workspace, saved_plan: SavedPlan, synthesized: Path, gate: Gate) -> str:
    """Check the Terraform and a saved plan today; the digest of the policies. Raises `PolicyGateFailed`."""
    document = saved_plan.document()
    shown = plan_to_judge(saved_plan.plan_json(), document)
    submit_terraform(gate, workspace.settings, workspace.stack, synthesized)
    with _submitted_plan(gate, workspace, shown):
        outcome = gate.outcome(is_last=False)
    if outcome.problems:
        raise PolicyGateFailed(outcome, f"the plan of {workspace.stack}")
    terraform, plan = outcome.results
    require(with_result(outcome, terraform), f"the Terraform of {workspace.stack}")
    verdict = judge_plan(plan, terraform, unknown_addresses(shown, document), document)
    require(with_result(outcome, verdict.result), f"the saved plan of {workspace.stack}")
    return policies_digest(outcome, terraform)


def _initialize(workspace: Workspace, gate: Gate, *, is_enforced: bool) -> _Initialized:
    """Run terraform init, and wait for what the gate says of the Terraform. Its findings come before terraform's."""

    def terraform_outcome() -> Outcome:
        outcome = gate.outcome(is_last=False)
        return require(outcome, f"the Terraform of {workspace.stack}") if is_enforced else outcome

    try:
        is_locked = workspace.init()
        position = workspace.terraform.position()
        require_state(workspace, position)
        for address in sorted(workspace.declared_imports() & position.addresses):
            workspace.progress.note(
                f"{address} is in the state of {workspace.stack}: its entry under imports in "
                f"envs/{workspace.environment}.yaml can go"
            )
    except InfraError:
        if is_enforced:
            terraform_outcome()
        raise
    return _Initialized(position, is_locked, terraform_outcome())


@contextlib.contextmanager
def _submitted_plan(gate: Gate, workspace: Workspace, shown: Mapping[str, Any]) -> Iterator[None]:
    """Hand a plan to the gate, in a file that is there until the gate has read it."""
    file = workspace.store / "plan.json"
    try:
        write_whole(file, json.dumps(shown).encode(), owner_only=True)
        gate.add(plan_target(workspace.environment, file))
        yield
    finally:
        file.unlink(missing_ok=True)


def _evidence(
    workspace: Workspace,
    plan: Plan,
    initialized: _Initialized,
    *,
    content: Mapping[str, Any],
    mode: Mode,
    arguments: tuple[str, ...],
    now: datetime.datetime,
) -> Evidence:
    """What the plan was made from."""
    commit = current_commit()
    terraform_outcome = initialized.terraform_outcome
    return Evidence(
        environment=workspace.environment,
        stack=workspace.stack,
        mode=mode,
        settings=settings_digest(workspace.settings),
        synthesis=workspace.synthesis(),
        policies=policies_digest(terraform_outcome, _only(terraform_outcome)),
        commit=commit.id,
        dirty=commit.dirty,
        account_id=workspace.settings.account_id,
        terraform=str(workspace.terraform.program),
        lock_file=file_digest(workspace.directory / LOCK_FILE),
        providers=providers(workspace.directory),
        lineage=initialized.position.lineage,
        serial=initialized.position.serial,
        semantics=plan.digest(),
        content=content_digest(content),
        arguments=arguments,
        created=now,
        expires=now + LIFETIME,
    )


def content_digest(content: Mapping[str, Any]) -> str:
    """The digest of every change in a plan. What stays as it is may have other values at the next look."""
    changes = [
        [change["address"], change.get("previous_address"), change["change"]]
        for change in content.get("resource_changes") or ()
        if change["change"]["actions"] != ["no-op"] or change["change"].get("importing")
    ]
    return json_digest([changes, content.get("output_changes")])


def _only(outcome: Outcome) -> TargetResult:
    """The result for the only target. Raises `PolicyGateFailed` when the gate has none."""
    if len(outcome.results) != 1 or outcome.problems:
        raise PolicyGateFailed(outcome, "its input")
    return outcome.results[0]
