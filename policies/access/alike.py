"""What decides of callers, things and statements: equal for those that decide the same, whatever their names are."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import TypeAlias

from policies.access.globs import glob, regular
from policies.access.model import Caller, Origin, Policy, PolicyStatement, Requester, Thing
from policies.access.text import is_determined, widened
from policies.library.documents import Principal
from policies.library.model import Resource

_UNSAID: Mapping[type, tuple[str, ...]] = {
    Policy: ("name", "resource"),
    PolicyStatement: ("origin", "sid"),
    Requester: ("name", "resource"),
    Thing: ("name", "resource", "runs_as", "acts_as", "holds"),
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
    if isinstance(part, Principal):
        return _meant(part)
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
    return statement.assumption is None and all(map(is_determined, _texts(statement)))


def unknown_parts(statement: PolicyStatement, action: str) -> frozenset[Hashable]:
    """What is not known of a statement about an action, part by part: equal for parts that may turn out the same, in
    whatever order and beside whatever else they are written."""
    matches = [re.compile(regular(glob(widened(each.lower()))), re.DOTALL).fullmatch for each in statement.actions]
    if is_known(statement) or not (statement.inverts_actions or any(match(action.lower()) for match in matches)):
        return frozenset()
    conditions = frozenset(signature(each, {}) for each in statement.conditions)
    rest = (statement.allows, signature(statement.assumption, {}), conditions)
    lists: Sequence[tuple[bool, Sequence[tuple[Hashable, str]]]] = (
        (statement.inverts_principals, [(_meant(each), str(each.value)) for each in statement.principals]),
        (statement.inverts_actions, [(each, each) for each in statement.actions]),
        (statement.inverts_resources, [(each, each) for each in statement.resources]),
    )
    found: set[Hashable] = set()
    for at, (is_inverted, several) in enumerate(lists):
        unknown = [meant for meant, text in several if not is_determined(text)]
        if unknown and is_inverted:  # all of them together say what is left
            found.add((rest, at, frozenset(meant for meant, _ in several)))
        else:
            found |= {(rest, at, meant) for meant in unknown}
    asked = [text for condition in statement.conditions for text in condition.texts()]
    if statement.assumption is not None or not all(map(is_determined, asked)):
        found.add((rest, len(lists), ""))
    return frozenset(found)


def _texts(statement: PolicyStatement) -> Iterator[str]:
    yield from (*statement.actions, *statement.resources)
    yield from (str(each.value) for each in statement.principals)
    for condition in statement.conditions:
        yield from condition.texts()


def _meant(principal: Principal) -> tuple[str, str]:
    """Whom an element means, however it is written: `*` is `{"AWS": "*"}`, and an account's number its root's ARN.

    Source: IAM user guide, "AWS JSON policy elements: Principal", "All principals" and "AWS account principals".
    """
    text = str(principal.value)
    if text == "*" and principal.kind in ("*", "AWS"):
        return "AWS", "*"
    account = _ROOT.fullmatch(text)
    return principal.kind, account[1] if account and principal.kind == "AWS" else text


_ROOT = re.compile(r"arn:[\w-]+:iam::(\d{12}):root")
