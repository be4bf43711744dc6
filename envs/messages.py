"""The messages of wrong settings: pydantic's errors as problems, with what is allowed and how to fix it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from envs.environment_files import COMPANY_FILE
from envs.errors import Path, Problem, dotted
from envs.positions import Document, shown
from envs.settings import Settings
from envs.settings.base import RULE_ERROR, Part, Violation
from envs.settings.company import INHERITED
from envs.settings.fields import FieldType, allowed_values, known_paths, type_at
from envs.settings.types import VALUE_ERROR, Spelling

_WORDS_TO_BOOLEANS = frozenset(("yes", "no", "on", "off", "y", "n"))


def problems_of(error: ValidationError, document: Document, root: type[Part] = Settings) -> list[Problem]:
    """Return everything that ``error`` holds, as problems. ``root`` is the model that the document is read into."""
    return [problem for details in error.errors(include_url=False) for problem in _problems(details, document, root)]


def nearest(word: str, known: Iterable[str]) -> str:
    """``Did you mean ...?`` with the most similar of ``known``; empty when none is similar."""
    close = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"Did you mean {close[0]}?" if close else ""


def _problems(details: ErrorDetails, document: Document, root: type[Part]) -> Iterator[Problem]:
    path: Path = details["loc"]
    context: Mapping[str, Any] = details.get("ctx", {})
    if details["type"] == RULE_ERROR:
        for violation in context["violations"]:
            yield _broken_rule(path, violation, document)
        return
    if details["type"] == "extra_forbidden":
        yield _unknown_key(path, document, root)
        return
    if details["type"] == VALUE_ERROR and path[-1:] == ("[key]",):  # how pydantic marks the key of a mapping
        path = path[:-1]
        line, column, text = document.key_place(path)
        yield Problem(document.file, line, column, dotted(path), f"the key {text}", context["allowed"], context["hint"])
        return
    field_type = type_at(path, root)
    file, (line, column, text) = document.source(path)
    if details["type"] == "missing":
        text, allowed = "no value", f"a value: the key is required ({field_type.description.rstrip('.')})"
        hint = f"{COMPANY_FILE} can have it for all environments." if root is Settings and path in INHERITED else ""
    elif any(isinstance(constraint, Spelling) and constraint.hidden for constraint in field_type.constraints):
        text, allowed, hint = "a value that is not shown", allowed_values(field_type), ""
    elif details["type"] == VALUE_ERROR:
        allowed, hint = context["allowed"], context["hint"]
    else:
        allowed, hint = allowed_values(field_type), _advice(details, field_type, text)
    yield Problem(file, line, column, dotted(path), text, allowed, hint)


def _broken_rule(path: Path, violation: Violation, document: Document) -> Problem:
    file, place = document.source((*path, *violation.key))
    return Problem(
        file,
        place.line,
        place.column,
        dotted((*path, *violation.key)),
        shown(violation.received),
        violation.allowed,
        violation.hint,
    )


def _unknown_key(path: Path, document: Document, root: type[Part]) -> Problem:
    line, column, _ = document.key_place(path)
    part = type_at(path[:-1], root).kind
    known = sorted(part.model_fields)
    key = str(path[-1])
    elsewhere = [dotted(known_path) for known_path in known_paths(root) if known_path[-1] == key]
    hint = f"There is {elsewhere[0]}." if elsewhere else nearest(key, known)
    return Problem(document.file, line, column, dotted(path), "an unknown key", f"one of {', '.join(known)}", hint)


def _advice(details: ErrorDetails, field_type: FieldType, written: str) -> str:
    """How to fix a value of the wrong type; empty when the type says it all."""
    value = details["input"]
    if field_type.kind is bool and isinstance(value, str) and value.lower() in _WORDS_TO_BOOLEANS:
        return "YAML 1.2 has no other words for them."
    if field_type.kind is int and isinstance(value, str) and value.isascii() and value.isdigit():
        return "Remove the quotes." if written.startswith(('"', "'")) else ""
    if field_type.kind is str and isinstance(value, (int, float)):
        return f'Put it in quotes: "{written}".'
    if get_origin(field_type.kind) is Literal:
        values = get_args(field_type.kind)
        if value in map(str, values):
            return "Remove the quotes."
        return nearest(value, map(str, values)) if isinstance(value, str) else ""
    if get_origin(field_type.kind) is tuple and isinstance(value, str):
        return f"Write a list of one entry: [{written}]."
    return ""
