"""Policy variables in texts: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`.

Source: IAM user guide, "IAM policy elements: Variables and tags".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from policies.access.globs import glob, is_literal
from policies.access.model import ABSENT, Context, KeyValues
from policies.access.text import is_determined, widened

_VARIABLE = re.compile(r"\$\{\s*([^}*?$,'][^},]*?)\s*(?:,\s*'([^']*)'\s*)?\}")
_SPECIAL = re.compile(r"\$\{[*?$]\}|[*?]")


@dataclass(frozen=True)
class Bound:
    """A text with its variables replaced, as a pattern."""

    wide: str
    """All that it may be: `*` stands where a value is not known."""
    narrow: str | None
    """The text, if every value is known."""


def variables(texts: Iterable[str]) -> tuple[str, ...]:
    """The keys that some texts ask for, in lower case, each once."""
    return tuple(dict.fromkeys(key.lower() for text in texts for key, _ in _VARIABLE.findall(text)))


def bind(text: str, context: Context, *, has_wildcards: bool) -> Bound | None:
    """A text in the context of a request. None if it needs a key that the request lacks: then it matches nothing.

    Without `has_wildcards`, `*` and `?` are characters of the text. A value never brings wildcards with it.
    """
    text = text if has_wildcards else _SPECIAL.sub(_escaped, text)
    is_known = True
    pieces: list[str] = []
    at = 0
    for match in _VARIABLE.finditer(text):
        key, default = match.groups()
        held = context.get(key.lower())
        if held == ABSENT:
            if default is None:
                return None
            piece: str | None = _SPECIAL.sub(_escaped, default)
        else:
            piece = _value(held)
        is_known = is_known and piece is not None
        pieces += [text[at : match.start()], "*" if piece is None else piece]
        at = match.end()
    bound = "".join([*pieces, text[at:]])
    return Bound(widened(bound), bound if is_known else None)


def _value(held: KeyValues | None) -> str | None:
    """The one value that a key has; None if nobody knows it."""
    if held is None or held.may_be_absent or len(held.values) != 1:
        return None
    value = held.values[0]
    return value if is_determined(value) and is_literal(glob(value)) else None


def _escaped(match: re.Match[str]) -> str:
    return match[0] if len(match[0]) > 1 else f"${{{match[0]}}}"
