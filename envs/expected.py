"""What the settings models expect at a path, and how to say it in words."""

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


class Expected(NamedTuple):
    """A type and what constrains its values."""

    kind: Any
    """A part, ``bool``, ``int``, ``str``, a ``Literal``, a tuple or a dict, without annotations and ``None``."""
    constraints: tuple[Any, ...] = ()
    """Annotations that narrow the type: limits and spellings."""
    nullable: bool = False
    description: str = ""


def expected_at(path: Path) -> Expected:
    """What is expected at a path that the models know."""
    expected = Expected(Settings)
    for step in path:
        known = expected.kind.model_fields if is_part(expected.kind) else None
        expected = expected_of(known[step]) if known else element_of(expected)
    return expected


def expected_of(info: FieldInfo) -> Expected:
    """What is expected of a field of a part."""
    kind, constraints, nullable = _taken_apart(info.annotation)
    return Expected(kind, (*info.metadata, *constraints), nullable, info.description or "")


def element_of(expected: Expected) -> Expected:
    """What is expected of an element of a list, or of a value of a mapping with free keys."""
    arguments = get_args(expected.kind)
    return Expected(*_taken_apart(arguments[1] if get_origin(expected.kind) is dict else arguments[0]))


def is_part(kind: Any) -> bool:
    """Whether a type is a part, a mapping with fixed keys."""
    return isinstance(kind, type) and issubclass(kind, Part)


def known_paths(part: type[Part] = Settings, above: Path = ()) -> Iterator[Path]:
    """Every path of fixed keys below ``part``, in the order of the models."""
    for name, info in part.model_fields.items():
        yield (*above, name)
        kind = expected_of(info).kind
        if is_part(kind):
            yield from known_paths(kind, (*above, name))


def in_words(expected: Expected) -> str:
    """What is allowed, as a phrase."""
    return f"{_type_in_words(expected)}, or null" if expected.nullable else _type_in_words(expected)


def _type_in_words(expected: Expected) -> str:
    kind, constraints = expected.kind, expected.constraints
    if spelling := next((each for each in constraints if isinstance(each, Spelling)), None):
        return spelling.allowed
    if is_part(kind):
        return f"a mapping with the keys {', '.join(sorted(kind.model_fields))}"
    if kind is bool:
        return "true or false"
    if kind is int:
        return f"a whole number{_range(constraints)}"
    if get_origin(kind) is Literal:
        values = [str(each) for each in get_args(kind)]
        return values[0] if len(values) == 1 else f"one of {', '.join(values)}"
    if get_origin(kind) is dict:
        return f"a mapping{_length(constraints)}"
    return f"a list{_length(constraints)}" if get_origin(kind) is tuple else "text"


def _range(constraints: tuple[Any, ...]) -> str:
    lowest = next((each.ge for each in constraints if isinstance(each, Ge)), None)
    highest = next((each.le for each in constraints if isinstance(each, Le)), None)
    if highest is not None:
        return f" from {lowest} to {highest}"
    return f", {lowest} or more" if lowest is not None else ""


def _length(constraints: tuple[Any, ...]) -> str:
    fewest = next((each.min_length for each in constraints if isinstance(each, MinLen)), None)
    most = next((each.max_length for each in constraints if isinstance(each, MaxLen)), None)
    if most is not None:
        return f" of {fewest or 0} to {most} entries"
    return f" of at least {fewest}" if fewest else ""


def _taken_apart(annotation: Any) -> tuple[Any, tuple[Any, ...], bool]:
    nullable = get_origin(annotation) in (Union, types.UnionType)
    if nullable:
        annotation = next(each for each in get_args(annotation) if each is not type(None))
    if get_origin(annotation) is Annotated:
        kind, *constraints = get_args(annotation)
        return kind, tuple(constraints), nullable
    return annotation, (), nullable
