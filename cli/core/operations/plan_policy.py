"""The policy gate on a stack's Terraform, and on the plan that was made of it.

Each of the two knows less than the other. A plan has no suppressions. Of text with references in it, such as a policy,
a plan has nothing before the apply, and only the result after it. So:

- A finding on the plan is suppressed where the same finding on the Terraform is.
- Where a rule cannot decide on the plan because a value is unknown, its verdict on the Terraform stands. This holds for
  every policy: checkov reads policies in plans and in Terraform in different ways (CKV_AWS_385 takes the own account
  for another one in plans only).
- What the Terraform does not set, and the provider only reads back from other resources (such as the rules of a
  security group, at the group), is not judged on the plan: it is judged where it is set.
- Every other finding counts.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cli.core.base.addresses import declared, module_resources
from cli.core.base.errors import InfraError
from cli.core.base.source_lines import source_lines
from cli.core.gate.gate import Gate
from cli.core.gate.model import Finding, Outcome, Target, TargetResult
from cli.core.gate.report import renderer
from cli.core.plans.values import is_marked
from policies.library.documents import POLICY_ATTRIBUTES


class PolicyGateFailed(InfraError):
    """The gate does not pass. The command shows the outcome and ends with its code."""

    def __init__(self, outcome: Outcome, on: str) -> None:
        super().__init__(f"the policy gate does not pass on {on}")
        self.outcome = outcome
        self.exit_code = outcome.exit_code

    def report(self, form: str) -> str:
        """The outcome of the gate."""
        return renderer(form)(self.outcome)


@dataclass(frozen=True, slots=True)
class PlanVerdict:
    """The verdict of the gate on a plan."""

    result: TargetResult
    undecided: tuple[Finding, ...]
    """Findings that do not count: the plan does not know the values, so the verdict on the Terraform stands."""


def open_gate(today: datetime.date) -> Gate:
    """Start the gate, which loads its rules from here on, in its own process."""
    return Gate(today)


def terraform_target(environment: str, stack: str, directory: Path, shown: Path) -> Target:
    """A synthesized stack as a target; the reader finds it in ``shown``."""
    root = directory.resolve()
    return Target(
        name=environment,
        framework="terraform_json",
        root=root,
        files=(root / "stacks" / stack / "cdk.tf.json",),
        shown=shown,
        is_environment=True,
    )


def plan_target(environment: str, plan_json: Path) -> Target:
    """A plan as a target."""
    root = plan_json.parent.resolve()
    return Target(
        name=f"plan of {environment}",
        framework="terraform_plan",
        root=root,
        files=(root / plan_json.name,),
        shown=Path(),
    )


def require(outcome: Outcome, on: str) -> Outcome:
    """The outcome, if it passes. Raises `PolicyGateFailed`."""
    if outcome.exit_code != 0:
        raise PolicyGateFailed(outcome, on)
    return outcome


def judge_plan(
    plan: TargetResult, terraform: TargetResult, unknown: Collection[str], document: Mapping[str, Any]
) -> PlanVerdict:
    """The findings on a plan that count. ``unknown`` holds the addresses of resources with unknown values, ``document``
    is the Terraform, which knows the Python that makes each resource."""
    lines = source_lines(document)
    accepted = {(finding.rule.id, declared(finding.at.address)): finding for finding in terraform.suppressed}
    findings: list[Finding] = []
    undecided: list[Finding] = []
    suppressed = list(plan.suppressed)
    for finding in plan.findings:
        same = accepted.get((finding.rule.id, declared(finding.at.address)))
        if same is not None:
            suppressed.append(replace(same, rule=finding.rule, at=finding.at))
        elif finding.is_unknown if finding.rule.own else finding.at.address in unknown:  # built-in rules do not say
            undecided.append(finding)
        else:
            at = replace(finding.at, source_lines=lines.get(declared(finding.at.address), ()))
            findings.append(replace(finding, at=at))
    return PlanVerdict(replace(plan, findings=tuple(findings), suppressed=tuple(suppressed)), tuple(undecided))


def with_result(outcome: Outcome, result: TargetResult) -> Outcome:
    """An outcome about one target."""
    return replace(outcome, results=(result,))


def unknown_addresses(plan: Mapping[str, Any], document: Mapping[str, Any]) -> frozenset[str]:
    """Addresses of the resources with an argument that the Terraform sets and the plan does not know."""
    addresses = set()
    for change in plan.get("resource_changes") or ():
        arguments = _body(document, change["address"]) or {}
        unknown = change["change"].get("after_unknown") or {}
        if isinstance(unknown, Mapping) and any(is_marked(unknown.get(argument)) for argument in arguments):
            addresses.add(change["address"])
    return frozenset(addresses)


def plan_to_judge(plan: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """A plan reduced to what the rules can judge.

    Without what the provider only reads back and what was there before; text with references in it is unknown.
    """
    planned_values = json.loads(json.dumps(plan.get("planned_values") or {}))
    changes = plan.get("resource_changes") or ()
    # What terraform forgets stands among the planned resources, without arguments.
    forgotten = {change["address"] for change in changes if change["change"]["actions"] == ["forget"]}
    _remove(planned_values.get("root_module") or {}, forgotten)
    unknown: dict[str, frozenset[str]] = {}
    for resource in module_resources(planned_values.get("root_module") or {}):
        body = _body(document, resource["address"])
        if resource.get("mode") != "managed" or body is None:
            continue
        composed = frozenset(name for name in body if _is_composed(body[name]) or name in POLICY_ATTRIBUTES)
        unknown[resource["address"]] = composed
        values = resource.get("values") or {}
        for name in list(values):
            is_read_back = name not in body and (isinstance(values[name], list) or name in POLICY_ATTRIBUTES)
            if is_read_back or name in composed:
                del values[name]
    before = ((plan.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
    return {
        **{name: part for name, part in plan.items() if name not in _BEFORE},
        "planned_values": planned_values,
        "resource_changes": [
            _with_unknown(change, unknown.get(change["address"], ()))
            for change in changes
            if change["address"] not in forgotten
        ],
        "prior_state": {"values": {"root_module": _data_only(before)}},
    }


_BEFORE = ("resource_drift", "relevant_attributes")
"""Parts of a plan about the state before it; half of a plan without changes."""


def _body(document: Mapping[str, Any], address: str) -> Mapping[str, Any] | None:
    """The arguments of a resource in the Terraform; None if it is not there."""
    type_, _, name = declared(address).partition(".")
    body: Mapping[str, Any] | None = ((document.get("resource") or {}).get(type_) or {}).get(name)
    return body


def _with_unknown(change: Mapping[str, Any], names: Collection[str]) -> Mapping[str, Any]:
    """A resource's change in which some arguments are not known."""
    unknown = change["change"].get("after_unknown")
    if not names or not isinstance(unknown, Mapping):
        return change
    return {**change, "change": {**change["change"], "after_unknown": {**unknown, **dict.fromkeys(names, True)}}}


def _remove(module: dict[str, Any], addresses: Collection[str]) -> None:
    """Take resources out of a module of the planned values, and of those below it."""
    module["resources"] = [each for each in module.get("resources") or () if each["address"] not in addresses]
    for child in module.get("child_modules") or ():
        _remove(child, addresses)


def _data_only(module: Mapping[str, Any]) -> Mapping[str, Any]:
    """A module of the state, and those below it, with what was read and without what was made."""
    resources = [resource for resource in module.get("resources") or () if resource.get("mode") == "data"]
    return {**module, "resources": resources, "child_modules": list(map(_data_only, module.get("child_modules") or ()))}


_REFERENCE = re.compile(r"\$\{[^}]*\}")


def _is_composed(value: Any) -> bool:
    """Whether an argument is text with references in it; one that is a reference and nothing else is not."""
    return isinstance(value, str) and _REFERENCE.search(value) is not None and not _REFERENCE.fullmatch(value)
