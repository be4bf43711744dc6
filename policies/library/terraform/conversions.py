"""Values as the types that Terraform's expressions need, and text made of values that may be unknown.

Of an unknown value every conversion raises `UnknownValue`: its result is unknown, and not an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from policies.library.values import Partial, Reference, Unknown, Value

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


class Fault(Exception):
    """What Terraform would report as an error; `try` and `can` catch it."""


class Set(tuple[Value, ...]):
    """A set: its elements in an order, each once. What iterates over it has them as keys too."""

    __slots__ = ()


class Unsorted(tuple[Value, ...]):
    """A list of which the elements are known, and their order is not."""

    __slots__ = ()


class UnknownKey(str):
    """A key of a map that is unknown, as text of its own: other keys of the map are other ones.

    `value` is the key itself. No such map leaves the evaluator: as an attribute it is unknown.
    """

    value: Unknown

    def __new__(cls, value: Unknown) -> UnknownKey:
        """The key in the place of a value."""
        self = super().__new__(cls, _written(value))
        self.value = value
        return self


def _written(value: Value) -> str:
    """An unknown text as one would write it in a template: the same text means the same value."""
    if isinstance(value, Partial):
        return "".join(part if isinstance(part, str) else f"${{{part.expression}}}" for part in value.parts)
    return f"${{{value.expression}}}" if isinstance(value, Unknown) else str(value)


def is_name(value: Value) -> bool:
    """Whether an unknown value is text that is made of attributes of resources, so that its expression tells it."""
    if isinstance(value, Partial):
        return all(isinstance(part, str | Reference) for part in value.parts)
    return isinstance(value, Reference) and value.attribute != ""


def has_unknown_keys(value: Value) -> bool:
    """Whether a value is a map with a key that is unknown."""
    return isinstance(value, Mapping) and any(isinstance(key, UnknownKey) for key in value)


def items(value: Value) -> tuple[Value, ...]:
    """A list's elements. Raises Fault for anything else."""
    if isinstance(value, tuple):
        return value
    raise _mistyped("a list", value)


def mapping(value: Value) -> Mapping[str, Value]:
    """A map's items. Raises Fault for anything else."""
    if isinstance(value, Mapping):
        return value
    raise _mistyped("a map", value)


def text(value: Value) -> str:
    """A primitive value as text. Raises Fault for null, lists and maps."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else str(value)
    raise _mistyped("text", value)


def number(value: Value) -> int | float:
    """A number, also one written as text. Raises Fault."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            raise Fault(f"not a number: {value!r}")
        if value.isdecimal():
            return int(value)
        found = float(value)
        return int(found) if found.is_integer() else found
    raise _mistyped("a number", value)


def boolean(value: Value) -> bool:
    """A boolean, also one written as text. Raises Fault."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    raise _mistyped("a boolean", value)


def _mistyped(wanted: str, value: Value) -> Exception:
    """What to raise for a value of another type than is wanted; of an unknown one nobody knows whether it is."""
    if isinstance(value, Unknown):
        return value.failure()
    return Fault(f"not {wanted}: {type(value).__name__}")


def key_of(value: Value) -> object:
    """Something hashable that is equal for equal values; unknown ones equal themselves, references equal ones."""
    if isinstance(value, Reference):
        return ("reference", value.address, value.attribute)
    if isinstance(value, Unknown):
        return ("unknown", id(value))
    if isinstance(value, tuple):
        return ("list", *(key_of(item) for item in value))
    if isinstance(value, Mapping):
        return ("map", *sorted((key, key_of(item)) for key, item in value.items()))
    return (isinstance(value, bool), value)


def distinct(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """The values, each once."""
    items: dict[object, Value] = {}
    for value in values:
        items.setdefault(key_of(value), value)
    return tuple(items.values())


def to_set(values: tuple[Value, ...]) -> Set:
    """The values as a set; text in its order."""
    found = distinct(values)
    if all(isinstance(value, str) for value in found):
        return Set(sorted(found, key=str))
    return Set(found)


_MARK = "\ue000"


def split_text(value: Partial, separator: str, most: int = -1) -> tuple[Value, ...]:
    """Text with unknown parts in pieces; an unknown part is taken to hold no separator."""
    written = "".join(part if isinstance(part, str) else _MARK for part in value.parts)
    unknown = iter([part for part in value.parts if isinstance(part, Unknown)])
    pieces: list[Value] = []
    for piece in written.split(separator, most):
        first, *rest = piece.split(_MARK)
        parts: list[Value] = [first]
        for each in rest:
            parts += [next(unknown), each]
        found = join_text(parts, piece.replace(_MARK, "..."))
        pieces.append(found.parts[0] if isinstance(found, Partial) and len(found.parts) == 1 else found)
    return tuple(pieces)


def join_text(parts: list[Value], expression: str) -> Value:
    """Text made of values: known if all of them are, else `Partial`. Raises Fault."""
    pieces: list[str | Unknown] = []
    for part in parts:
        if isinstance(part, Partial):
            pieces.extend(part.parts)
        elif isinstance(part, Unknown):
            pieces.append(part)
        else:
            pieces.append(text(part))
    merged: list[str | Unknown] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif isinstance(piece, Unknown) or piece != "":
            merged.append(piece)
    if all(isinstance(piece, str) for piece in merged):
        return "".join(piece for piece in merged if isinstance(piece, str))
    if len(merged) == 1 and isinstance(merged[0], Reference):  # `join("", aws_s3_bucket.b[*].id)`
        return merged[0]
    return Partial(expression, tuple(merged))
