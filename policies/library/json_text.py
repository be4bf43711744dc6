"""JSON text of which parts may be unknown."""

from __future__ import annotations

import json
import re

from policies.library.values import Partial, Unknown, UnknownValue, Value, WrongValue, freeze, transform

_MARK = re.compile("\ue000(\\d+)\ue001")
_LAST_COMMA = re.compile(r",(?=\s*[\]}])")
_QUOTED_OR_MARK = re.compile('"(?:[^"\\\\]|\\\\.)*"|\ue000(\\d+)\ue001', re.DOTALL)


def from_json(value: Value) -> Value:
    """What JSON text says, with its unknown parts as Unknown or Partial. Raises UnknownValue if it is no JSON text."""
    if isinstance(value, str):
        return _json(value, ())
    if isinstance(value, Partial):
        marks = tuple(part for part in value.parts if isinstance(part, Unknown))
        count = iter(range(len(marks)))
        text = "".join(part if isinstance(part, str) else f"\ue000{next(count)}\ue001" for part in value.parts)
        return _json(text, marks)
    if isinstance(value, Unknown):
        raise value.failure()
    raise WrongValue(repr(value), reason="it is no JSON text")


def _json(text: str, marks: tuple[Unknown, ...]) -> Value:
    """JSON text in which marks stand for unknown parts. Raises UnknownValue."""
    # an unknown part that stands outside quotes is a value of its own
    quoted = _QUOTED_OR_MARK.sub(lambda found: f'"{found[0]}"' if found[1] else found[0], text)
    try:
        value = freeze(json.loads(quoted))
    except ValueError:
        try:  # AWS refuses a comma after the last element; what is meant is clear
            value = freeze(json.loads(_LAST_COMMA.sub("", quoted)))
        except ValueError:
            raise UnknownValue(text, reason="it is not JSON, or its unknown parts decide its structure") from None

    def restore(part: str) -> Value:
        pieces = _MARK.split(part)
        if len(pieces) == 1:
            return part
        parts: list[str | Unknown] = [marks[int(piece)] if at % 2 else piece for at, piece in enumerate(pieces)]
        parts = [piece for piece in parts if isinstance(piece, Unknown) or piece]
        if len(parts) == 1 and isinstance(parts[0], Unknown):
            return parts[0]
        written = "".join(f"${{{piece.expression}}}" if isinstance(piece, Unknown) else piece for piece in parts)
        return Partial(written, tuple(parts))

    return transform(value, restore)
