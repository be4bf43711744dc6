"""pydantic's errors as problems: the value received, what is allowed in words, and the nearest thing that is
known."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from envs.document import Document, Path, shown
from envs.errors import Problem, dotted
from envs.settings import Settings
from envs.settings.base import RULE_ERROR, Part, Violation
from envs.settings.types import VALUE_ERROR, Spelling

_WORDS_TO_BOOLEANS = frozenset(("yes", "no", "on", "off", "y", "n"))


class _Expected(NamedTuple):
    """What the models expect at a path: a type and what constrains it."""

    kind: Any
    constraints: tuple[Any, ...] = ()
    description: str = ""


def problems(error: ValidationError, document: Document) -> list[Problem]:
    """Everything that ``error`` holds, in the order of the document."""
    found = [problem for details in error.errors(include_url=False) for problem in _explained(details, document)]
    return sorted(found, key=lambda problem: (problem.line, problem.column))


def nearest(word: str, known: Iterable[str]) -> str:
    """``Did you mean ...?`` with the most similar of ``known``; empty when none is similar."""
    close = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"Did you mean {close[0]}?" if close else ""


def _explained(details: ErrorDetails, document: Document) -> Iterator[Problem]:
    path: Path = details["loc"]
    context: Mapping[str, Any] = details.get("ctx", {})
    if details["type"] == RULE_ERROR:
        for violation in context["violations"]:
            yield _broken_rule(path, violation, document)
        return
    if details["type"] == "extra_forbidden":
        yield _unknown_key(path, document)
        return
    if path[-1:] == ("[key]",):
        path = path[:-1]
        line, column, text = document.key_place(path)
        yield Problem(document.file, line, column, dotted(path), f"the key {text}", context["allowed"], context["hint"])
        return
    expected = _expected(path)
    line, column, text = document.value_place(path)
    if details["type"] == "missing":
        allowed, hint = f"a value, for the key is required ({expected.description.rstrip('.')})", ""
        text = "no such key"
    elif details["type"] == VALUE_ERROR:
        allowed, hint = context["allowed"], context["hint"]
    else:
        allowed, hint = _in_words(expected), _advice(details, expected, document.value_place(path).text)
    yield Problem(document.file, line, column, dotted(path), text, allowed, hint)


def _broken_rule(path: Path, violation: Violation, document: Document) -> Problem:
    place = document.value_place((*path, *violation.key))
    return Problem(
        document.file,
        place.line,
        place.column,
        dotted((*path, *violation.key)),
        shown(violation.received),
        violation.allowed,
        violation.hint,
    )


def _unknown_key(path: Path, document: Document) -> Problem:
    line, column, _ = document.key_place(path)
    part = _expected(path[:-1]).kind
    known = sorted(part.model_fields)
    key = str(path[-1])
    elsewhere = [dotted(each) for each in _paths_of(Settings) if each[-1] == key]
    hint = f"There is {elsewhere[0]}." if elsewhere else nearest(key, known)
    return Problem(document.file, line, column, dotted(path), "an unknown key", f"one of {', '.join(known)}", hint)


def _paths_of(part: type[Part], above: Path = ()) -> Iterator[Path]:
    for name, info in part.model_fields.items():
        yield (*above, name)
        kind = _unwrapped(info.annotation)
        if _is_part(kind):
            yield from _paths_of(kind, (*above, name))


def _expected(path: Sequence[str | int]) -> _Expected:
    expected = _Expected(Settings)
    for step in path:
        if _is_part(expected.kind):
            expected = _of_field(expected.kind.model_fields[step])
        else:
            # The element of a list is its tuple's first argument, the value of a mapping its dict's second.
            element = get_args(expected.kind)[1 if get_origin(expected.kind) is dict else 0]
            expected = _Expected(_unwrapped(element), get_args(element)[1:] if get_origin(element) is Annotated else ())
    return expected


def _of_field(info: FieldInfo) -> _Expected:
    inner = _without_null(info.annotation)
    nested = get_args(inner)[1:] if get_origin(inner) is Annotated else ()
    return _Expected(_unwrapped(info.annotation), (*info.metadata, *nested), info.description or "")


def _without_null(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        return next(each for each in get_args(annotation) if each is not type(None))
    return annotation


def _unwrapped(annotation: Any) -> Any:
    inner = _without_null(annotation)
    return get_args(inner)[0] if get_origin(inner) is Annotated else inner


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Part)


def _in_words(expected: _Expected) -> str:
    kind, constraints = expected.kind, expected.constraints
    lowest = next((each.ge for each in constraints if isinstance(each, Ge)), None)
    highest = next((each.le for each in constraints if isinstance(each, Le)), None)
    fewest = next((each.min_length for each in constraints if isinstance(each, MinLen)), 0)
    most = next((each.max_length for each in constraints if isinstance(each, MaxLen)), None)
    if spelling := next((each for each in constraints if isinstance(each, Spelling)), None):
        return spelling.allowed
    if _is_part(kind):
        return f"a mapping with the keys {', '.join(sorted(kind.model_fields))}"
    if kind is bool:
        return "true or false"
    if kind is int:
        return f"a whole number{f', {lowest} or more' if highest is None and lowest is not None else ''}" + (
            f" from {lowest} to {highest}" if highest is not None else ""
        )
    if get_origin(kind) is Literal:
        values = [str(each) for each in get_args(kind)]
        return values[0] if len(values) == 1 else f"one of {', '.join(values)}"
    noun = "mapping" if get_origin(kind) is dict else "list" if get_origin(kind) is tuple else "text"
    if noun == "text":
        return noun
    limits = ([f"at least {fewest}"] if fewest else []) + ([f"at most {most}"] if most is not None else [])
    return f"a {noun}" + (
        f" with {' and '.join(limits)} {'entry' if (most or fewest) == 1 else 'entries'}" if limits else ""
    )


def _advice(details: ErrorDetails, expected: _Expected, written: str) -> str:
    """How to put a value of the wrong type right."""
    value = details["input"]
    if expected.kind is bool and isinstance(value, str) and value.lower() in _WORDS_TO_BOOLEANS:
        return "YAML 1.2 has no other words for them."
    if expected.kind is int and isinstance(value, str) and value.isascii() and value.isdigit():
        return "Remove the quotes." if written.startswith(('"', "'")) else ""
    if expected.kind is str and isinstance(value, (int, float)):
        return f'Put it in quotes: "{written}".'
    if get_origin(expected.kind) is Literal:
        values = get_args(expected.kind)
        if value in map(str, values):
            return "Remove the quotes."
        return nearest(value, map(str, values)) if isinstance(value, str) else ""
    if get_origin(expected.kind) is tuple and isinstance(value, str):
        return f"Write a list of one entry: [{written}]."
    return ""
