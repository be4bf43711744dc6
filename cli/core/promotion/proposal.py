"""A promotion or a rollback before anything is written."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from cli.core.base.project import RECORDS
from cli.core.base.target import Target
from cli.core.operations.overrides import recorded
from cli.core.plans.model import Plan
from cli.core.promotion.approvals import Approval
from cli.core.promotion.checks import Check
from cli.core.promotion.comparison import Comparison
from cli.core.records import Record
from cli.core.records.model import (
    ApplyRecord,
    ApprovalData,
    CheckData,
    EvidenceData,
    Operator,
    PromotionRecord,
    ReleaseData,
    UnexplainedChanges,
)
from cli.core.releases.release import Release


@dataclass(frozen=True)
class Step:
    """A release on its way from one environment to another."""

    source: str
    """Of a rollback, the target itself."""
    target: str
    release: Release
    commit: str
    """The commit that the release was applied from."""

    @property
    def kind(self) -> Literal["promotion", "rollback"]:
        """`promotion` or `rollback`."""
        return "rollback" if self.source == self.target else "promotion"


@dataclass(frozen=True)
class Decision:
    """What the operator decided about a proposal."""

    overrides: Mapping[str, str] = field(default_factory=dict)
    """The reason by overridden gate."""
    acknowledged: str = ""
    """The id of the unexplained changes that are intended; empty for none."""
    branch: str | None = None
    """The git branch to commit to."""

    def acknowledging(self, proposal: Proposal) -> Decision:
        """This decision, with the proposal's unexplained changes acknowledged."""
        return replace(self, acknowledged=proposal.comparison.id)


@dataclass(frozen=True)
class Proposal:
    """The effect of a promotion, and the evidence for and against it."""

    step: Step
    planned_on: Target
    """Where it was planned, and whose records are the evidence."""
    evidence: Record[ApplyRecord] | None
    """The record of the apply."""
    checks: tuple[Check, ...]
    plan: Plan
    previewed: ReleaseData
    """The release that the plan is of: of a rollback, the values of then with the code of now."""
    policies_digest: str
    """The digest of the rules and suppressions that the plan was checked with."""
    comparison: Comparison
    approvals: Mapping[Approval, bool]
    """The approvals, and whether each counts."""
    before: bytes
    """The target's file as it is."""
    after: bytes
    proof: str = ""
    """The digest of the proof by which unexplained changes pass; empty where none does."""

    def needs_acknowledgement(self, overrides: Mapping[str, str]) -> bool:
        """Whether there are unexplained changes that nothing overrides and no proof lets pass."""
        return bool(self.comparison.unexplained) and not self.proof and "unexplained" not in overrides

    def record(self, decision: Decision, by: Operator, now: datetime.datetime) -> PromotionRecord:
        """The record for the log."""
        step, comparison = self.step, self.comparison
        closed = {check.name for check in self.checks if not check.is_open}
        if comparison.unexplained and not self.proof:
            closed.add("unexplained")
        return PromotionRecord(
            kind=step.kind,
            environment=step.target,
            source=step.source,
            target=self.planned_on,
            at=now,
            by=by,
            release=self.previewed,
            commit=step.commit,
            evidence=self._evidence(),
            checks={check.name: CheckData(is_open=check.is_open, text=check.text) for check in self.checks},
            policies=self.policies_digest,
            plan=self.plan.digest(),
            unexplained=UnexplainedChanges(
                id=comparison.id,
                changes=len(comparison.unexplained),
                explained=comparison.explained,
                acknowledged=self.needs_acknowledgement(decision.overrides),
                proof=self.proof,
            ),
            approvals=tuple(
                ApprovalData(
                    who=each.who,
                    tag=each.tag,
                    object=each.object,
                    signed=each.is_signed,
                    record=each.record,
                    counted=is_counted,
                )
                for each, is_counted in self.approvals.items()
            ),
            overrides=recorded(decision.overrides, closed, now),
        )

    def _evidence(self) -> EvidenceData | None:
        record = self.evidence
        if record is None:
            return None
        return EvidenceData(
            records=f"{RECORDS}/{self.step.source}",
            sequence=record.sequence,
            digest=record.digest,
            finished=record.data.finished,
        )
