"""Attributes by what they are called, at any depth of a resource: for types of which no more is known than names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from policies.library.values import Unknown, Value
from policies.reachability.read.reading import leaves


def values_named(attributes: Mapping[str, Value], pattern: re.Pattern[str]) -> Iterator[Value]:
    """The texts, and what is not known, of the attributes whose names match."""
    for value in _named(attributes, pattern):
        if any(isinstance(leaf, str | Unknown) for leaf in leaves(value)):
            yield value


def flags_named(attributes: Mapping[str, Value], pattern: re.Pattern[str]) -> Iterator[bool | Unknown]:
    """The booleans of the attributes whose names match, also those written as text (`ENABLED` too)."""
    for value in _named(attributes, pattern):
        for leaf in leaves(value):
            yield leaf if isinstance(leaf, Unknown) else str(leaf).lower() in ("true", "1", "enabled")


def unknown_blocks(attributes: Mapping[str, Value], pattern: re.Pattern[str]) -> Iterator[Value]:
    """The blocks whose names match and of which nothing is known."""
    for name, value in attributes.items():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Unknown) and pattern.fullmatch(name):
                yield each
            elif isinstance(each, Mapping):
                yield from unknown_blocks(each, pattern)


def _named(attributes: Mapping[str, Value], pattern: re.Pattern[str]) -> Iterator[Value]:
    for name, value in attributes.items():
        blocks = [each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, Mapping)]
        if not blocks and pattern.fullmatch(name):
            yield value
        for block in blocks:
            yield from _named(block, pattern)
