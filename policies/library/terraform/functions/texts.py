"""Functions of text."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Mapping

from policies.library.terraform.conversions import (
    Fault,
    Unsorted,
    items,
    join_text,
    number,
    split_text,
    text,
)
from policies.library.terraform.functions.lists import concat
from policies.library.terraform.functions.patterns import compiled
from policies.library.values import Linked, Partial, Reference, Unknown, Value, freeze

_VERB = re.compile(r"(%%|%[-+ #0]*\d*(?:\.\d+)?[vsdqtf])")


def _format(pattern: Value, *arguments: Value) -> Value:
    rest = list(arguments)
    parts: list[Value] = []
    for written in pattern.parts if isinstance(pattern, Partial) else (pattern,):
        if isinstance(written, Unknown):
            parts.append(written)
        else:
            parts += [_formatted(piece, rest) for piece in _VERB.split(text(written))]
    return join_text(parts, "format(...)")


def _formatted(piece: str, rest: list[Value]) -> Value:
    """A piece of a pattern: text, or a verb, which takes one of the arguments."""
    if piece == "%%" or not piece.startswith("%"):
        return "%" if piece == "%%" else piece
    if not rest:
        raise Fault("not enough arguments for format")
    value = rest.pop(0)
    if isinstance(value, Unknown):
        return value
    if piece[-1] in "df" or piece[1:-1]:
        return piece % number(value) if piece[-1] in "df" else piece.replace("v", "s") % text(value)
    return json.dumps(text(value)) if piece[-1] == "q" else text(value)


def _format_list(pattern: Value, *lists: Value) -> Value:
    length = max((len(value) for value in lists if isinstance(value, tuple)), default=1)
    return tuple(
        _format(pattern, *(value[at] if isinstance(value, tuple) else value for value in lists)) for at in range(length)
    )


def _join(separator: Value, *lists: Value) -> Value:
    parts: list[Value] = []
    for item in concat(*lists):
        parts += [separator, item] if parts else [item]
    return join_text(parts, "join(...)")


_SHORTEST_PLACEHOLDER = 5
"""Text that is replaced and is shorter may be in what is unknown too."""


def _split(separator: Value, value: Value) -> Value:
    if isinstance(value, Reference):
        return (value,)  # as of unknown parts
    if isinstance(value, Partial) and all(isinstance(part, str | Reference) for part in value.parts):
        return split_text(value, text(separator))
    return tuple(text(value).split(text(separator))) if value != "" else ()


def _replace(value: Value, old: Value, new: Value) -> Value:
    pattern = text(old)
    if isinstance(value, Partial) and len(pattern) >= _SHORTEST_PLACEHOLDER and not pattern.startswith("/"):
        return join_text(_with_new(value, pattern, new), f"replace({value.expression}, ...)")
    if isinstance(new, Unknown) and not pattern.startswith("/"):
        return join_text(_with_new(text(value), pattern, new), f"replace({value!r}, ...)")
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        template = re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", text(new).replace("\\", r"\\"))
        return compiled(pattern[1:-1]).sub(template, text(value))
    return text(value).replace(pattern, text(new))


def _with_new(value: str | Partial, pattern: str, new: Value) -> list[Value]:
    """The parts of a text in which something else is in the place of a pattern."""
    parts: list[Value] = []
    for part in value.parts if isinstance(value, Partial) else (value,):
        if isinstance(part, Unknown):
            parts.append(part)
            continue
        for at, piece in enumerate(part.split(pattern)):
            parts += [new, piece] if at else [piece]
    return parts


def _sort(value: Value) -> Value:
    if any(isinstance(item, Unknown) for item in items(value)):
        return Unsorted(items(value))
    return tuple(sorted(text(item) for item in items(value)))


def _substr(value: Value, start: Value, length: Value) -> str:
    at, count = int(number(start)), int(number(length))
    rest = text(value)[at:]
    return rest if count < 0 else rest[:count]


def _regex(pattern: Value, value: Value) -> Value:
    found = compiled(text(pattern)).search(text(value))
    if not found:
        raise Fault("no match")
    return _groups(found)


def _groups(found: re.Match[str]) -> Value:
    return found.groupdict() or found.groups() or found[0]


PURE: Mapping[str, Callable[..., Value]] = {
    "abspath": lambda value: posixpath.normpath(text(value)),
    "basename": lambda value: posixpath.basename(text(value).rstrip("/")),
    "chomp": lambda value: text(value).rstrip("\r\n"),
    "dirname": lambda value: posixpath.dirname(text(value)) or ".",
    "endswith": lambda value, end: text(value).endswith(text(end)),
    "indent": lambda count, value: text(value).replace("\n", "\n" + " " * int(number(count))),
    "lower": lambda value: text(value).lower(),
    "regex": _regex,
    "regexall": lambda pattern, value: freeze(
        [_groups(found) for found in compiled(text(pattern)).finditer(text(value))]
    ),
    "replace": _replace,
    "sort": _sort,
    "split": _split,
    "startswith": lambda value, start: text(value).startswith(text(start)),
    "strcontains": lambda value, part: text(part) in text(value),
    "strrev": lambda value: text(value)[::-1],
    "substr": _substr,
    "title": lambda value: re.sub(r"\b\w", lambda found: found[0].upper(), text(value)),
    "trim": lambda value, characters: text(value).strip(text(characters)),
    "trimprefix": lambda value, prefix: text(value).removeprefix(text(prefix)),
    "trimspace": lambda value: text(value).strip(),
    "trimsuffix": lambda value, suffix: text(value).removesuffix(text(suffix)),
    "upper": lambda value: text(value).upper(),
    "format": _format,
    "formatlist": _format_list,
    "join": _join,
    "tostring": lambda value: value if value is None or isinstance(value, Unknown | Linked) else text(value),
}
