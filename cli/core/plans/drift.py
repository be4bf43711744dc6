"""What differs between two looks at reality: the state as terraform refreshed it for one plan, and for another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cli.core.base.addresses import declared
from cli.core.plans.model import Change, Kind
from cli.core.plans.reader import construct_paths, drifted, written_arguments
from cli.core.plans.values import differences


def moved_since(before: Mapping[str, Any], now: Mapping[str, Any], document: Mapping[str, Any]) -> tuple[Change, ...]:
    """The resources that are not as they were, given the JSON of two plans; by address.

    Both have the refreshed state as `prior_state`. ``document`` is the Terraform of the first: what it does not set
    does not count. Nor does what the first imports: the state knows it only when that was applied.
    """
    paths = construct_paths(document)
    imported = {each["address"] for each in before.get("resource_changes") or () if each["change"].get("importing")}
    old, new = ({at: each for at, each in _managed(plan).items() if at not in imported} for plan in (before, now))
    found = []
    for address in sorted(old.keys() | new.keys()):
        one, other = old.get(address), new.get(address)
        if one is None or other is None:
            kind = Kind.DESTROY if other is None else Kind.CREATE
            found.append(_change(address, (one or other or {})["type"], kind=kind, paths=paths, attributes=()))
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
            found.append(_change(address, other["type"], kind=Kind.UPDATE, paths=paths, attributes=attributes))
    return drifted(found, written_arguments(document))


def has_resources(plan: Mapping[str, Any]) -> bool:
    """Whether there was anything managed when a plan was made."""
    return bool(_managed(plan))


def _change(address: str, type_: str, kind: Kind, paths: Mapping[str, str], attributes: Any) -> Change:
    path = paths.get(declared(address), "")
    return Change(
        address=address,
        type=type_,
        kind=kind,
        part=path.partition("/")[0] or "-",
        construct_path=path,
        attributes=tuple(attributes),
        reason="",
    )


def _managed(plan: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The managed resources of a plan's refreshed state, by address."""
    root = ((plan.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
    return {each["address"]: each for each in _resources(root) if each.get("mode") == "managed"}


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources") or ()
    for child in module.get("child_modules") or ():
        yield from _resources(child)
