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

Known: TypeAlias = dict[int, Hashable]
"""What is known of parts that several have, by id; whose parts are kept as long as it."""


def signature(part: object, known: Known) -> Hashable:
    """What decides of a part, equal for parts that decide the same."""
    if isinstance(part, Resource):
        return part.address
    if isinstance(part, Origin):
        return None
    if isinstance(part, tuple | list):
        return tuple(signature(each, known) for each in part)
    if isinstance(part, Mapping):
        return tuple((key, signature(value, known)) for key, value in sorted(part.items()))
    if is_dataclass(part) and not isinstance(part, type):
        if id(part) not in known:
            unsaid = _UNSAID.get(type(part), ())
            names = (each.name for each in fields(part) if each.name not in unsaid)
            known[id(part)] = (type(part).__name__, *(signature(getattr(part, name), known) for name in names))
        return known[id(part)]
    return part if isinstance(part, Hashable) else repr(part)


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
