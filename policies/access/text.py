"""Text of policies and ARNs of which parts are not known before the apply.

Such a part is put into the text between two characters that no policy holds, so that text stays text. What AWS assigns
(an id, a random suffix, the account's number) equals itself and nothing else that is written. What a variable, a
module that is not here, a data source or a stack elsewhere decides may turn out to be anything, also what is written
elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ASSIGNED = ("\ue000", "\ue001")
_OPEN = ("\ue002", "\ue003")

_FIELD = "\ue004"
FIELD_WILDCARD = "\ue005"
"""In a pattern, any text without `:` and `/`."""

FIELD = (
    f"(?:[^:{''.join((*_ASSIGNED, *_OPEN))}]"
    f"|{_ASSIGNED[0]}[^{_ASSIGNED[1]}]*{_ASSIGNED[1]}|{_OPEN[0]}[^{_OPEN[1]}]*{_OPEN[1]})"
)
"""A regular expression of one character between colons, or of a part that is not known, whatever its name has."""

_DOUBT = "\ue006"
_OPEN_PART = re.compile(f"{_OPEN[0]}({_FIELD}?)[^{_OPEN[1]}]*{_OPEN[1]}")
_SHOWN_TO_NOBODY = re.compile(f"{_DOUBT}[0-9a-f]*")
_READABLE = str.maketrans(
    {_ASSIGNED[0]: "<", _ASSIGNED[1]: ">", _OPEN[0]: "<", _OPEN[1]: ">", _FIELD: None},
)


def assigned(name: str) -> str:
    """A part that AWS chooses: equal to itself alone. `vpce-` + assigned("aws_vpc_endpoint.s3.id")."""
    return f"{_ASSIGNED[0]}{name}{_ASSIGNED[1]}"


def undetermined(name: str, doubt: str = "") -> str:
    """A part that may turn out to be any text; `name` says what decides it: `var.bucket`. `doubt` tells it from others
    of that name, as policies.library.doubts says, and is not shown."""
    return f"{_OPEN[0]}{name}{_DOUBT + doubt if doubt else ''}{_OPEN[1]}"


def undetermined_field(name: str) -> str:
    """A part that may turn out to be any text without `:` and `/`: the region or the account's number in an ARN.

    Source: IAM user guide, "Identify AWS resources with Amazon Resource Names (ARNs)".
    """
    return f"{_OPEN[0]}{_FIELD}{name}{_OPEN[1]}"


def settled(text: str, parts: Iterable[str]) -> str:
    """A text in which some parts that may turn out to be any text equal themselves alone."""
    for part in parts:
        text = text.replace(part, assigned(part.strip("".join((*_OPEN, _FIELD)))))
    return text


def is_determined(text: str) -> bool:
    """Whether no part may turn out to be any text."""
    return _OPEN[0] not in text


def widened(text: str) -> str:
    """The pattern of all that a text may turn out to be."""
    return _OPEN_PART.sub(lambda part: FIELD_WILDCARD if part[1] else "*", text)


def readable(text: str) -> str:
    """The text for people, what is not known in angle brackets: `arn:aws:s3:::<var.bucket>/*`."""
    return _SHOWN_TO_NOBODY.sub("", text).translate(_READABLE)
