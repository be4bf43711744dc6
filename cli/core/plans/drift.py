"""What changed in AWS between two plans, by the state as terraform refreshed it for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cli.core.plans.foreign import foreign, managed
from cli.core.plans.model import Change, Kind
from cli.core.plans.reader import bare_change, construct_paths, drifted, with_foreign, written_arguments
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
        {address: resource for address, resource in managed(plan).items() if address not in imported}
        for plan in (before, now)
    )
    changes = []
    for address in sorted(old.keys() | new.keys()):
        one, other = old.get(address), new.get(address)
        if one is None or other is None:
            kind = Kind.DESTROY if other is None else Kind.CREATE
            changes.append(bare_change(address, (one or other or {})["type"], kind, paths))
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
            changes.append(replace(bare_change(address, other["type"], Kind.UPDATE, paths), attributes=attributes))
    written = written_arguments(document)
    known = foreign(before, written)
    to_come = {address: each for address, each in managed(before).items() if address in imported}
    added = {
        address: tuple(each for each in attributes if each not in known.get(address, ()))
        for address, attributes in foreign(now, written, to_come).items()
    }
    return with_foreign(
        drifted(changes, written), added, {address: each["type"] for address, each in managed(now).items()}, paths
    )


def has_resources(plan: Mapping[str, Any]) -> bool:
    """Whether the state had managed resources when a plan was made."""
    return bool(managed(plan))
