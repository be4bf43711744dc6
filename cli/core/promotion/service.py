"""A promotion in the order in which it happens; a rollback takes the same steps.

`promote` and `roll_back` observe the source, preview the target, compare the two and evaluate the checks. They write
nothing and return a `Proposal`. `write` requires that it may go on, locks the log, and writes the target's file and the
record, both or neither.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Collection, Sequence

from cli.core.base.project import ROOT
from cli.core.operations.provenance import operator
from cli.core.promotion import approvals, checks
from cli.core.promotion.actions import of_plan
from cli.core.promotion.catalog import current_release
from cli.core.promotion.checks import CHECKS, ApprovalRules, Check
from cli.core.promotion.comparison import Comparison, compare, expected_between
from cli.core.promotion.preview import TargetPreview, preview_target
from cli.core.promotion.proposal import Decision, Proposal, Step
from cli.core.promotion.proved import proving
from cli.core.promotion.refusals import GatesClosed, NoSuchStep, NotAcknowledged
from cli.core.promotion.report import as_markdown
from cli.core.promotion.source import Context, SourceEvidence, observe_older, observe_source
from cli.core.records import Record, queries
from cli.core.records.model import LogRecord
from cli.core.releases.edit import with_release
from cli.core.releases.log import promotion_log
from cli.core.releases.rehearsed import edit_of, log_of, settings_of, text_of
from cli.core.releases.release import require_resolved
from cli.core.workspace.workspace import records_of
from envs import load
from envs.promotion_chain import PROMOTION_CHAIN
from envs.settings import Settings


def promote(source: str, target: str, context: Context) -> Proposal | None:
    """Propose the release of one environment for the next one; None if that has it already.

    Raises `UnknownEnvironment`, `NoSuchStep`, `NotResolved`, `StatefulLoss`, and what the steps raise.
    """
    where = context.options.target
    source_settings, target_settings = settings_of(source, where), settings_of(target, where)
    require_next(source, target)
    if source_settings.release == target_settings.release and _is_promoted(source, target, context):
        return None
    require_resolved(source_settings)
    evidence = observe_source(source_settings, target_settings, context)
    return _propose(source_settings, target_settings, evidence, context)


def _is_promoted(source: str, target: str, context: Context) -> bool:
    """Whether the last promotion to the target was of what the file and the checkout make of the source."""
    where = context.options.target
    last = queries.last_promotions(log_of(target, where).records(), target, where)
    return [record.data.release.id for record in last] == [current_release(source, where).id]


def roll_back(environment: str, release_id: str | None, context: Context) -> Proposal | None:
    """Propose an older release of an environment, the one before if none is named; None if that is the current one.

    Raises `UnknownEnvironment`, `NoRelease`, `StatefulLoss`, and what the steps raise.
    """
    settings = settings_of(environment, context.options.target)
    evidence = observe_older(settings, release_id, context)
    if evidence.release.values == settings.release.model_dump(mode="json"):
        return None
    return _propose(settings, settings, evidence, context)


def _propose(source: Settings, target: Settings, evidence: SourceEvidence, context: Context) -> Proposal:
    """The steps after the source is observed: edit the file in memory, preview, compare, evaluate the checks."""
    name = target.environment
    where = context.options.target
    text = text_of(name, where)
    before, after = text.encode(), with_release(text, evidence.release.values).encode()
    edited = load.parse(after, environment=name, file=f"envs/{name}.yaml")
    preview = preview_target(edited, context)
    comparison = _compare(source, edited, evidence, preview)
    log, release_id = log_of(name, where).records(), evidence.release.id
    approved = tuple(approvals.read(ROOT, name, release_id))
    rules = _approval_rules(source, target, evidence, log=log, context=context)
    enough = (
        _earlier_approvals(target, evidence, log, context)
        if source.environment == name
        else checks.approvals(approved, rules)
    )
    freezes = queries.freezes_in_force(promotion_log().records(), name, context.now)
    freeze = checks.freeze(name, freezes, release_id)
    results = (*evidence.checks, preview.policies, enough, freeze)
    return Proposal(
        step=Step(source.environment, name, evidence.release, evidence.commit),
        planned_on=where,
        evidence=evidence.record,
        checks=_in_order(results),
        plan=preview.plan,
        previewed=preview.release,
        policies_digest=preview.policies_digest,
        comparison=comparison,
        approvals={approval: not rules.objection(approval) for approval in approved},
        before=before,
        after=after,
        proof=proving(preview.plan, comparison, preview.proof) if comparison.unexplained else "",
    )


def require_open(proposal: Proposal, decision: Decision) -> None:
    """Raise `GatesClosed` for closed gates that nothing overrides."""
    blocking = checks.blocking(proposal.checks, decision.overrides)
    if blocking:
        listed = "".join(f"\n  {check.name}: closed; {check.text}" for check in blocking)
        raise GatesClosed(
            f"{proposal.step.target} cannot take release {proposal.step.release.id} yet:{listed}\n"
            'To override a gate, and have that recorded: --override GATE --reason "..."'
        )


def require_acknowledged(proposal: Proposal, decision: Decision) -> None:
    """Raise `NotAcknowledged` for unexplained changes that nobody acknowledged by their id."""
    if not proposal.needs_acknowledgement(decision.overrides) or decision.acknowledged == proposal.comparison.id:
        return
    received = f"; received --acknowledge {decision.acknowledged}" if decision.acknowledged else ""
    raise NotAcknowledged(
        f"nobody acknowledged the unexplained changes{received}. If they are intended: --acknowledge "
        f"{proposal.comparison.id} (--yes acknowledges nothing)"
    )


def write(proposal: Proposal, decision: Decision, now: datetime.datetime) -> Record[LogRecord]:
    """Write the target's file and the record, both or neither; of a rehearsal into the directory of the sandbox.

    Raises `GatesClosed`, `NotAcknowledged`, `FileMoved`, `Running`, and `BranchRefused`.
    """
    require_open(proposal, decision)
    require_acknowledged(proposal, decision)
    record = proposal.record(decision, operator(), now)
    target, where = proposal.step.target, proposal.planned_on
    log, branch = log_of(target, where), decision.branch
    edit = edit_of(target, where, proposal.before, proposal.after)
    with log.held():
        if branch is None:
            return log.replace(edit, record)
        message = f"Promote to {target}\n\n{as_markdown(proposal, decision.overrides, result='')}"
        return log.commit(branch, edit, record, message=message)


def require_next(source: str, target: str) -> None:
    """Raise `NoSuchStep` unless the target follows the source in the promotion chain."""
    steps = list(itertools.pairwise(PROMOTION_CHAIN))
    if (source, target) not in steps:
        allowed = ", ".join(f"{first} to {second}" for first, second in steps)
        raise NoSuchStep(f"received {source} to {target}; a release climbs one step at a time: {allowed}")


def _compare(source: Settings, target: Settings, evidence: SourceEvidence, preview: TargetPreview) -> Comparison:
    """The changes of the plan that the source has not seen, without those that size and identity explain."""
    planned = of_plan(preview.plan)
    comparison = compare(planned, evidence.actions)
    if not comparison.unexplained or source.environment == target.environment:
        return comparison
    return compare(planned, evidence.actions, expected_between(target, preview.document, source))


def _approval_rules(
    source: Settings,
    target: Settings,
    evidence: SourceEvidence,
    log: Sequence[Record[LogRecord]],
    context: Context,
) -> ApprovalRules:
    """What approvals are held against."""
    name, source_name, rules, where = target.environment, source.environment, target.promotion, context.options.target
    before = queries.last_promotions(log, name, where)
    since = before[0].data.commit if len(before) == 1 else ""
    return ApprovalRules(
        needed=rules.approvals,
        is_signed=rules.signed_approvals,
        authors=approvals.authors(ROOT, source_name, since, evidence.commit),
        applies=approvals.looked_at(records_of(source_name, where).read(), source_name, evidence.release.id),
        destroyed=_destroyed(name, context),
        now=context.now,
    )


def _earlier_approvals(
    target: Settings, evidence: SourceEvidence, log: Sequence[Record[LogRecord]], context: Context
) -> Check:
    """Whether a release that comes back was approved when it was promoted."""
    name = target.environment
    promotions = queries.promotions_of(log, name, context.options.target, evidence.release.id)
    return checks.earlier_approvals(
        target.promotion.approvals, promotions[-1] if promotions else None, _destroyed(name, context)
    )


def _destroyed(name: str, context: Context) -> datetime.datetime | None:
    """When an environment was destroyed last, at least in part."""
    destroy = queries.last_destroy(records_of(name, context.options.target).read(), name)
    return destroy.data.finished if destroy else None


def _in_order(results: Collection[Check]) -> tuple[Check, ...]:
    """One result per check, in the order of `CHECKS`; of two results the closed one counts."""
    by_name: dict[str, Check] = {}
    for result in results:
        if result.name not in by_name or by_name[result.name].is_open:
            by_name[result.name] = result
    return tuple(by_name[name] for name in CHECKS if name in by_name)
