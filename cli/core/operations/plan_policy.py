"""The policy gate on a stack's Terraform, and on the plan that was made of it.

A plan has no suppressions, and of text with references in it, such as a policy, it has nothing before it is applied and
only the result afterwards; the Terraform has both. So a finding on the plan is suppressed where the same finding on the
Terraform is; and where a rule says that it cannot tell because such a value is not known, its verdict on the Terraform
stands. That goes for every policy, since checkov reads those of plans and of Terraform in different ways (CKV_AWS_385
takes the own account for another one in plans only). Everything else counts. What the Terraform does not set, and the
provider only reads back from other resources (the rules of a security group, at the group), is left out: it is judged
where it is set.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cli.core.base.addresses import declared
from cli.core.base.errors import InfraError
from cli.core.gate.gate import Gate
from cli.core.gate.model import Checked, Finding, Outcome, Selection, Suppressed, Target
from cli.core.gate.report import renderer
from cli.core.plans.values import is_marked
from policies.library.documents import POLICY_ATTRIBUTES

_UNDECIDED = "unknown until applied"
"""How our rules begin to say that a value is not known, see `policies.library.rule`."""


class PolicyGateFailed(InfraError):
    """The gate does not pass. The command shows the outcome and ends with its code."""

    def __init__(self, outcome: Outcome, on: str) -> None:
        super().__init__(f"the policy gate does not pass on {on}")
        self.outcome = outcome
        self.exit_code = outcome.exit_code

    def report(self, *, is_json: bool) -> str:
        """The outcome of the gate."""
        return renderer("json" if is_json else "table")(self.outcome)


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
    """The outcome, if it passes. Raises `PolicyGateFailed`."""
    if outcome.exit_code != 0:
        raise PolicyGateFailed(outcome, on)
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


def for_gate(plan: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """A plan with what the rules can judge on it: without what is only read back or was there before, and with text
    that has references in it as not known."""
    planned_values = json.loads(json.dumps(plan.get("planned_values") or {}))
    bodies = document.get("resource") or {}
    templates: dict[str, frozenset[str]] = {}
    for resource in _planned(planned_values.get("root_module") or {}):
        type_, _, name = declared(resource["address"]).partition(".")
        written = (bodies.get(type_) or {}).get(name)
        if resource.get("mode") != "managed" or written is None:
            continue
        values = resource.get("values") or {}
        composed = frozenset(name for name in written if _is_composed(written[name]) or name in POLICY_ATTRIBUTES)
        templates[resource["address"]] = composed
        for argument in list(values):
            is_read_back = argument not in written and (
                isinstance(values[argument], list) or argument in POLICY_ATTRIBUTES
            )
            if is_read_back or argument in composed:
                del values[argument]
    changes = plan.get("resource_changes") or ()
    before = ((plan.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
    return {
        **{name: part for name, part in plan.items() if name not in _BEFORE},
        "planned_values": planned_values,
        "resource_changes": [_with_unknown(change, templates.get(change["address"], ())) for change in changes],
        "prior_state": {"values": {"root_module": _data_only(before)}},
    }


_BEFORE = ("resource_drift", "relevant_attributes")
"""Parts of a plan about how things were; half of it, where everything stands."""


def _with_unknown(change: Mapping[str, Any], names: Collection[str]) -> Mapping[str, Any]:
    """A resource's change in which some arguments are not known."""
    unknown = change["change"].get("after_unknown")
    if not names or not isinstance(unknown, Mapping):
        return change
    return {**change, "change": {**change["change"], "after_unknown": {**unknown, **dict.fromkeys(names, True)}}}


def _data_only(module: Mapping[str, Any]) -> Mapping[str, Any]:
    """A module of the state, and those below it, with what was read and without what was made."""
    resources = [each for each in module.get("resources") or () if each.get("mode") == "data"]
    return {**module, "resources": resources, "child_modules": list(map(_data_only, module.get("child_modules") or ()))}


_REFERENCE = re.compile(r"\$\{[^}]*\}")


def _is_composed(value: Any) -> bool:
    """Whether an argument is text with references in it; one that is a reference and nothing else is not."""
    return isinstance(value, str) and _REFERENCE.search(value) is not None and not _REFERENCE.fullmatch(value)


def _planned(module: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The resources of a planned module, with those of its child modules."""
    yield from module.get("resources") or ()
    for child in module.get("child_modules") or ():
        yield from _planned(child)


def _is_undecided(finding: Finding, unknown: Collection[str]) -> bool:
    """Whether a finding says no more than that a value is not known. checkov's own rules do not say what they miss."""
    if finding.rule.own:
        return bool(finding.details) and all(each.found.startswith(_UNDECIDED) for each in finding.details)
    return finding.at.address in unknown
