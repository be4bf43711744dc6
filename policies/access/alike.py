"""What decides of callers, things and statements: equal for those that decide the same, whatever their names are."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
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


@dataclass(frozen=True)
class UnknownPart:
    """Something that a statement says of a request and that is not known, and what it asks beside."""

    allows: bool
    assumption: Hashable
    of: str
    """Principals, actions or resources."""
    text: Hashable
    conditions: frozenset[Hashable]

    def covers(self, other: UnknownPart) -> bool:
        """Whether it may turn out to be about all that another one may: it says the same and asks no more."""
        mine, theirs = ((each.allows, each.assumption, each.of, each.text) for each in (self, other))
        return mine == theirs and self.conditions <= other.conditions


def unknown_parts(statement: PolicyStatement, action: str) -> Iterator[UnknownPart]:
    """What is not known of a statement about an action, part by part, in whatever order and beside whatever else that
    is written. Where it is its conditions, or whether it is there at all, each resource is a part."""
    matches = [re.compile(regular(glob(widened(each.lower()))), re.DOTALL).fullmatch for each in statement.actions]
    if is_known(statement) or not (statement.inverts_actions or any(match(action.lower()) for match in matches)):
        return
    conditions = frozenset(signature(each, {}) for each in statement.conditions)
    assumption = signature(statement.assumption, {})
    asked = [text for condition in statement.conditions for text in condition.texts()]
    is_unsure = statement.assumption is not None or not all(map(is_determined, asked))
    lists: Sequence[tuple[str, bool, Sequence[tuple[Hashable, str]]]] = (
        (
            "principals",
            statement.inverts_principals,
            [(_meant(each), str(each.value)) for each in statement.principals],
        ),
        ("actions", statement.inverts_actions, [(each, each) for each in statement.actions]),
        ("resources", statement.inverts_resources, [(each, each) for each in statement.resources or ("",)]),
    )
    for of, is_inverted, several in lists:
        unknown = [meant for meant, text in several if not is_determined(text) or (is_unsure and of == "resources")]
        if unknown and is_inverted:  # all of them together say what is left
            unknown = [frozenset(meant for meant, _ in several)]
        for meant in unknown:
            yield UnknownPart(statement.allows, assumption, of, meant, conditions)


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
