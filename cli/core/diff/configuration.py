"""The difference of two Terraform configurations as cdktf writes them, resource by resource. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from cli.core.base.secrets import masked
from cli.core.diff.model import AttributeDifference, ResourceDifference
from cli.core.plans.structure import changed_items, differing, shown

_METADATA = "//"


def differences(stack: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[ResourceDifference]:
    """What is in one configuration only or differs, by address."""
    old, new = dict(_blocks(before)), dict(_blocks(after))
    for address in sorted(old.keys() | new.keys()):
        mine, theirs = old.get(address), new.get(address)
        path = _construct_path(theirs if theirs is not None else mine)
        if mine is None or theirs is None:
            yield ResourceDifference(
                stack=stack,
                address=address,
                construct_path=path,
                change="added" if mine is None else "removed",
                attributes=(),
            )
        elif found := tuple(_attributes(_content(mine), _content(theirs))):
            yield ResourceDifference(
                stack=stack, address=address, construct_path=path, change="changed", attributes=found
            )


def _blocks(configuration: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every block by its address; what has no labels goes by the name of its section."""
    for section, content in configuration.items():
        if section == _METADATA:
            continue
        if section in ("resource", "data"):
            for type_, blocks in content.items():
                for name, block in blocks.items():
                    yield f"{'data.' if section == 'data' else ''}{type_}.{name}", block
        elif section in ("output", "locals", "variable", "module"):
            for name, block in content.items():
                yield f"{section}.{name}", block
        else:
            yield section, content


def _content(block: Any) -> Any:
    """A block without the notes of the constructs, of which only suppressions mean something."""
    if not isinstance(block, Mapping) or _METADATA not in block:
        return block
    rest = {key: value for key, value in block.items() if key != _METADATA}
    suppressions = block[_METADATA].get("suppressions")
    return {**rest, "suppressions": suppressions} if suppressions else rest


def _construct_path(block: Any) -> str:
    path = block.get(_METADATA, {}).get("metadata", {}).get("path", "") if isinstance(block, Mapping) else ""
    return str(path).partition("/")[2]


def _attributes(before: Any, after: Any) -> Iterator[AttributeDifference]:
    """What differs between two blocks; in lists, the items that only one of them has."""
    for path, one, other in differing(masked(_read(before)), masked(_read(after))):
        place, name = shown(path), shown(path, by_key=True)
        removed, added = changed_items(one, other) if isinstance(one, list) and isinstance(other, list) else ([], [])
        if not removed and not added:
            yield AttributeDifference(place, one, other, name)
        for mine, theirs in zip_longest(removed, added):
            at = one.index(mine) if theirs is None else other.index(theirs)
            yield AttributeDifference(f"{place}[{at}]", mine, theirs, name)


def _read(value: Any) -> Any:
    """A value with what JSON texts in it say."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return _read(json.loads(value))
        except ValueError:
            return value
    if isinstance(value, Mapping):
        return {key: _read(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return list(map(_read, value))
    return value
