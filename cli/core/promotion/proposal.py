"""A promotion as it is worked out, before anything is written."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cli.core.plans.model import Plan
from cli.core.promotion.approvals import Approval
from cli.core.promotion.checks import OVERRIDE_LIFETIME, Gate
from cli.core.promotion.unexplained import Residual
from cli.core.releases.release import Release


@dataclass(frozen=True)
class Step:
    """Whose release comes where."""

    action: Literal["promotion", "rollback"]
    source: str
    """The environment below; of a rollback the environment itself."""
    target: str
    release: Release
    commit: str
    """Where the release was applied from."""


@dataclass(frozen=True)
class Proposal:
    """What a promotion would do, and what stands for and against it."""

    step: Step
    realm: str
    """`aws` or `sandbox`: where it was planned, and whose records are the evidence."""
    evidence: Mapping[str, Any]
    """Sequence, digest and time of the record of the apply."""
    gates: tuple[Gate, ...]
    plan: Plan
    policies: str
    """Digest of the rules and the suppressions by which the plan was judged."""
    residual: Residual
    approvals: tuple[Approval, ...]
    before: bytes
    """The target's file as it is."""
    after: bytes

    def closed(self, overrides: Mapping[str, str]) -> tuple[Gate, ...]:
        """The gates that are shut and that nothing overrides; ``overrides`` are reasons by gate."""
        return tuple(each for each in self.gates if not each.is_open and each.name not in overrides)

    def record(
        self, overrides: Mapping[str, str], acknowledged: bool, by: Mapping[str, str], now: datetime.datetime
    ) -> Mapping[str, Any]:
        """What the log says of it."""
        shut = {each.name for each in self.gates if not each.is_open}
        if self.residual.unlike:
            shut.add("residual")
        return {
            "deed": self.step.action,
            "environment": self.step.target,
            "from": self.step.source,
            "realm": self.realm,
            "at": now.isoformat(timespec="seconds"),
            "by": dict(by),
            "release": self.step.release.as_data(),
            "commit": self.step.commit,
            "evidence": dict(self.evidence),
            "gates": {each.name: {"open": each.is_open, "why": each.text} for each in self.gates},
            "policies": self.policies,
            "plan": self.plan.digest(),
            "residual": {
                "id": self.residual.id,
                "resources": len(self.residual.unlike),
                "of_sizes": self.residual.of_sizes,
                "acknowledged": acknowledged,
            },
            "approvals": [
                {"who": each.who, "tag": each.tag, "object": each.object, "signed": each.is_signed}
                for each in self.approvals
            ],
            "overrides": [
                {"gate": gate, "reason": reason, "expires": (now + OVERRIDE_LIFETIME).isoformat(timespec="seconds")}
                for gate, reason in sorted(overrides.items())
                if gate in shut
            ],
        }
