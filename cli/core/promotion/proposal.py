"""A promotion or a rollback before anything is written."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cli.core.plans.model import Plan
from cli.core.promotion.approvals import Approval
from cli.core.promotion.checks import Check
from cli.core.promotion.unexplained import Comparison
from cli.core.records import Record
from cli.core.releases.release import Release

OVERRIDE_LIFETIME = datetime.timedelta(days=7)
"""How long `infra status` shows an override, so that what it skipped is made up for."""


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
    def kind(self) -> str:
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
    is_sandbox: bool
    """Whether it was planned in the sandbox, whose records are then the evidence."""
    evidence: Record | None
    """The record of the apply."""
    checks: tuple[Check, ...]
    plan: Plan
    policies_digest: str
    """The digest of the rules and suppressions that the plan was checked with."""
    comparison: Comparison
    approvals: tuple[Approval, ...]
    before: bytes
    """The target's file as it is."""
    after: bytes

    def closed(self, overrides: Mapping[str, str]) -> tuple[Check, ...]:
        """The closed checks that nothing overrides."""
        return tuple(check for check in self.checks if not check.is_open and check.name not in overrides)

    def needs_acknowledgement(self, overrides: Mapping[str, str]) -> bool:
        """Whether there are unexplained changes that nothing overrides."""
        return bool(self.comparison.unexplained) and "unexplained" not in overrides

    def record(self, decision: Decision, by: Mapping[str, str], now: datetime.datetime) -> Mapping[str, Any]:
        """The record for the log."""
        shut = {check.name for check in self.checks if not check.is_open}
        if self.comparison.unexplained:
            shut.add("unexplained")
        evidence = self.evidence
        return {
            "deed": self.step.kind,
            "environment": self.step.target,
            "from": self.step.source,
            "realm": "sandbox" if self.is_sandbox else "aws",
            "at": now.isoformat(timespec="seconds"),
            "by": dict(by),
            "release": self.step.release.as_data(),
            "commit": self.step.commit,
            "evidence": {
                "records": f"records/{self.step.source}",
                "sequence": evidence.sequence,
                "digest": evidence.digest,
                "finished": evidence.data["finished"],
            }
            if evidence
            else {},
            "gates": {check.name: {"open": check.is_open, "why": check.text} for check in self.checks},
            "policies": self.policies_digest,
            "plan": self.plan.digest(),
            "residual": {
                "id": self.comparison.id,
                "resources": len(self.comparison.unexplained),
                "of_sizes": self.comparison.explained,
                "acknowledged": self.needs_acknowledgement(decision.overrides),
            },
            "approvals": [
                {"who": approval.who, "tag": approval.tag, "object": approval.object, "signed": approval.is_signed}
                for approval in self.approvals
            ],
            "overrides": [
                {"gate": gate, "reason": reason, "expires": (now + OVERRIDE_LIFETIME).isoformat(timespec="seconds")}
                for gate, reason in sorted(decision.overrides.items())
                if gate in shut
            ],
        }
