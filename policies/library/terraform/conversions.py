"""Values as the types that Terraform's expressions need, and text made of values that may be unknown."""

from __future__ import annotations

from collections.abc import Mapping

from policies.library.values import Partial, Reference, Unknown, Value


class Fault(Exception):
    """What Terraform would report as an error; `try` and `can` catch it."""


def items(value: Value) -> tuple[Value, ...]:
    """A list's elements. Raises Fault for anything else."""
    if isinstance(value, tuple):
        return value
    raise Fault(f"not a list: {type(value).__name__}")


def mapping(value: Value) -> Mapping[str, Value]:
    """A map's items. Raises Fault for anything else."""
    if isinstance(value, Mapping):
        return value
    raise Fault(f"not a map: {type(value).__name__}")


def text(value: Value) -> str:
    """A primitive value as text. Raises Fault for null, lists and maps."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else str(value)
    raise Fault(f"not text: {type(value).__name__}")


def number(value: Value) -> int | float:
    """A number, also one written as text. Raises Fault."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            found = float(value)
        except ValueError:
            raise Fault(f"not a number: {value!r}") from None
        return int(found) if found.is_integer() else found
    raise Fault("not a number")


def boolean(value: Value) -> bool:
    """A boolean, also one written as text. Raises Fault."""
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise Fault("not a boolean")


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
    found: dict[object, Value] = {}
    for value in values:
        found.setdefault(key_of(value), value)
    return tuple(found.values())


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
    return Partial(expression, tuple(merged))
