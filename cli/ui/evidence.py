"""What a promotion goes by: what was done in an environment, and what a release would do to another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cli.core.base.clock import utc_now
from cli.core.base.environments import load_settings
from cli.core.operations.open_stack import OpenStack, open_stack
from cli.core.synthesis.synthesize import synthesize
from cli.ui.terminal import Progress

if TYPE_CHECKING:
    from cli.core.gate.gate import Gate as PolicyGate
    from cli.core.gate.model import Outcome
    from cli.core.plans.model import Plan
    from cli.core.promotion.actions import ResourceActions
    from cli.core.promotion.checks import Gate
    from cli.core.promotion.expected import Sizes
    from cli.core.records import Record
    from cli.core.releases.release import Release
    from cli.core.workspace.options import Options
    from envs.settings import Settings


@dataclass(frozen=True)
class Below:
    """What the environment that a release comes from has to show."""

    gates: tuple[Gate, ...]
    release: Release
    commit: str
    """Where the release was applied from; empty where it was not."""
    record: Record | None
    """Of the apply that is the evidence."""
    actions: ResourceActions
    """What the plan above is to be compared with."""


def below(source: str, target: Settings, policy_gate: PolicyGate, options: Options) -> Below:
    """The evidence of the environment below: its last apply, the gate on it, drift, how long it has run.

    With it goes what all of its applies did since it had the release that the target has applied.
    """
    from cli.core.operations.apply_record import PENDING
    from cli.core.promotion import actions as changes
    from cli.core.promotion import checks as gates
    from cli.core.records import queries as history
    from cli.core.releases.release import read, release
    from cli.core.workspace.workspace import records_of

    settings = load_settings(source)
    with open_stack(source, options, Progress(), settings=settings, is_ephemeral=True) as stack:
        workspace = stack.workspace
        records = workspace.records.read()
        applied = gates.apply(
            source,
            records,
            workspace.stack,
            workspace.synthesis(),
            settings.release.model_dump(mode="json"),
            is_unfinished=(workspace.state_directory / PENDING).exists(),
        )
        policies = _policies(stack, policy_gate)
        drift = _drift(stack, options) if applied.is_open else gates.unseen(source)
        now = release(settings, terraform=str(workspace.terraform.program))
    soak = gates.soak(records, source, target.promotion.soak_hours, utc_now())
    found = (applied, policies, drift, soak)
    if not applied.is_open:
        return Below(found, now, "", None, {})
    record = history.of_stack(records, source)[-1]
    above = records_of(target.environment, options.target).read()
    since = history.done_since(records, source, history.applied_release(above, target.environment))
    actions = changes.composed(map(changes.of_record, since))
    return Below(found, read(record.data["release"]), str(record.data["made_from"]["commit"]), record, actions)


def older(environment: str, release: str | None, policy_gate: PolicyGate, options: Options) -> Below:
    """The evidence of an older release of an environment, with what takes back all that was done since.

    Raises `NoRelease`.
    """
    from cli.core.promotion import actions as changes
    from cli.core.promotion import checks as gates
    from cli.core.promotion.refusals import NoRelease
    from cli.core.records import queries as history
    from cli.core.releases.release import read
    from cli.core.workspace.workspace import records_of

    now = load_settings(environment).release.model_dump(mode="json")
    records = history.of_stack(records_of(environment, options.target).read(), environment)
    applied = [each for each in records if history.is_applied(each)]
    known = {each.data["release"]["id"]: each for each in applied}
    others = [each for each in applied if each.data["release"]["values"] != now]
    found = known.get(release) if release else others[-1] if others else None
    if found is None:
        allowed = ", ".join(known) or "none, for nothing was applied there"
        wanted = f"release {release}" if release else "release older than the one it has"
        raise NoRelease(f"{environment} has no record of an apply of a {wanted}; applied there: {allowed}")
    with open_stack(environment, options, Progress(), is_ephemeral=True) as stack:
        judged = (_policies(stack, policy_gate), _drift(stack, options))
    apply = gates.Gate("apply", True, f"apply of record {found.sequence}, {found.data['finished']}")
    since = map(changes.of_record, (each for each in records if each.sequence > found.sequence))
    return Below(
        (apply, *judged),
        read(found.data["release"]),
        str(found.data["made_from"]["commit"]),
        found,
        changes.undone(changes.composed(since)),
    )


@dataclass(frozen=True)
class Above:
    """What the release would do to the environment that it comes to."""

    plan: Plan
    policies: Gate
    digest: str
    """Of the rules and suppressions."""
    document: Mapping[str, Any]
    """The Terraform of the environment."""


def above(settings: Settings, policy_gate: PolicyGate, options: Options) -> Above:
    """Synthesize, judge and plan an environment with settings that no file has yet. Nothing of it is kept."""
    from cli.core.operations import plan as planning
    from cli.core.promotion.checks import Gate

    with open_stack(
        settings.environment, options, Progress(), gate=policy_gate, settings=settings, is_ephemeral=True
    ) as stack:
        workspace = stack.workspace
        made = planning.plan(workspace, policy_gate, options, stack.progress, utc_now(), is_enforced=False)
        document = json.loads(workspace.configuration.read_bytes())
    judgements = {settings.environment: made.judged, "its plan": made.outcome}
    shut = [f"{what}: {_gate_words(each)}" for what, each in judgements.items() if each.exit_code]
    text = "; ".join(shut) or f"{settings.environment} passes, and so does its plan"
    return Above(made.plan, Gate("policies", not shut, text), made.evidence.policies, document)


def sizes_of(settings: Settings, document: Mapping[str, Any], source: Settings) -> Sizes:
    """What of an environment's Terraform its own identity and sizes bring, compared with those of the one below."""
    from cli.core.base.errors import ExitCode, exit_code
    from cli.core.diff.sides import Present
    from cli.core.promotion.expected import Sizes, sizes
    from envs.ownership import with_own_values

    mine, theirs = settings.model_dump(mode="json"), source.model_dump(mode="json")
    name = settings.environment
    try:
        as_below = Present(name, name, synthesize).synthesized(with_own_values(mine, theirs))
    except Exception as error:
        if exit_code(error) not in (ExitCode.USAGE, ExitCode.SYNTHESIS):
            raise
        return Sizes(problem=str(error))
    return sizes(document, as_below["environment"], mine, theirs)


def _policies(stack: OpenStack, policy_gate: PolicyGate) -> Gate:
    """The gate on what the checkout makes of an environment."""
    from cli.core.operations import plan as planning
    from cli.core.operations.plan_policy import PolicyGateFailed
    from cli.core.promotion.checks import Gate

    settings = stack.workspace.settings
    stack.progress.step(f"{settings.environment}: checking")
    try:
        planning.judge_terraform(policy_gate, settings, stack.workspace.stack, stack.synthesized)
    except PolicyGateFailed as stopped:
        return Gate("policies", False, f"{stopped}: {_gate_words(stopped.outcome)}")
    return Gate("policies", True, f"{settings.environment} passes")


def _drift(stack: OpenStack, options: Options) -> Gate:
    """Whether anything drifted."""
    from cli.core.operations.drift import drift
    from cli.core.promotion.checks import Gate

    changes = drift(stack.workspace, options, stack.progress).changes
    if not changes:
        return Gate("drift", True, "nothing drifted")
    names = ", ".join(each.construct_path or each.address for each in changes[:_MOST])
    resources = "1 resource" if len(changes) == 1 else f"{len(changes)} resources"
    return Gate("drift", False, f"{resources} of {stack.workspace.environment} drifted: {names}")


_MOST = 3
"""Resources that a gate names."""


def _gate_words(outcome: Outcome) -> str:
    """What the gate found, in a few words."""
    if outcome.all_problems:
        return f"the gate could not do its job: {outcome.all_problems[0].kind}"
    rules = sorted({each.rule.id for each in outcome.findings})
    findings = "1 finding" if len(outcome.findings) == 1 else f"{len(outcome.findings)} findings"
    return f"{findings} ({', '.join(rules[:4])})" if rules else "no findings"
