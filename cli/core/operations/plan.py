"""A plan: the Terraform is judged, planned, judged again as a plan, read, and kept with what it was made from.

The gate looks at the Terraform while terraform gets ready; nothing is planned before it has passed.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.core.base.digests import file_digest
from cli.core.base.errors import InfraError
from cli.core.base.files import write_whole
from cli.core.base.progress import ProgressReporter
from cli.core.base.project import OUTPUT
from cli.core.gate.gate import Gate
from cli.core.gate.model import Checked, Finding, Outcome
from cli.core.operations.evidence import commit, policies_digest, settings_digest
from cli.core.operations.plan_policy import (
    PolicyGateFailed,
    for_gate,
    on_plan,
    plan_target,
    require,
    terraform_target,
    unknown_addresses,
    with_checked,
)
from cli.core.plans import reader as read
from cli.core.plans import saved_plan as saved
from cli.core.plans.model import Plan
from cli.core.plans.saved_plan import LIFETIME, Evidence, SavedPlan
from cli.core.terraform.cli import Mode
from cli.core.terraform.lockfile import LOCK_FILE, providers
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import Workspace
from envs.settings import Settings

SHOWN = Path(OUTPUT)
"""Where readers find the Terraform that was judged."""


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A plan that was made."""

    plan: Plan
    saved: SavedPlan | None
    """None when there is nothing to do: then nothing is kept."""
    left_to_synthesis: tuple[Finding, ...]
    """What the gate could judge on the Terraform only."""
    suppressed: int
    """Findings that are suppressed."""
    providers: Mapping[str, str]
    """Version of each provider, by name."""
    is_locked: bool
    """Whether the providers' versions are those of the committed lock file."""
    evidence: Evidence
    judged: Outcome
    """What the gate said of the Terraform."""
    outcome: Outcome
    """What the gate said of the plan."""


def submit_terraform(gate: Gate, settings: Settings, stack: str, synthesized: Path) -> None:
    """Hand over to the gate what was synthesized."""
    gate.add(terraform_target(settings.environment, stack, synthesized, SHOWN))


def judge_terraform(gate: Gate, settings: Settings, stack: str, synthesized: Path) -> Outcome:
    """What the gate says of what was synthesized. Raises `PolicyGateFailed`."""
    submit_terraform(gate, settings, stack, synthesized)
    return _terraform_passes(gate, stack)


def _terraform_passes(gate: Gate, stack: str) -> Outcome:
    return require(gate.outcome(is_last=False), f"the Terraform of {stack}")


def plan(
    workspace: Workspace,
    gate: Gate,
    options: Options,
    progress: ProgressReporter,
    now: datetime.datetime,
    *,
    mode: Mode = "normal",
    is_enforced: bool = True,
) -> PlanResult:
    """Plan a stack whose Terraform ``gate`` was given.

    Without ``is_enforced`` a plan that does not pass is made all the same, and ``PlanResult`` says so. Raises
    `PolicyGateFailed` when the Terraform or the plan does not pass, and what terraform's errors come to.
    """
    terraform = workspace.terraform
    progress.step("terraform init")
    try:
        is_locked = workspace.init()
        before = terraform.position()
    except InfraError:
        if is_enforced:  # what the gate found is worth more than that terraform is not ready
            _terraform_passes(gate, workspace.stack)
        raise
    judged = _terraform_passes(gate, workspace.stack) if is_enforced else gate.outcome(is_last=False)
    out = workspace.store / "new.tfplan"
    try:
        progress.step("terraform plan")
        terraform.plan(out, mode=mode, extra=options.arguments)
        out.chmod(0o600)
        progress.step("reading the plan")
        plan_json = terraform.show(out)
        content = json.loads(plan_json)
        configuration = workspace.configuration.read_bytes()
        document = json.loads(configuration)
        progress.step("checking the plan")
        shown = for_gate(content, document)
        json_file = workspace.store / "plan.json"
        write_whole(json_file, json.dumps(shown).encode(), owner_only=True)
        gate.add(plan_target(workspace.environment, json_file))
        found = read.read(content, document, environment=workspace.environment, stack=workspace.stack)
        made_from = commit()
        evidence = Evidence(
            environment=workspace.environment,
            stack=workspace.stack,
            mode=mode,
            settings=settings_digest(workspace.settings),
            synthesis=workspace.synthesis(),
            policies=policies_digest(judged, _only(judged)),
            commit=made_from.id,
            dirty=made_from.dirty,
            account_id=workspace.settings.account_id,
            terraform=str(terraform.program),
            lock_file=file_digest(workspace.directory / LOCK_FILE),
            providers=providers(workspace.directory),
            lineage=before.lineage,
            serial=before.serial,
            semantics=found.digest(),
            arguments=options.arguments,
            created=now,
            expires=now + LIFETIME,
        )
        outcome = gate.outcome(is_last=False)
        verdict = on_plan(_only(outcome), _only(judged), unknown_addresses(shown, document))
        outcome = with_checked(outcome, verdict.checked)
        if is_enforced and mode != "destroy":  # what goes has no rules to keep
            require(outcome, f"the plan of {workspace.stack}")
        kept = None
        if found.is_empty:
            saved.discard(workspace.saved)
        else:
            kept = saved.save(workspace.saved, out, plan_json, configuration, evidence)
    finally:
        out.unlink(missing_ok=True)
        (workspace.store / "plan.json").unlink(missing_ok=True)
    suppressed = len(verdict.checked.suppressed)
    return PlanResult(
        found, kept, verdict.left_to_synthesis, suppressed, evidence.providers, is_locked, evidence, judged, outcome
    )


def judge_again(workspace: Workspace, kept: SavedPlan, synthesized: Path, gate: Gate) -> str:
    """The gate on the Terraform and on a saved plan, today; the policies' digest. Raises `PolicyGateFailed`."""
    shown = for_gate(kept.plan_json(), kept.document())
    json_file = workspace.store / "plan.json"
    try:
        gate.add(terraform_target(workspace.environment, workspace.stack, synthesized, SHOWN))
        write_whole(json_file, json.dumps(shown).encode(), owner_only=True)
        gate.add(plan_target(workspace.environment, json_file))
        outcome = gate.outcome(is_last=False)
    finally:
        json_file.unlink(missing_ok=True)
    if outcome.problems:
        raise PolicyGateFailed(outcome, f"the plan of {workspace.stack}")
    judged, planned = outcome.checked
    require(with_checked(outcome, judged), f"the Terraform of {workspace.stack}")
    verdict = on_plan(planned, judged, unknown_addresses(shown, kept.document()))
    require(with_checked(outcome, verdict.checked), f"the saved plan of {workspace.stack}")
    return policies_digest(outcome, judged)


def _only(outcome: Outcome) -> Checked:
    """What came of the only target. Raises `PolicyGateFailed` when the gate did not come so far."""
    if len(outcome.checked) != 1 or outcome.problems:
        raise PolicyGateFailed(outcome, "what it was given")
    return outcome.checked[0]
