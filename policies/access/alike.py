"""What decides of callers, things, statements and networks: equal for what decides the same, whatever its name is."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeAlias, cast

from policies.access.globs import glob, matcher
from policies.access.model import Caller, Origin, Policy, PolicyStatement, Position, Requester, Thing
from policies.access.text import is_determined, widened
from policies.library.documents import Principal
from policies.library.model import Resource
from policies.reachability.network import Network

_UNSAID: Mapping[type, tuple[str, ...]] = {
    Policy: ("name", "resource"),
    PolicyStatement: ("origin", "sid"),
    Requester: ("name", "resource"),
    Thing: ("name", "resource", "runs_as", "acts_as", "holds"),
    Network: ("worked_out",),
}
"""What decides nothing."""

Known: TypeAlias = dict[int, Hashable]
"""What is known of parts that several have, by id; whose parts are kept as long as it."""

_READERS: dict[type, Callable[[Any, Known], Hashable]] = {}
"""What finds what decides, by type, as far as it was asked for."""


def signature(part: object, known: Known) -> Hashable:
    """What decides of a part, equal for parts that decide the same."""
    kind = type(part)
    if kind is str:  # most are
        return part
    reader = _READERS.get(kind)
    if reader is None:
        reader = _READERS[kind] = _reader(kind)
    return reader(part, known)


def signature_but(part: object, known: Known, *names: str) -> Hashable:
    """What decides of a part beside some of its fields."""
    return _fields(part, known, [name for name in _said(type(part)) if name not in names])


def _reader(kind: type) -> Callable[[Any, Known], Hashable]:
    """What finds what decides of parts of a type."""
    if issubclass(kind, str):
        return _itself
    if issubclass(kind, Resource):
        return lambda part, _known: cast(Resource, part).address
    if issubclass(kind, Origin):
        return lambda _part, _known: None
    if issubclass(kind, Principal):
        return lambda part, _known: _meant(part)
    if issubclass(kind, tuple | list):
        return _several
    if issubclass(kind, Mapping):
        return _named
    if names := _said(kind):
        return lambda part, known: _kept(part, known, names)
    return _itself if issubclass(kind, Hashable) else lambda part, _known: repr(part)


def _itself(part: Hashable, _known: Known) -> Hashable:
    return part


def _several(parts: Iterable[object], known: Known) -> Hashable:
    return tuple([signature(each, known) for each in parts])


def _named(parts: Mapping[str, object], known: Known) -> Hashable:
    return tuple([(key, signature(value, known)) for key, value in sorted(parts.items())])


def _kept(part: object, known: Known, names: Sequence[str]) -> Hashable:
    found = known.get(id(part))
    if found is None:
        found = known[id(part)] = _fields(part, known, names)
    return found


def _fields(part: object, known: Known, names: Sequence[str]) -> Hashable:
    return (type(part).__name__, *[signature(getattr(part, name), known) for name in names])


def _said(kind: type) -> tuple[str, ...]:
    """The fields of a type that decide something; none of what has no fields."""
    unsaid = _UNSAID.get(kind, ())
    return tuple(each.name for each in fields(kind) if each.name not in unsaid) if is_dataclass(kind) else ()


@dataclass(frozen=True, eq=False)
class CallerChange:
    """What of a caller one of two models has and the other has not, where the principal is otherwise the same."""

    statements: tuple[PolicyStatement, ...]
    """Of its own policies."""
    positions: tuple[tuple[Position, tuple[PolicyStatement, ...] | None], ...]
    """Where the caller stands afterwards and did not before, or not so; each with the statements that its endpoint's
    policy has on one side alone, if that is all that differs."""


def caller_change(before: Caller, after: Caller, known: tuple[Known, Known]) -> CallerChange | None:
    """What is not the same of a caller; None where that may be about anything: something else differs, or something is
    not known of a statement. `known` is what is known of the parts of either model."""
    sides = tuple(zip((before, after), known, strict=True))
    rest = [signature_but(each.principal, one, "identity") for each, one in sides]
    statements = _differing([(each.principal.identity, one) for each, one in sides])
    if rest[0] != rest[1] or statements is None:
        return None
    past, now = (_by_name(each, one) for each, one in sides)
    changed = [each for each in after.positions if past.get(each.name) != now[each.name]]
    at: dict[str, list[Position]] = {}
    for each in before.positions:
        at.setdefault(each.name, []).append(each)
    places = tuple((each, _at_endpoint(at.get(each.name, []), each, known)) for each in changed)
    return CallerChange(statements, places)


def _by_name(caller: Caller, known: Known) -> Mapping[str, list[Hashable]]:
    found: dict[str, list[Hashable]] = {}
    for each in caller.positions:
        found.setdefault(each.name, []).append(signature(each, known))
    return found


def _at_endpoint(
    past: Sequence[Position], now: Position, known: tuple[Known, Known]
) -> tuple[PolicyStatement, ...] | None:
    """The statements that the policy of an endpoint has on one side alone, if a position differs in nothing else."""
    if len(past) != 1 or past[0].endpoint is None or now.endpoint is None:
        return None
    endpoints = ((past[0].endpoint, known[0]), (now.endpoint, known[1]))
    rest = [signature_but(each, one, "endpoint") for each, one in zip((past[0], now), known, strict=True)]
    others = [signature_but(each, one, "policies") for each, one in endpoints]
    is_all = rest[0] == rest[1] and others[0] == others[1] and all(len(each.policies) == 1 for each, _ in endpoints)
    return _differing([(each.policies, one) for each, one in endpoints]) if is_all else None


def _differing(policies: Iterable[tuple[Iterable[Policy], Known]]) -> tuple[PolicyStatement, ...] | None:
    """The statements that policies have on one of two sides alone, each with what is known of its parts. None if
    something is not known of one: a doubt may be about anything."""
    sides = [
        {signature(each, known): each for policy in several for each in policy.statements}
        for several, known in policies
    ]
    differing = [each for one, other in (sides, sides[::-1]) for key, each in one.items() if key not in other]
    return tuple(differing) if all(map(is_known, differing)) else None


def is_known(statement: PolicyStatement) -> bool:
    """Whether nothing about a statement is unknown."""
    return statement.assumption is None and all(map(is_determined, _texts(statement)))


@dataclass(frozen=True)
class UnknownPart:
    """Something that a statement says of a request and that is not known, and what it asks beside."""

    allows: bool
    assumption: Hashable
    of: str
    """Principals, actions, resources or the key."""
    text: Hashable
    conditions: frozenset[Hashable]

    def covers(self, other: UnknownPart) -> bool:
        """Whether it may turn out to be about all that another one may: it says the same and asks no more."""
        mine, theirs = ((each.allows, each.assumption, each.of, each.text) for each in (self, other))
        return mine == theirs and self.conditions <= other.conditions


def unknown_parts(statement: PolicyStatement, action: str) -> Iterator[UnknownPart]:
    """What is not known of a statement about an action, part by part, in whatever order and beside whatever else that
    is written. Where it is its conditions, or whether it is there at all, each resource is a part."""
    if is_known(statement):
        return
    matches = [matcher(glob(widened(each.lower()))) for each in statement.actions]
    if not (statement.inverts_actions or any(match(action.lower()) for match in matches)):
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
