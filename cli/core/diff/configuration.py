"""The difference of two Terraform configurations as cdktf writes them, resource by resource. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cli.core.diff.model import AttributeDifference, ResourceDifference

_METADATA = "//"
_ABSENT = object()


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
        elif found := tuple(_attributes(_content(mine), _content(theirs), "")):
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


def _attributes(before: Any, after: Any, path: str) -> Iterator[AttributeDifference]:
    before, after = _read(before), _read(after)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            yield from _attributes(before.get(key, _ABSENT), after.get(key, _ABSENT), f"{path}.{key}" if path else key)
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            mine = before[index] if index < len(before) else _ABSENT
            theirs = after[index] if index < len(after) else _ABSENT
            yield from _attributes(mine, theirs, f"{path}[{index}]")
    elif before is _ABSENT or after is _ABSENT or before != after or type(before) is not type(after):
        yield AttributeDifference(path, *(None if each is _ABSENT else each for each in (before, after)))


def _read(value: Any) -> Any:
    """A value, or what JSON text in it says."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
