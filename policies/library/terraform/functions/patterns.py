"""Regular expressions of Terraform, which are Go's, as Python's. Source: the syntax of RE2."""

from __future__ import annotations

import re
from functools import lru_cache

from policies.library.terraform.conversions import Fault
from policies.library.values import UnknownValue

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_POSIX = re.compile(r"\[:(\w+):\]")


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern to search with. Raises Fault if it is none, UnknownValue for classes that Python does not have."""
    try:
        return re.compile("".join(_translated(pattern)), re.ASCII)
    except re.error as error:
        raise Fault(f"not a regular expression: {pattern!r}: {error}") from None


def _translated(pattern: str) -> list[str]:
    pieces: list[str] = []
    at, in_class = 0, False
    while at < len(pattern):
        piece = pattern[at]
        if piece == "\\":
            piece = pattern[at : at + 2]
            if piece in (r"\p", r"\P", r"\Q", r"\C"):
                raise UnknownValue(pattern, reason=f"{piece} in a regular expression is not worked out here")
            pieces.append(r"\Z" if piece == r"\z" else piece)
        elif in_class and (posix := _POSIX.match(pattern, at)):
            piece = posix[0]
            if posix[1] not in _CLASSES:
                raise Fault(f"not a regular expression: {pattern!r}: no class {posix[1]}")
            pieces.append(_CLASSES[posix[1]])
        elif in_class:
            in_class = piece != "]"
            pieces.append(rf"\{piece}" if piece in "[&~|" else piece)
        elif piece == "[":
            start = re.compile(r"\[\^?\]?").match(pattern, at)
            piece = start[0] if start else piece
            pieces.append(piece.replace("]", r"\]"))
            in_class = True
        elif pattern.startswith("(?<", at) and pattern[at + 3 : at + 4] not in ("=", "!"):
            piece = "(?<"
            pieces.append("(?P<")
        else:
            pieces.append(piece)
        at += len(piece)
    return pieces
