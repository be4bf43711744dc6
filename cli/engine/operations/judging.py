"""The policy gate on a stack's Terraform, and on the plan that was made of it.

A plan has no suppressions and no values that become known only when it is applied; the Terraform has both. So a finding
on the plan is suppressed where the same finding on the Terraform is; and where a rule says that it cannot tell because
a value is not known yet, its verdict on the Terraform, which has the expression, stands. Everything else counts.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cli.engine.errors import InfraError
from cli.engine.gate.addresses import declared
from cli.engine.gate.gate import Gate
from cli.engine.gate.model import Checked, Finding, Outcome, Selection, Suppressed, Target
from cli.engine.plans.values import is_marked

_UNDECIDED = "unknown until applied"
"""How our rules begin to say that a value is not known, see `policies.library.rule`."""


class GateStopped(InfraError):
    """The gate stands against it. The command shows the outcome and ends with its code."""

    def __init__(self, outcome: Outcome, on: str) -> None:
        super().__init__(f"the policy gate does not pass on {on}")
        self.outcome = outcome
        self.on = on


@dataclass(frozen=True, slots=True)
class OnPlan:
    """What came of the gate on a plan."""

    checked: Checked
    left_to_synthesis: tuple[Finding, ...]
    """Verdicts that only the Terraform allows, because the plan does not know the values."""


def open_gate(today: datetime.date) -> Gate:
    """Start the gate, which loads its rules from here on, in its own process."""
    return Gate(Selection(), today)


def terraform_target(environment: str, stack: str, directory: Path, shown: Path) -> Target:
    """A synthesized stack as a target; the reader finds it in ``shown``."""
    root = directory.resolve()
    return Target(environment, "terraform_json", root, (root / "stacks" / stack / "cdk.tf.json",), shown)


def plan_target(environment: str, plan_json: Path) -> Target:
    """A plan as a target."""
    root = plan_json.parent.resolve()
    return Target(f"plan of {environment}", "terraform_plan", root, (root / plan_json.name,), Path())


def require(outcome: Outcome, on: str) -> Outcome:
    """The outcome, if it passes. Raises `GateStopped`."""
    if outcome.exit_code != 0:
        raise GateStopped(outcome, on)
    return outcome


def on_plan(plan: Checked, synthesis: Checked, unknown: Collection[str]) -> OnPlan:
    """The findings on a plan that count. ``unknown`` holds the addresses with values that are not known yet."""
    accepted = {(each.rule.id, declared(each.at.address)): each for each in synthesis.suppressed}
    findings: list[Finding] = []
    left: list[Finding] = []
    suppressed = list(plan.suppressed)
    for finding in plan.findings:
        same = accepted.get((finding.rule.id, declared(finding.at.address)))
        if same is not None:
            suppressed.append(Suppressed(finding.rule, finding.at, same.reason, same.owner, same.expires))
        elif _is_undecided(finding, unknown):
            left.append(finding)
        else:
            findings.append(finding)
    return OnPlan(replace(plan, findings=tuple(findings), suppressed=tuple(suppressed)), tuple(left))


def with_checked(outcome: Outcome, checked: Checked) -> Outcome:
    """An outcome about one target."""
    return replace(outcome, checked=(checked,))


def unknown_addresses(plan: Mapping[str, Any], document: Mapping[str, Any]) -> frozenset[str]:
    """Addresses of the resources with an argument that is written in the Terraform and not known in the plan."""
    found = set()
    for change in plan.get("resource_changes") or ():
        type_, _, name = declared(change["address"]).partition(".")
        written = ((document.get("resource") or {}).get(type_) or {}).get(name) or {}
        unknown = change["change"].get("after_unknown") or {}
        if isinstance(unknown, Mapping) and any(is_marked(unknown.get(argument)) for argument in written):
            found.add(change["address"])
    return frozenset(found)


def _is_undecided(finding: Finding, unknown: Collection[str]) -> bool:
    """Whether a finding says no more than that a value is not known. checkov's own rules do not say what they miss."""
    if finding.rule.own:
        return bool(finding.details) and all(each.found.startswith(_UNDECIDED) for each in finding.details)
    return finding.at.address in unknown
