"""The values that attributes have, and the ones that are only known when Terraform applies.

A `Value` is None (null, or not set), a bool, an int, a float, a str, a tuple of values, a mapping of values, or an
`Unknown`. Unknown values cannot be mistaken for anything: comparing one, testing its truth, iterating over it or
turning it into text raises `UnknownValue`, which makes the rule at work fail the resource it looks at.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, NoReturn, TypeAlias

_MOST_ALTERNATIVES = 50
"""Values of which one may be kept apart; two such are compared each with each."""
_MODULE_STEPS = re.compile(r'(?:module\.[^.\[]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.)*')


class UnknownValue(Exception):
    """A rule needed a value that is not determined.

    `place` is where, `expression` what stands there, `reason` why it cannot be worked out, empty if the apply tells it.
    """

    def __init__(self, expression: str, place: str = "", reason: str = "") -> None:
        super().__init__(expression, place, reason)
        self.expression = expression
        self.place = place
        self.reason = reason

    def at(self, place: str) -> UnknownValue:
        """The same with a place, if it has none."""
        return type(self)(self.expression, self.place or place, self.reason)

    def __str__(self) -> str:
        text = f"{self.place} = {self.expression}" if self.place else self.expression
        return f"{text} ({self.reason})" if self.reason else text


class WrongValue(UnknownValue):
    """What is given where a rule needs a value is none that AWS takes, so that nobody knows what it should be."""


@dataclass(frozen=True, eq=False)
class Unknown:
    """A value that the configuration does not determine; `expression` is what is written there, for messages."""

    expression: str
    reason: str = field(default="", kw_only=True)
    """Why it cannot be worked out; empty for what is known as soon as Terraform applies."""
    made_of: tuple[Unknown, ...] = field(default=(), kw_only=True, repr=False)
    """The unknown values that an operation or a function made it of: what it is, they decide."""
    given: tuple[Value, ...] = field(default=(), kw_only=True, repr=False)
    """Everything that an operation or a function made it of, known values too."""

    @cached_property
    def identity(self) -> str:
        """A digest that is equal for values that are written alike, with alike values in them."""
        unsaid = ("reason", "expression") if isinstance(self, Partial | Reference) else ("reason",)
        said = [written(getattr(self, each.name)) for each in fields(self) if each.name not in unsaid]
        return hashlib.sha256(repr((type(self).__name__, said)).encode()).hexdigest()

    def failure(self, place: str = "") -> UnknownValue:
        """What to raise where this value is needed."""
        reasons = (f"{leaf.expression}: {leaf.reason}" for leaf in leaves(self) if leaf.reason)
        return UnknownValue(self.expression, place, self.reason or next(reasons, ""))

    def _refuse(self, *_: object) -> NoReturn:
        raise self.failure()

    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = _refuse
    __bool__ = __len__ = __iter__ = __contains__ = __getitem__ = __str__ = __int__ = __float__ = _refuse
    __hash__ = object.__hash__


@dataclass(frozen=True, eq=False)
class Reference(Unknown):
    """An attribute of a resource of this configuration that is only known when applied, such as an ARN.

    `address` is the resource's (`module.m.aws_lb.this[0]`, `data.aws_ami.a`), `attribute` the attribute's name, empty
    for the whole resource.
    """

    address: str
    attribute: str

    @property
    def type(self) -> str:
        """The type of the resource, `data.x` for data sources; also of one that is not in the configuration."""
        labels = _MODULE_STEPS.sub("", self.address).split(".")
        return ".".join(labels[:2]) if labels[0] == "data" else labels[0]


@dataclass(frozen=True, eq=False)
class Partial(Unknown):
    """Text of which parts are unknown, such as `"${aws_s3_bucket.b.arn}/*"`: strings and unknowns in their order."""

    parts: tuple[str | Unknown, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references among the parts."""
        return tuple(part for part in self.parts if isinstance(part, Reference))


@dataclass(frozen=True, eq=False)
class OneOf(Unknown):
    """One of several values, such as those of a condition of which nobody knows whether it holds."""

    alternatives: tuple[Value, ...]


@dataclass(frozen=True, eq=False)
class Input(Unknown):
    """A variable of the root module that has no value: known before the apply, but not here."""


@dataclass(frozen=True, eq=False)
class ModuleOutput(Unknown):
    """An output of a module whose source is not here; `call` is the address of the call."""

    call: str


@dataclass(frozen=True, eq=False)
class Repeated(Unknown):
    """None, one or several of a list's items, such as what a dynamic block makes of a collection that is unknown."""


class Linked(str):
    """Text that is known although it was written as a reference; `reference` says to what.

    A bucket's name given as `aws_s3_bucket.b.bucket` is such a text: compared, it is the name; resolved, the bucket.
    """

    reference: Reference

    def __new__(cls, text: str, reference: Reference) -> Linked:
        """`text`, and where it comes from."""
        self = super().__new__(cls, text)
        self.reference = reference
        return self


Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | Mapping[str, Value] | Unknown | None"


def label_of(value: Value) -> str:
    """A value as text, an unknown one as it is written: the same text means the same thing."""
    return value.expression if isinstance(value, Unknown) else str(value)


_INTERPOLATION = re.compile(r"(?<!\$)\$\{([^}]*)\}")
_ATTRIBUTE = re.compile(r"((?:data\.)?[\w-]+\.[\w-]+)\.([\w-]+)")


def interpolated(text: str) -> Value:
    """Text of Terraform JSON, in which every `${...}` is unknown; `$${` stands for `${`."""
    pieces = _INTERPOLATION.split(text)
    parts = tuple(
        _expression(piece) if at % 2 else piece.replace("$${", "${")
        for at, piece in enumerate(pieces)
        if at % 2 or piece
    )
    if len(pieces) == 1:
        return text.replace("$${", "${")
    return parts[0] if len(parts) == 1 else Partial(text, parts)


def _expression(text: str) -> Unknown:
    attribute = _ATTRIBUTE.fullmatch(text)
    return Reference(text, attribute[1], attribute[2]) if attribute else Unknown(text)


def is_unknown(value: object) -> bool:
    """Whether a value is unknown as a whole; a list of unknowns is known to be a list."""
    return isinstance(value, Unknown)


def unknowns(value: Value) -> Iterator[Unknown]:
    """Every unknown in a value, at whatever depth."""
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from unknowns(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from unknowns(item)


def known(value: Value) -> Value:
    """The value itself. Raises UnknownValue if it, or anything in it, is unknown."""
    for unknown in unknowns(value):
        raise unknown.failure()
    return value


def unknown_from(*values: Value) -> Unknown:
    """What an operation or a function makes of values that it needs and of which one is unknown."""
    sources = {_identity(leaf): leaf for value in values for leaf in leaves(value)}
    return Unknown("", made_of=tuple(sources.values()), given=values)


def written(value: object) -> Hashable:
    """A value to be compared: equal where it is written alike, as far as it is not known; nothing of what is none."""
    if isinstance(value, Unknown):
        return value.identity
    if isinstance(value, tuple):
        return tuple(map(written, value))
    if isinstance(value, Mapping):
        return tuple((str(name), written(each)) for name, each in sorted(value.items()))
    return str(value) if isinstance(value, str) else value if isinstance(value, int | float) else None


def one_of(*values: Value, because: Value = None) -> Value:
    """One of several values, `because` something is unknown; if there is only one, that. Of very many any."""
    found = {id(each): each for value in values for each in alternatives(value)}
    if len(found) == 1:
        return next(iter(found.values()))
    if len(found) > _MOST_ALTERNATIVES:
        return unknown_from(because, *values)
    return OneOf("", tuple(found.values()), made_of=unknown_from(because, *values).made_of)


def alternatives(value: Value) -> tuple[Value, ...]:
    """What a value may be, as far as that is known: itself, unless it is one of several."""
    return value.alternatives if isinstance(value, OneOf) else (value,)


def _identity(leaf: Unknown) -> object:
    return (leaf.address, leaf.attribute) if isinstance(leaf, Reference) else id(leaf)


def leaves(value: Value) -> Iterator[Unknown]:
    """Every unknown that decides about a value: the parts of text and what operations were made of, not the whole."""
    for unknown in unknowns(value):
        parts = unknown.parts if isinstance(unknown, Partial) else ()
        decisive = [each for each in (*parts, *unknown.made_of) if isinstance(each, Unknown)]
        for each in decisive:
            yield from leaves(each)
        if not decisive:
            yield unknown


def reads(value: Value, *attributes: str) -> bool:
    """Whether a value is one of some attributes of a resource. Raises UnknownValue if it may be."""
    if any(each.attribute in attributes for each in references(value)):
        return True
    for unknown in unknowns(value):
        if any(isinstance(each, Reference) and each.attribute in attributes for each in leaves(unknown)):
            raise unknown.failure()
    return False


def references(value: Value) -> Iterator[Reference]:
    """Every reference in a value, at whatever depth and inside text, in order."""
    if isinstance(value, Reference):
        yield value
    elif isinstance(value, Linked):
        yield value.reference
    elif isinstance(value, Partial):
        for part in value.parts:
            if isinstance(part, Unknown):
                yield from references(part)
    elif isinstance(value, tuple):
        for item in value:
            yield from references(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from references(item)


def freeze(value: Any) -> Value:
    """A JSON-like value with tuples for lists."""
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    if isinstance(value, Mapping):
        return {str(key): freeze(item) for key, item in value.items()}
    return value  # type: ignore[no-any-return]


def transform(value: Value, change: Callable[[str], Value]) -> Value:
    """A value with every text in it replaced by `change(text)`; mapping keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(transform(item, change) for item in value)
    if isinstance(value, Mapping):
        return {key: transform(item, change) for key, item in value.items()}
    return value
