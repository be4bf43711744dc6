"""Patterns of policies as tokens: what actions, resources and values of conditions are compared with.

Sources: IAM user guide, "IAM JSON policy elements: Action", "Resource", "Condition operators", "Variables and tags"
(`${*}`, `${?}` and `${$}` are the characters themselves).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import methodcaller
from typing import TypeAlias

from policies.access.text import FIELD_WILDCARD

ONE = "?"
"""Any one character."""
STAR = "*"
"""Any number of characters."""
PART_ONE = "?:"
"""Any one character but a colon."""
PART_STAR = "*:"
"""Any number of characters but colons."""
FIELD_STAR = "*:/"
"""Any number of characters but colons and slashes."""


@dataclass(frozen=True, eq=False)
class Char:
    """One character, or one of two: `aA` where case does not count. There is one object of each."""

    of: str


Token: TypeAlias = "Char | str"
"""A character, or one of ONE, STAR, PART_ONE, PART_STAR, FIELD_STAR."""

Glob: TypeAlias = tuple[Token, ...]

_SPECIAL = re.compile(rf"(\$\{{[*?$]\}}|[*?{FIELD_WILDCARD}])")
_WILD: Mapping[str, Token] = {"*": STAR, "?": ONE, FIELD_WILDCARD: FIELD_STAR}
_ARN_PARTS = 6
_NOWHERE = "\ue00e"
"""A character that no pattern has."""


class _Chars(dict[str, Char]):
    """The one object of each character, or of the two that a text stands for."""

    def __missing__(self, of: str) -> Char:
        return self.setdefault(of, Char(of))


class _Folded(dict[str, Char]):
    """The same by a character of which case does not count."""

    def __missing__(self, character: str) -> Char:
        both = sorted({character, character.lower(), character.upper()}) if character.isalpha() else [character]
        return self.setdefault(character, _CHARS["".join(both)])


_CHARS = _Chars()
_FOLDED = _Folded()


def literal(text: str, *, folds_case: bool = False) -> Glob:
    """The pattern of one text, in which no character is special."""
    return tuple(map((_FOLDED if folds_case else _CHARS).__getitem__, text))


@lru_cache(maxsize=10_000)
def glob(text: str, *, folds_case: bool = False) -> Glob:
    """The pattern that a text with wildcards and escapes means."""
    tokens: list[Token] = []
    for index, piece in enumerate(_SPECIAL.split(text)):
        if index % 2 == 0:
            tokens += literal(piece, folds_case=folds_case)
        elif len(piece) > 1:
            tokens += literal(piece[2], folds_case=folds_case)
        elif piece != "*" or tokens[-1:] != [STAR]:
            tokens.append(_WILD[piece])
    return tuple(tokens)


@lru_cache(maxsize=10_000)
def arn_glob(text: str) -> Glob | None:
    """The pattern that ArnLike and ArnEquals mean: wildcards stay within their part. None for what is no ARN.

    A single `*` is every ARN. Source: "Condition operators": "each of the six colon-delimited components of the ARN is
    checked separately and each can include multi-character match wildcards".
    """
    if text == "*":
        return (STAR,)
    parts = text.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return None
    within = {STAR: PART_STAR, ONE: PART_ONE}
    head = glob(":".join(parts[:-1]) + ":")
    return (*(token if isinstance(token, Char) else within.get(token, token) for token in head), *glob(parts[-1]))


@lru_cache(maxsize=10_000)
def is_literal(pattern: Glob) -> bool:
    """Whether one text alone matches."""
    return all(isinstance(token, Char) and len(token.of) == 1 for token in pattern)


def regular(pattern: Glob) -> str:
    """The regular expression of the texts that match."""
    wild = {ONE: ".", STAR: ".*", PART_ONE: "[^:]", PART_STAR: "[^:]*", FIELD_STAR: "[^:/]*"}
    return "".join(f"[{re.escape(each.of)}]" if isinstance(each, Char) else wild[each] for each in pattern)


@lru_cache(maxsize=10_000)
def matcher(pattern: Glob) -> Callable[[str], object]:
    """Says of a text, by what is true or not, whether it matches."""
    head, stars = (pattern[:-1], 1) if pattern[-1:] == (STAR,) else (pattern, 0)
    if is_literal(head):
        text = "".join(each.of for each in head if isinstance(each, Char))
        return methodcaller("startswith", text) if stars else text.__eq__
    return re.compile(regular(pattern), re.DOTALL).fullmatch


def meet(one: Glob, other: Glob) -> bool:
    """Whether some text matches both."""
    same = next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if not _is_one(*pair)), min(len(one), len(other))
    )
    seen: set[tuple[int, int]] = set()
    todo = [(same, same)]
    while todo:
        at = todo.pop()
        if at in seen:
            continue
        seen.add(at)
        first, second = at
        if first == len(one) and second == len(other):
            return True
        if first < len(one) and is_star(one[first]):
            todo.append((first + 1, second))
        if second < len(other) and is_star(other[second]):
            todo.append((first, second + 1))
        if first < len(one) and second < len(other) and _share(one[first], other[second]):
            todo.append((first + (not is_star(one[first])), second + (not is_star(other[second]))))
    return False


def is_within(one: Glob, other: Glob) -> bool:
    """Whether all texts that match one pattern surely match the other: told by a text that only the other's stars take
    for the one's wildcards."""
    wild = {ONE: _NOWHERE, PART_ONE: _NOWHERE, STAR: f"{_NOWHERE}:/{_NOWHERE}", PART_STAR: f"{_NOWHERE}/{_NOWHERE}"}
    text = "".join(each.of[0] if isinstance(each, Char) else wild.get(each, _NOWHERE * 2) for each in one)
    return re.fullmatch(regular(other), text, re.DOTALL) is not None


def is_star(token: Token) -> bool:
    """Whether it matches any number of characters."""
    return token in (STAR, PART_STAR, FIELD_STAR)


def accepts(token: Token, character: str) -> bool:
    """Whether a token can take a character."""
    if isinstance(token, Char):
        return character in token.of
    return token in (ONE, STAR) or character not in (":/" if token == FIELD_STAR else ":")


def _is_one(one: Token, other: Token) -> bool:
    """Whether both are the same one character."""
    return one is other and isinstance(one, Char)


def _share(one: Token, other: Token) -> bool:
    if isinstance(one, Char):
        return any(accepts(other, each) for each in one.of)
    if isinstance(other, Char):
        return any(accepts(one, each) for each in other.of)
    return True
