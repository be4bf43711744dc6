"""Which resource an attribute names: by the text that the attribute will be, whether it is written or a reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policies.access.globs import glob, regular
from policies.access.read.texts import ValueTexts
from policies.access.text import is_determined, readable, widened
from policies.library.model import Resource
from policies.library.values import Value
from policies.reachability.network import Assumption
from policies.reachability.read.reading import Reading


@dataclass(frozen=True)
class Link:
    """A resource at the other end, and what it rests on that it is there."""

    resource: Resource
    assumption: Assumption | None = None


class TextLinks:
    """Finds resources by the texts that name them."""

    def __init__(self, reading: Reading, texts: ValueTexts) -> None:
        self._reading = reading
        self._texts = texts
        self._indexes: dict[tuple[str, ...], Mapping[str, tuple[Resource, ...]]] = {}

    def named(self, value: Value, types: tuple[str, ...], user: Resource) -> tuple[Link, ...]:
        """The resources of some types that a value of `user` names, or may name."""
        return tuple(each for text in self._each(value) for each in self.by_text(text, types, user))

    def by_text(self, text: str, types: tuple[str, ...], user: Resource) -> tuple[Link, ...]:
        """The resources of some types that a text names, or may name."""
        index = self._index(types)
        presence = self._reading.presence(user)
        if is_determined(text):
            return tuple(Link(each, presence) for each in index.get(text, ()))
        same = index.get(text, ())
        pattern = re.compile(regular(glob(widened(text))), re.DOTALL)
        assumption = Assumption(f"it is not known what {readable(text)} is: it may be any of them", user)
        found = (each for name, resources in index.items() if pattern.fullmatch(name) for each in resources)
        others = (Link(each, assumption) for each in dict.fromkeys(found) if each not in same)
        return (*(Link(each, presence) for each in same), *others)

    def knows(self, text: str, types: tuple[str, ...]) -> bool:
        """Whether a text is the name of a resource of some types."""
        return text in self._index(types)

    def _each(self, value: Value) -> Iterable[str]:
        values = value if isinstance(value, tuple) else (value,)
        return [text for text in self._texts.texts(values) if text]

    def _index(self, types: tuple[str, ...]) -> Mapping[str, tuple[Resource, ...]]:
        if types not in self._indexes:
            found: dict[str, dict[Resource, None]] = {}
            for resource in self._reading.configuration.of_type(*types):
                for name in self._texts.names(resource):
                    found.setdefault(name, {})[resource] = None
            self._indexes[types] = {name: tuple(resources) for name, resources in found.items()}
        return self._indexes[types]
