"""terraform's plan JSON as a `Plan`. Format: Terraform's "JSON Output Format", "Plan Representation"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from cli.core.base.addresses import declared
from cli.core.base.source_lines import source_lines
from cli.core.plans.access import access
from cli.core.plans.details import detailed
from cli.core.plans.facts import facts
from cli.core.plans.foreign import foreign, managed
from cli.core.plans.model import Access, Attribute, Change, Kind, Plan
from cli.core.plans.names import Names
from cli.core.plans.references import References
from cli.core.plans.servers import image_changes
from cli.core.plans.stateful import is_stateful, loss
from cli.core.plans.values import differences

_REASONS = {
    "replace_because_cannot_update": "",  # the attributes say it
    "replace_because_tainted": "its creation failed half-way",
    "replace_by_request": "asked for with -replace",
    "replace_by_triggers": "asked for by replace_triggered_by",
    "delete_because_no_resource_config": "it is no longer in the Terraform",
    "delete_because_no_module": "its module is no longer in the Terraform",
    "delete_because_wrong_repetition": "its count or for_each was added or removed",
    "delete_because_count_index": "its count became lower",
    "delete_because_each_key": "its key is no longer in for_each",
    "delete_because_no_move_target": "it was moved to something that is not in the Terraform",
}
_ORDER = (Kind.DESTROY, Kind.REPLACE)


def read_plan(plan: Mapping[str, Any], document: Mapping[str, Any], *, environment: str, stack: str) -> Plan:
    """A plan, given the synthesized Terraform (`cdk.tf.json`) that it was made from."""
    paths, written = construct_paths(document), written_arguments(document)
    listed = plan.get("resource_changes") or ()
    names, references = Names(listed, document, paths), References(plan, document)

    def details(change: Mapping[str, Any], attributes: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
        return detailed(attributes, change, _body(document, change["address"]), references=references, names=names)

    lines = {address: str(noted[0]) for address, noted in source_lines(document).items()}

    def with_line(found: _Found) -> _Found:
        return replace(found, source_line=lines.get(declared(found.address), ""))

    changes = tuple(map(with_line, _changes(listed, paths, details)))
    opened = access(listed, document, paths, references=references, names=names)
    outputs = (plan.get("output_changes") or {}).items()
    return Plan(
        environment=environment,
        stack=stack,
        changes=changes,
        access=tuple(map(with_line, opened)),
        outputs=tuple(sorted(name for name, change in outputs if change.get("actions") != ["no-op"])),
        stateful_losses=tuple(change.address for change in changes if change.loses and is_stateful(change.type)),
        images=image_changes(listed, environment),
        drift=with_foreign(
            drifted(_changes(plan.get("resource_drift") or (), paths, details), written),
            foreign(plan, written),
            {address: resource["type"] for address, resource in managed(plan).items()},
            paths,
        ),
    )


_Found = TypeVar("_Found", Access, Change)
_Details: TypeAlias = Callable[[Mapping[str, Any], tuple[Attribute, ...]], tuple[Attribute, ...]]


def _body(document: Mapping[str, Any], address: str) -> Mapping[str, Any]:
    """The arguments that the Terraform sets of a resource; none for one that it does not have."""
    type_, _, name = declared(address).partition(".")
    return ((document.get("resource") or {}).get(type_) or {}).get(name) or {}


def construct_paths(document: Mapping[str, Any]) -> Mapping[str, str]:
    """The construct path of each resource by its address, without the stack's name: `network/vpc`."""
    paths = {}
    for type_, bodies in (document.get("resource") or {}).items():
        for name, body in bodies.items():
            path = ((body.get("//") or {}).get("metadata") or {}).get("path") or ""
            paths[f"{type_}.{name}"] = path.partition("/")[2]
    return paths


def written_arguments(document: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    """The arguments that the Terraform sets, by address."""
    return {
        f"{type_}.{name}": frozenset(body.keys() - {"//", "lifecycle", "depends_on", "provider", "count", "for_each"})
        for type_, bodies in (document.get("resource") or {}).items()
        for name, body in bodies.items()
    }


def drifted(changes: Iterable[Change], written: Mapping[str, frozenset[str]]) -> tuple[Change, ...]:
    """The changes of arguments that the Terraform sets.

    Other attributes change all the time: the provider reads back at one resource what another one created (the rules of
    a security group; what none created is `foreign`), what AWS does by itself (the status of a certificate), and what
    the last apply did not read. `tags_all` counts, because default tags are set there.
    """
    drift = []
    for change in changes:
        names = written.get(declared(change.address), frozenset()) | {"tags_all"}
        attributes = tuple(each for each in change.attributes if re.split(r"[.\[]", each.path, maxsplit=1)[0] in names)
        if attributes or change.kind is not Kind.UPDATE:
            drift.append(replace(change, attributes=attributes))
    return tuple(drift)


def with_foreign(
    changes: Iterable[Change],
    added: Mapping[str, tuple[Attribute, ...]],
    types: Mapping[str, str],
    paths: Mapping[str, str],
) -> tuple[Change, ...]:
    """Drift with what others have added to resources, which comes first: it opens access. ``types`` are by address."""
    by_address = {change.address: change for change in changes}
    first = []
    for address, attributes in sorted(added.items()):
        if attributes:
            change = by_address.pop(address, None) or bare_change(address, types[address], Kind.UPDATE, paths)
            first.append(replace(change, attributes=(*attributes, *change.attributes)))
    return (*first, *by_address.values())


def bare_change(address: str, type_: str, kind: Kind, paths: Mapping[str, str]) -> Change:
    """A change without attributes."""
    path = paths.get(declared(address), "")
    return Change(
        address=address,
        type=type_,
        kind=kind,
        part=_part(address, paths),
        construct_path=path,
        attributes=(),
        reason="",
    )


def _changes(changes: Iterable[Mapping[str, Any]], paths: Mapping[str, str], details: _Details) -> tuple[Change, ...]:
    """What happens to resources; data sources and those to which nothing happens left out."""
    kinds = ((change, _kind(change)) for change in changes if change.get("mode") == "managed")
    found = ((change, _change(change, kind, paths)) for change, kind in kinds if kind is not None)
    detailed_changes = (replace(each, attributes=details(change, each.attributes)) for change, each in found)
    return tuple(sorted(detailed_changes, key=_order))


def _order(change: Change) -> tuple[int, str, str]:
    """Destroys, replacements, then the rest."""
    return (_ORDER.index(change.kind) if change.kind in _ORDER else len(_ORDER), change.part, change.address)


def _kind(change: Mapping[str, Any]) -> Kind | None:
    """What happens to a resource; None for nothing, and for reading."""
    actions = tuple(change["change"]["actions"])
    moved = change.get("previous_address", change["address"]) != change["address"]
    match actions:
        case ("create",):
            return Kind.CREATE
        case ("update",):
            return Kind.UPDATE
        case ("delete",):
            return Kind.DESTROY
        case ("delete", "create") | ("create", "delete"):
            return Kind.REPLACE
        case ("forget",) | ("create", "forget"):
            return Kind.FORGET
        case ("no-op",) if change["change"].get("importing"):
            return Kind.IMPORT
        case ("no-op",) if moved:
            return Kind.MOVE
        case _:
            return None


def _change(change: Mapping[str, Any], kind: Kind, paths: Mapping[str, str]) -> Change:
    """One change."""
    values = change["change"]
    attributes = differences(values)
    shows_values = kind in (Kind.UPDATE, Kind.REPLACE, Kind.CREATE)
    previous = str(change.get("previous_address") or "")
    goes = kind in _ORDER
    return Change(
        address=change["address"],
        type=change["type"],
        kind=kind,
        part=_part(change["address"], paths),
        construct_path=paths.get(declared(change["address"]), ""),
        attributes=attributes if shows_values else (),
        reason=_REASONS.get(change.get("action_reason", ""), "") if goes else "",
        previous_address=previous if previous != change["address"] else "",
        facts=facts(attributes if kind is Kind.CREATE else _there(values)) if kind is not Kind.UPDATE else (),
        loss=loss(change["type"], values.get("before") or {}) if goes else "",
        import_id=str((values.get("importing") or {}).get("id") or ""),
    )


def _there(values: Mapping[str, Any]) -> tuple[Attribute, ...]:
    """What there is of a resource before a change, as attributes that are all set."""
    return differences({"after": values.get("before"), "after_sensitive": values.get("before_sensitive")})


def _part(address: str, paths: Mapping[str, str]) -> str:
    """The part that a resource belongs to. What has no construct any more is named after the one that it had."""
    path = paths.get(declared(address), "")
    if path:
        return path.partition("/")[0]
    name = declared(address).partition(".")[2]
    parts = {other.partition("/")[0] for other in paths.values()}
    return next((part for part in sorted(parts, key=len, reverse=True) if name.startswith(f"{part}_")), GONE)


GONE = "no longer in the Terraform"
"""The part of what no part of the Terraform has made."""
