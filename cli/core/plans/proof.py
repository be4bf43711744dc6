"""What a plan opens and closes: the state before, and what the plan leads to, compared by their proofs.

What does not change is the same on both sides, with what it refers to as the Terraform writes it. Of what changes, the
state has the values, and what those refer to is told by ids: how they were written nobody knows any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cli.core.base.addresses import declared, module_resources
from cli.core.change.compare import compare
from cli.core.change.model import ChangeProof
from cli.core.change.replacement import Replaced
from cli.core.change.snapshot import Snapshot
from cli.core.change.terms import Terms
from cli.core.plans.reader import construct_paths
from cli.core.plans.references import References
from cli.core.plans.stateful import is_stateful
from policies.library.model import Configuration, Resource
from policies.library.terraform.plan import load_plan


def proof_of(plan: Mapping[str, Any], document: Mapping[str, Any], stack: str, before_terms: Terms) -> ChangeProof:
    """What a plan opens, closes and loosens; where there is nothing before it, everything is new. The state is judged
    by terms of its own."""
    root = ((plan.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
    after = _as_written(load_plan(plan, "the plan"), plan, document)
    paths = construct_paths(document)
    sides = [
        Snapshot(name, (_with_paths(each, paths, stack),), files={"": name}, terms=terms)
        for name, each, terms in (
            ("the state", _before(plan, root, after), before_terms),
            ("the plan", after, Terms()),
        )
    ]
    return compare(sides[0], sides[1], is_stateful, lambda past, _: _replaced(past, plan))


def _replaced(before: Configuration, plan: Mapping[str, Any]) -> Iterator[Replaced]:
    """What a plan makes anew, with what forces it."""
    for each in plan.get("resource_changes") or ():
        resource, change = before.resources.get(each["address"]), each["change"]
        if resource is not None and {"create", "delete"} <= set(change.get("actions") or ()):
            paths = (".".join(str(step) for step in path) for path in change.get("replace_paths") or ())
            yield Replaced(resource, tuple(paths), is_certain=True)


def _as_written(after: Configuration, plan: Mapping[str, Any], document: Mapping[str, Any]) -> Configuration:
    """What the plan leads to, with what is not known before the apply as the Terraform writes it: of a policy that
    names what is not there yet the plan knows nothing, and the Terraform all but the name."""
    references = References(plan, document)
    resources = dict(after.resources)
    for change in plan.get("resource_changes") or ():
        unknown, now = change["change"].get("after_unknown"), resources.get(change["address"])
        type_, _, name = declared(change["address"]).partition(".")
        body = ((document.get("resource") or {}).get(type_) or {}).get(name) or {}
        gaps = [each for each in body if isinstance(unknown, Mapping) and unknown.get(each) is True]
        if now is not None and gaps:
            written = {each: references.resolved(body[each]) for each in gaps}
            resources[change["address"]] = replace(now, attributes={**now.attributes, **written})
    return replace(after, resources=resources)


def _before(plan: Mapping[str, Any], root: Mapping[str, Any], after: Configuration) -> Configuration:
    """The configuration that the state is."""
    if not any(each.get("mode") == "managed" for each in module_resources(root)):
        return replace(after, resources={}, moved={})  # what is looked up is there whatever the plan does
    state = load_plan({"planned_values": {"root_module": root}}, "the state")
    changes = {each.get("previous_address") or each["address"]: each for each in plan.get("resource_changes") or ()}
    return replace(
        after,
        resources={address: _as_it_was(each, changes.get(address), after) for address, each in state.resources.items()},
        moved={},
    )


def _as_it_was(former: Resource, change: Mapping[str, Any] | None, after: Configuration) -> Resource:
    """A resource of the state, with the values that stay as they are from what the plan leads to."""
    now = after.resources.get(change["address"] if change is not None else former.address)
    if now is None:
        return former
    if change is None or change["change"]["actions"] in (["no-op"], ["read"]):
        return replace(now, address=former.address, place=former.place)
    values, unknown = change["change"], change["change"].get("after_unknown")
    past, planned = values.get("before") or {}, values.get("after") or {}
    gaps = unknown if isinstance(unknown, Mapping) else {}
    staying = {
        name: now.attributes[name]
        for name in former.attributes
        if name in now.attributes and past.get(name) == planned.get(name) and not gaps.get(name)
    }
    attributes = {**former.attributes, **staying}
    return replace(now, address=former.address, place=former.place, attributes=attributes)


def _with_paths(configuration: Configuration, paths: Mapping[str, str], stack: str) -> Configuration:
    """A configuration with the construct paths of its resources, by which people call them."""
    return replace(
        configuration,
        resources={
            address: replace(each, construct_path=f"{stack}/{path}") if (path := paths.get(declared(address))) else each
            for address, each in configuration.resources.items()
        },
    )
