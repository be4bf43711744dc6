"""What applies did to resources, one after the other, as one change of each. Pure.

Applies compose: created and then updated is created, created and then destroyed is nothing, updated twice is updated in
all of the attributes, destroyed and created again is replaced. The composition is associative, with nothing as its
identity.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from cli.core.plans.model import Kind, Plan
from cli.core.records import Record
from cli.core.records.model import RecoverRecord, Result, StackRecord

_BEGINS = (Kind.CREATE, Kind.IMPORT)
"""What is done to a resource that terraform did not have."""

_ENDS = (Kind.DESTROY, Kind.FORGET)
"""What leaves a resource that terraform does not have any more."""

_WITHOUT_OPERATION = (Kind.MOVE, Kind.FORGET, Kind.IMPORT)
"""What terraform does in its state alone, so that no event tells of it."""

_OPPOSITE = {
    Kind.CREATE: Kind.DESTROY,
    Kind.DESTROY: Kind.CREATE,
    Kind.IMPORT: Kind.FORGET,
    Kind.FORGET: Kind.IMPORT,
}


@dataclass(frozen=True, slots=True)
class ResourceAction:
    """What was done, or is to be done, to one resource."""

    kind: Kind
    construct_path: str
    attributes: frozenset[str] | None
    """Paths of those that change, of an update or a replacement; None where it is not known which: one resource came in
    the place of another."""
    came_from: str = ""
    """The address that the resource had before; empty where that is the same."""

    def __str__(self) -> str:
        text = str(self.kind)
        if self.kind in (Kind.UPDATE, Kind.REPLACE) and self.attributes:
            text += f": {', '.join(sorted(self.attributes))}"
        return f"{text} (was {self.came_from})" if self.came_from else text


ResourceActions: TypeAlias = Mapping[str, ResourceAction]
"""By address; without resources to which nothing is done."""


def of_plan(plan: Plan) -> ResourceActions:
    """What a plan does."""
    return {
        each.address: _action(
            each.kind, each.construct_path, {attribute.path for attribute in each.attributes}, each.previous_address
        )
        for each in plan.changes
    }


def of_record(record: Record[StackRecord]) -> ResourceActions:
    """What an operation did. Of an apply that failed what it tried counts, since the next one goes on from there; of
    one whose end nobody saw, the whole plan."""
    data = record.data
    if isinstance(data, RecoverRecord):
        return {}
    changes = data.plan.changes
    tried = changes.keys() if data.result in (Result.SUCCEEDED, Result.UNKNOWN) else data.resources.keys()
    return {
        address: _action(change.kind, change.construct_path, change.attributes, change.previous_address)
        for address, change in changes.items()
        if address in tried or change.kind in _WITHOUT_OPERATION
    }


def composed(parts: Iterable[ResourceActions]) -> ResourceActions:
    """What all of them did together, the first one first."""
    return functools.reduce(_after, parts, {})


def undone(actions: ResourceActions) -> ResourceActions:
    """The actions that undo others: what was created goes, what was changed is changed in the same attributes."""
    return {
        each.came_from or address: replace(
            each,
            kind=_OPPOSITE.get(each.kind, each.kind),
            came_from=address if each.came_from and each.kind not in _ENDS else "",
        )
        for address, each in actions.items()
    }


def _action(kind: Kind, construct_path: str, attributes: Iterable[str], came_from: str) -> ResourceAction:
    is_known = kind in (Kind.UPDATE, Kind.REPLACE, Kind.MOVE)
    return ResourceAction(kind, construct_path, frozenset(attributes) if is_known else None, came_from)


def _after(first: ResourceActions, second: ResourceActions) -> ResourceActions:
    """Both, one after the other. A resource goes by the address that it has in the end."""
    moved = {each.came_from for each in second.values() if each.came_from}
    found: dict[str, ResourceAction] = {
        address: each for address, each in first.items() if address not in second and address not in moved
    }
    for address, each in second.items():
        is_another = address in moved and not each.came_from  # what had the address has another one now
        before = None if is_another else first.get(each.came_from or address)
        both = each if before is None else _both(before, each, address)
        if both is not None:
            found[address] = both
    return found


def _both(first: ResourceAction, second: ResourceAction, address: str) -> ResourceAction | None:
    """What two actions on one resource come to; None for nothing."""
    begins, ends = first.kind in _BEGINS, second.kind in _ENDS
    if begins and ends:
        return None
    came_from = "" if begins else first.came_from or second.came_from
    came_from = "" if came_from == address else came_from
    is_remade = Kind.REPLACE in (first.kind, second.kind) or first.kind in _ENDS or second.kind in _BEGINS
    if begins:
        kind = Kind.CREATE if is_remade else first.kind
    elif ends:
        kind = Kind.DESTROY if is_remade else second.kind
    elif is_remade:
        kind = Kind.REPLACE
    elif Kind.UPDATE in (first.kind, second.kind):
        kind = Kind.UPDATE
    elif came_from:
        kind = Kind.MOVE
    else:
        return None
    attributes = None if first.attributes is None or second.attributes is None else first.attributes | second.attributes
    return ResourceAction(kind, second.construct_path or first.construct_path, attributes, came_from)
