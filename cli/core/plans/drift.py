"""What changed in AWS between two plans, by the state as terraform refreshed it for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cli.core.base.addresses import declared, module_resources
from cli.core.plans.model import Change, Kind
from cli.core.plans.reader import construct_paths, drifted, written_arguments
from cli.core.plans.values import differences


def changed_since(before: Mapping[str, Any], now: Mapping[str, Any], document: Mapping[str, Any]) -> tuple[Change, ...]:
    """The resources that changed between two plans, by address. Each plan is JSON with the refreshed `prior_state`.

    ``document`` is the Terraform of the first plan: arguments that it does not set do not count. Nor do resources that
    the first plan imports: they are not in the state before it is applied.
    """
    paths = construct_paths(document)
    imported = {
        change["address"] for change in before.get("resource_changes") or () if change["change"].get("importing")
    }
    old, new = (
        {address: resource for address, resource in _managed(plan).items() if address not in imported}
        for plan in (before, now)
    )
    changes = []
    for address in sorted(old.keys() | new.keys()):
        one, other = old.get(address), new.get(address)
        if one is None or other is None:
            kind = Kind.DESTROY if other is None else Kind.CREATE
            changes.append(_change(address, (one or other or {})["type"], kind, paths))
            continue
        attributes = differences(
            {
                "before": one["values"],
                "before_sensitive": one.get("sensitive_values"),
                "after": other["values"],
                "after_sensitive": other.get("sensitive_values"),
            }
        )
        if attributes:
            changes.append(replace(_change(address, other["type"], Kind.UPDATE, paths), attributes=attributes))
    return drifted(changes, written_arguments(document))


def has_resources(plan: Mapping[str, Any]) -> bool:
    """Whether the state had managed resources when a plan was made."""
    return bool(_managed(plan))


def _change(address: str, type_: str, kind: Kind, paths: Mapping[str, str]) -> Change:
    path = paths.get(declared(address), "")
    return Change(
        address=address,
        type=type_,
        kind=kind,
        part=path.partition("/")[0] or "-",
        construct_path=path,
        attributes=(),
        reason="",
    )


def _managed(plan: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The managed resources of a plan's refreshed state, by address."""
    root = ((plan.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
    return {resource["address"]: resource for resource in module_resources(root) if resource.get("mode") == "managed"}
