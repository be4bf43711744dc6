"""Observing the source of a release: its applies, its policies, its drift. Nothing is written."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from cli.core.base.progress import ProgressReporter
from cli.core.base.project import PROMOTIONS, ROOT
from cli.core.base.target import Target
from cli.core.base.text import count
from cli.core.gate.gate import Gate
from cli.core.gate.model import Outcome
from cli.core.operations.apply_record import PENDING
from cli.core.operations.drift import find_drift
from cli.core.operations.open_stack import OpenStack, open_stack
from cli.core.operations.plan import check_terraform
from cli.core.operations.plan_policy import PolicyGateFailed
from cli.core.promotion import checks
from cli.core.promotion.actions import ResourceActions, composed, of_record, undone
from cli.core.promotion.checks import Check, Source
from cli.core.promotion.refusals import NoRelease
from cli.core.records import Record, anchors, queries
from cli.core.records.model import ApplyRecord, PromotionRecord, StackRecord
from cli.core.releases.log import promotion_log
from cli.core.releases.rehearsed import log_of
from cli.core.releases.release import Release, read, release
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import records_of
from envs.settings import Settings

_MOST_NAMES = 3
"""Resources that a check names."""


@dataclass(frozen=True)
class Context:
    """What every step of a promotion uses."""

    gate: Gate
    options: Options
    progress: ProgressReporter
    now: datetime.datetime


@dataclass(frozen=True)
class SourceEvidence:
    """What speaks for a release, from the environment that it comes from."""

    checks: tuple[Check, ...]
    release: Release
    commit: str
    """The commit that the release was applied from; empty when it was not applied."""
    record: Record[ApplyRecord] | None
    """The apply that is the evidence."""
    actions: ResourceActions
    """The changes that the target's plan is compared with."""


def observe_source(source: Settings, target: Settings, context: Context) -> SourceEvidence:
    """The evidence for a promotion: the last apply of the source, its policies, drift and soak time.

    The actions are those of all applies since the source had the release that the target has now.
    """
    name = source.environment
    with open_stack(name, context.options, context.progress, settings=source, is_ephemeral=True) as stack:
        workspace = stack.workspace
        records = workspace.records.read()
        current = release(source, terraform=str(workspace.terraform.program))
        applied = checks.apply(
            Source(
                name,
                release=current.as_data(),
                synthesis=workspace.synthesis(),
                account_id=source.account_id,
                target=workspace.target,
            ),
            records,
            is_unfinished=(workspace.state_directory / PENDING).exists(),
        )
        policies = _policies(stack, context)
        drifted = _drift(stack, context) if applied.is_open else checks.no_drift_base(name)
        promotions = log_of(target.environment, context.options.target).records()
        last = queries.last_promotions(promotions, target.environment, context.options.target)
        whole = _records(stack, _since_evidence(records, last))
    soak = checks.soak(records, name, target.promotion.soak_hours, context.now)
    servers = tuple(dict.fromkeys((*source.server_names, *target.server_names)))
    results = (applied, whole, checks.artifacts(name, source.release.artifacts, servers), policies, drifted, soak)
    if not applied.is_open:
        return SourceEvidence(checks=results, release=current, commit="", record=None, actions={})
    record = queries.successful_applies(records, name)[-1]
    target_records = records_of(target.environment, context.options.target).read()
    since = queries.done_since(records, name, queries.applied_release(target_records, target.environment))
    return SourceEvidence(
        checks=results,
        release=read(record.data.release),
        commit=record.data.made_from.commit,
        record=record,
        actions=composed(map(of_record, since)),
    )


def observe_older(settings: Settings, release_id: str | None, context: Context) -> SourceEvidence:
    """The evidence for a rollback: an earlier apply of the environment, and the actions that undo what came after it.

    Without ``release_id`` it is the release before the current one. Raises `NoRelease`.
    """
    name = settings.environment
    records = queries.of_stack(records_of(name, context.options.target).read(), name)
    record = _earlier(settings, records, release_id)
    with open_stack(name, context.options, context.progress, is_ephemeral=True) as stack:
        reason = checks.unfit(record, settings.account_id, context.options.target)
        applied = checks.closed_apply(record, reason) if reason else checks.earlier_apply(record)
        results = (applied, _records(stack, records), _policies(stack, context), _drift(stack, context))
    since = (of_record(later) for later in records[records.index(record) + 1 :])
    return SourceEvidence(
        checks=results,
        release=read(record.data.release),
        commit=record.data.made_from.commit,
        record=record,
        actions=undone(composed(since)),
    )


def _earlier(settings: Settings, records: Sequence[Record[StackRecord]], release_id: str | None) -> Record[ApplyRecord]:
    """The apply of the release to go back to. Raises `NoRelease`."""
    name = settings.environment
    known = queries.releases(records, name)
    if release_id is None:
        earlier = queries.apply_before(records, name, settings.release.model_dump(mode="json"))
    else:
        earlier = known[release_id][-1] if release_id in known else None
    if earlier is None:
        allowed = ", ".join(known) or "none, nothing was applied"
        wanted = f"release {release_id}" if release_id else "release older than the one it has"
        raise NoRelease(f"{name} has no record of an apply of a {wanted}; applied there: {allowed}")
    return earlier


def _since_evidence(
    records: Sequence[Record[StackRecord]], promotions: Sequence[Record[PromotionRecord]]
) -> Sequence[Record[StackRecord]]:
    """The records from the evidence of the last promotion on, which were not judged then; all, unless there is one."""
    evidence = promotions[0].data.evidence if len(promotions) == 1 else None
    digests = [record.digest for record in records]
    return records[digests.index(evidence.digest) :] if evidence and evidence.digest in digests else records


def _policies(stack: OpenStack, context: Context) -> Check:
    """Whether the policies pass on the Terraform that the checkout makes of the environment."""
    settings = stack.workspace.settings
    context.progress.step(f"{settings.environment}: checking")
    try:
        check_terraform(context.gate, settings, stack.workspace.stack, stack.synthesized)
    except PolicyGateFailed as failure:
        return Check("policies", False, f"{failure}: {gate_text(failure.outcome)}")
    return Check("policies", True, f"{settings.environment} passes")


def _records(stack: OpenStack, records: Sequence[Record[StackRecord]]) -> Check:
    """Whether the records are whole, by git and by the state. Those before the evidence of the promotion before were
    judged then."""
    workspace = stack.workspace
    workspace.init()
    position = workspace.terraform.position()
    altered = ""
    if workspace.target is Target.AWS:
        name = workspace.environment
        altered = (
            queries.missing_evidence(promotion_log().records(), name, workspace.records.read())
            or anchors.too_early(ROOT, records)
            or anchors.altered(ROOT, name)
            or anchors.altered(ROOT, PROMOTIONS)
        )
    return checks.records(workspace.stack, records, (position.lineage, position.serial), altered)


def _drift(stack: OpenStack, context: Context) -> Check:
    """Whether resources changed outside Terraform."""
    drift = find_drift(stack.workspace, context.options)
    if drift.problem:
        return Check("drift", False, f"not compared: {drift.problem}")
    changes = drift.changes
    if not changes:
        return Check("drift", True, "; ".join(["no drift", *(f"not looked at: {gap}" for gap in drift.gaps)]))
    names = ", ".join(change.construct_path or change.address for change in changes[:_MOST_NAMES])
    return Check("drift", False, f"{count(len(changes), 'resource')} of {stack.workspace.environment} drifted: {names}")


def gate_text(outcome: Outcome) -> str:
    """The outcome of the policy gate in a few words."""
    if outcome.all_problems:
        return f"the scan was incomplete: {outcome.all_problems[0].kind}"
    rules = sorted({finding.rule.id for finding in outcome.findings})
    return f"{count(len(outcome.findings), 'finding')} ({', '.join(rules[:4])})" if rules else "no findings"
