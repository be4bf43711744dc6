"""What decides of callers, things and statements: equal for those that decide the same, whatever their names are."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TypeAlias

from policies.access.model import Caller, Origin, Policy, PolicyStatement, Requester, Thing
from policies.access.text import is_determined
from policies.library.model import Resource

_UNSAID: Mapping[type, tuple[str, ...]] = {
    Policy: ("name", "resource"),
    PolicyStatement: ("origin", "sid"),
    Requester: ("name", "resource"),
    Thing: ("name", "resource", "runs_as", "acts_as"),
}
"""What decides nothing."""

_SAID: dict[type, tuple[str, ...]] = {}
"""What decides something, as far as it was asked for."""

Known: TypeAlias = dict[int, Hashable]
"""What is known of parts that several have, by id; whose parts are kept as long as it."""


def signature(part: object, known: Known) -> Hashable:
    """What decides of a part, equal for parts that decide the same."""
    if isinstance(part, str):
        return part
    if isinstance(part, Resource):
        return part.address
    if isinstance(part, Origin):
        return None
    if isinstance(part, tuple | list):
        return tuple(signature(each, known) for each in part)
    if isinstance(part, Mapping):
        return tuple((key, signature(value, known)) for key, value in sorted(part.items()))
    if _said(type(part)):
        if id(part) not in known:
            said = (signature(getattr(part, name), known) for name in _said(type(part)))
            known[id(part)] = (type(part).__name__, *said)
        return known[id(part)]
    return part if isinstance(part, Hashable) else repr(part)


def _said(kind: type) -> tuple[str, ...]:
    """The fields of a type that decide something; none of what has no fields."""
    if kind not in _SAID:
        unsaid = _UNSAID.get(kind, ())
        _SAID[kind] = tuple(each.name for each in fields(kind) if each.name not in unsaid) if is_dataclass(kind) else ()
    return _SAID[kind]


def differing_statements(before: Caller, after: Caller) -> list[PolicyStatement] | None:
    """The statements of a caller's own policies that only one of two models has. None where that is not all that
    differs, or something is not known of one: a doubt may be about anything."""
    sides = (before, after)
    rest = [signature(replace(each, principal=replace(each.principal, identity=())), {}) for each in sides]
    if rest[0] != rest[1]:
        return None
    own = [
        {signature(each, {}): each for policy in side.principal.identity for each in policy.statements}
        for side in sides
    ]
    differing = [each for one, other in (own, own[::-1]) for key, each in one.items() if key not in other]
    return differing if all(map(is_known, differing)) else None


def is_known(statement: PolicyStatement) -> bool:
    """Whether nothing about a statement is unknown."""
    return statement.assumption is None and _is_determined(statement)


def _is_determined(statement: PolicyStatement) -> bool:
    texts = [*statement.actions, *statement.resources]
    texts += [text for condition in statement.conditions for text in condition.texts()]
    return all(map(is_determined, texts))
