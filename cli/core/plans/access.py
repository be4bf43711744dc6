"""What in a plan widens access: what resources newly open, and restrictions that are gone.

What a resource opens, `policies.library.openings` works out. A policy that becomes known only during the apply is read
from the Terraform, with references in it. It cannot be compared with the present policy, so all of its grants are shown
as what may widen access.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cli.core.base.addresses import declared
from cli.core.plans.model import Access, Widening
from policies.library.model import Resource
from policies.library.openings import Opening, openings, restrictions
from policies.library.values import Unknown, Value, freeze, interpolated, transform

_NO_CHANGE = (["no-op"], ["read"], ["forget"])


def access(
    changes: Iterable[Mapping[str, Any]], document: Mapping[str, Any], paths: Mapping[str, str]
) -> tuple[Access, ...]:
    """Everything in a plan that widens access, or may: first what is certain, and of it first what is public."""
    is_public: dict[Access, bool] = {}
    for change in changes:
        if change.get("mode") != "managed" or change["change"]["actions"] in _NO_CHANGE:
            continue
        key = declared(change["address"])
        type_, _, name = key.partition(".")
        written = ((document.get("resource") or {}).get(type_) or {}).get(name) or {}
        for widening, opening in _widened(change, written):
            entry = Access(change["address"], paths.get(key, ""), widening, opening.text)
            is_public[entry] = is_public.get(entry, False) or opening.is_public

    def order(entry: Access) -> tuple[bool, bool, str, str]:
        return entry.how is Widening.MAY_WIDEN, not is_public[entry], entry.address, entry.text

    return tuple(sorted(is_public, key=order))


def _widened(change: Mapping[str, Any], written: Mapping[str, Any]) -> Iterator[tuple[Widening, Opening]]:
    """How one change widens access."""
    values = change["change"]
    unknown = values.get("after_unknown") if isinstance(values.get("after_unknown"), Mapping) else {}
    before = _resource(change, freeze(values["before"])) if values.get("before") is not None else None
    after = _resource(change, _merged(values["after"], unknown, written)) if values.get("after") is not None else None
    present = {opening.key for opening in openings(before)} if before else set()
    for opening in openings(after) if after else ():
        if unknown.get(opening.attribute) is True:
            yield Widening.MAY_WIDEN, opening
        elif opening.key not in present:
            yield Widening.WIDENS, opening
    remaining = {restriction.key for restriction in restrictions(after)} if after else set()
    for restriction in restrictions(before) if before else ():
        if restriction.key not in remaining and unknown.get(restriction.attribute) is not True:
            yield Widening.WIDENS, restriction


def _resource(change: Mapping[str, Any], attributes: Value) -> Resource:
    """A resource with the values that it has before or after a change."""
    assert isinstance(attributes, Mapping)
    address = change["address"]
    return Resource(attributes, address, address, change["type"], name=declared(address).partition(".")[2], file="plan")


def _merged(planned: Any, unknown: Any, written: Any) -> Value:
    """A planned value, with what the Terraform says in the place of what is not known."""
    if unknown is True:
        return transform(freeze(written), interpolated)
    if isinstance(planned, Mapping):
        gaps = unknown if isinstance(unknown, Mapping) else {}
        block = written[0] if isinstance(written, list) and len(written) == 1 else written
        arguments = block if isinstance(block, Mapping) else {}
        return {name: _merged(planned.get(name), gaps.get(name), arguments.get(name)) for name in {**planned, **gaps}}
    if isinstance(planned, list):
        marks = unknown if isinstance(unknown, list) else []
        items = written if isinstance(written, list) and len(written) == len(planned) else [None] * len(planned)
        padded = [*marks, *[None] * (len(planned) - len(marks))]
        return tuple(
            Unknown("something") if gap is True and item is None else _merged(value, gap, item)
            for value, gap, item in zip(planned, padded, items, strict=True)
        )
    return freeze(planned)
