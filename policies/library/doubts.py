"""What is written of values that are not known: equal for what is written alike, whatever it will be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from policies.library.model import Configuration, Resource
from policies.library.values import Reference, Value, leaves, unknowns, written

_SAYS_NOTHING = frozenset({"description", "tags", "tags_all"})
"""Arguments that decide nothing."""


def doubts(resource: Resource, configuration: Configuration) -> str:
    """The digest of all that is not known of a resource, with what is looked up for it; empty where all is known."""
    return _digest([value for name, value in resource.attributes.items() if name not in _SAYS_NOTHING], configuration)


def doubt(value: Value, configuration: Configuration) -> str:
    """The same of one value."""
    return _digest([value], configuration)


def how(resource: Resource, configuration: Configuration) -> str:
    """The digest of how something is looked up."""
    values = list(resource.attributes.values())
    return _hashed((written(resource.attributes), _looked_up(values, configuration, {})))


def _digest(values: list[Value], configuration: Configuration) -> str:
    found = [written(each) for value in values for each in unknowns(value)]
    return _hashed((found, _looked_up(values, configuration, {}))) if found else ""


def _hashed(said: object) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]


def _looked_up(values: list[Value], configuration: Configuration, found: dict[str, object]) -> list[tuple[str, object]]:
    """How everything is looked up, or made by what is not of AWS, that values refer to, directly or not."""
    for each in _sources(values, configuration):
        if each.address not in found:
            found[each.address] = written(each.attributes)
            _looked_up(list(each.attributes.values()), configuration, found)
    return sorted(found.items())


def _sources(values: list[Value], configuration: Configuration) -> Iterator[Resource]:
    for value in values:
        for leaf in leaves(value):
            resource = configuration.resources.get(leaf.address) if isinstance(leaf, Reference) else None
            if resource is not None and not resource.type.startswith("aws_"):
                yield resource
