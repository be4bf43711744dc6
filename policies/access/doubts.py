"""Why nobody knows for certain what a statement is about."""

from __future__ import annotations

from collections.abc import Iterator

from policies.access.conditions import Asked, Key
from policies.access.model import PolicyStatement
from policies.access.statements import BoundStatement, Space
from policies.access.text import is_determined, readable
from policies.access.variables import variables
from policies.reachability.network import Assumption


def doubts(bound: BoundStatement, space: Space) -> Iterator[Assumption]:
    """What a statement rests on where it is taken for what lets more through."""
    statement = bound.statement
    resource = statement.origin.resource
    if statement.assumption is not None:
        yield statement.assumption
    for text in _entries(statement):
        if not is_determined(text):
            yield Assumption(f"{readable(text)} may be anything", resource)
    if bound.has_void or any(pattern.narrow is None for pattern in bound.resources):
        for name in variables(statement.resources):
            yield Assumption(f"${{{name}}} may be anything that the caller's requests hold", resource)
    for ask in bound.asks:
        reason = _of_condition(ask, space.keys[ask.condition.key])
        if reason:
            yield Assumption(f"{ask.condition.label}: {reason}", resource)


def _entries(statement: PolicyStatement) -> Iterator[str]:
    yield from statement.actions
    yield from statement.resources
    yield from (str(each.value) for each in statement.principals)


def _of_condition(ask: Asked, key: Key) -> str:
    condition = ask.condition
    if not ask.is_known or condition.quantifier not in ("", "forallvalues", "foranyvalue"):
        return "IAM has no such operator, so it may hold for everything"
    if ask.operator is not None and not key.compares(ask.operator):
        return f"other conditions compare the key as {key.kind}, so this one may hold for everything"
    if key.has_several(ask) and ask.operator is not None and not condition.quantifier:
        return "the key has several values and the operator is for one, so it may hold for everything"
    unknown = [text for text in condition.texts() if not is_determined(text)]
    if unknown:
        return f"{', '.join(map(readable, unknown))} may be anything"
    if ask.has_void or any(value.narrow is None for value in ask.values):
        return "its values are not known for this caller, so it may hold for everything"
    return ""
