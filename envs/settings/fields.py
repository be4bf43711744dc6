"""The types of the settings' fields: which one stands at a path, and what it allows as a phrase."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic.fields import FieldInfo

from envs.errors import Path
from envs.settings import Settings
from envs.settings.base import Part
from envs.settings.types import Spelling


class FieldType(NamedTuple):
    """A type and what constrains its values."""

    kind: Any
    """A part, ``bool``, ``int``, ``str``, a ``Literal``, a tuple or a dict, without annotations and ``None``."""
    constraints: tuple[Any, ...] = ()
    """Annotations that narrow the type: limits and spellings."""
    nullable: bool = False
    description: str = ""


def type_at(path: Path, root: type[Part] = Settings) -> FieldType:
    """Return the type at a path that the models below ``root`` have."""
    field_type = FieldType(root)
    for step in path:
        fields = field_type.kind.model_fields if is_part(field_type.kind) else None
        field_type = type_of(fields[step]) if fields else element_type(field_type)
    return field_type


def type_of(info: FieldInfo) -> FieldType:
    """Return the type of a part's field."""
    kind, constraints, nullable = _without_annotations(info.annotation)
    return FieldType(kind, (*info.metadata, *constraints), nullable, info.description or "")


def element_type(field_type: FieldType) -> FieldType:
    """Return the type of a list's elements, or of the values of a mapping with free keys."""
    arguments = get_args(field_type.kind)
    return FieldType(*_without_annotations(arguments[1] if get_origin(field_type.kind) is dict else arguments[0]))


def is_part(kind: Any) -> bool:
    """Whether a type is a part, a mapping with fixed keys."""
    return isinstance(kind, type) and issubclass(kind, Part)


def known_paths(part: type[Part] = Settings, above: Path = ()) -> Iterator[Path]:
    """Every path of fixed keys below ``part``, in the order of the models."""
    for name, info in part.model_fields.items():
        yield (*above, name)
        kind = type_of(info).kind
        if is_part(kind):
            yield from known_paths(kind, (*above, name))


def allowed_values(field_type: FieldType) -> str:
    """Return what a type allows, as a phrase such as `a whole number from 1 to 10, or null`."""
    return f"{_allowed_values(field_type)}, or null" if field_type.nullable else _allowed_values(field_type)


def _allowed_values(field_type: FieldType) -> str:
    kind, constraints = field_type.kind, field_type.constraints
    if spelling := next((constraint for constraint in constraints if isinstance(constraint, Spelling)), None):
        return spelling.allowed
    if is_part(kind):
        return f"a mapping with the keys {', '.join(sorted(kind.model_fields))}"
    if kind is bool:
        return "true or false"
    if kind is int:
        return f"a whole number{_range(constraints)}"
    if get_origin(kind) is Literal:
        values = [str(value) for value in get_args(kind)]
        return values[0] if len(values) == 1 else f"one of {', '.join(values)}"
    if get_origin(kind) is dict:
        return f"a mapping{_length(constraints)}"
    return f"a list{_length(constraints)}" if get_origin(kind) is tuple else "text"


def _range(constraints: tuple[Any, ...]) -> str:
    lowest = next((limit.ge for limit in constraints if isinstance(limit, Ge)), None)
    highest = next((limit.le for limit in constraints if isinstance(limit, Le)), None)
    if highest is not None:
        return f" from {lowest} to {highest}"
    return f", {lowest} or more" if lowest is not None else ""


def _length(constraints: tuple[Any, ...]) -> str:
    fewest = next((limit.min_length for limit in constraints if isinstance(limit, MinLen)), None)
    most = next((limit.max_length for limit in constraints if isinstance(limit, MaxLen)), None)
    if most is not None:
        return f" of {fewest or 0} to {most} entries"
    return f" of at least {fewest}" if fewest else ""


def _without_annotations(annotation: Any) -> tuple[Any, tuple[Any, ...], bool]:
    nullable = get_origin(annotation) in (Union, types.UnionType)
    if nullable:
        annotation = next(option for option in get_args(annotation) if option is not type(None))
    if get_origin(annotation) is Annotated:
        kind, *constraints = get_args(annotation)
        return kind, tuple(constraints), nullable
    return annotation, (), nullable
