"""Editing an environment's file to have another release, changing no byte that need not change."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from cli.core.releases.refusals import NotRewritable
from envs import load

_KEY = "release"
_LONGEST = 120
"""Characters of a line that is written."""
_SIMPLE = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./+-]*")


def environment_file(environment: str) -> Path:
    """The file of an environment."""
    return load.DIRECTORY / f"{environment}.yaml"


def with_release(text: str, values: Mapping[str, Any]) -> str:
    """An environment file with other values of its release; comments, order, quotes and all other lines stay.

    Values that are the same stay as they are written. Keys that are new come last, keys that are gone go with their
    line. Raises `NotRewritable` for a file that has no release as a block of keys.
    """
    root = YAML().compose(text)
    release = _child(root, _KEY) if isinstance(root, MappingNode) else None
    if not isinstance(release, MappingNode) or release.flow_style:
        raise NotRewritable(
            "the file has no release that can be edited; write release: with its keys on lines of their own"
        )
    edits = _edits(text, release, values)
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    assert YAML(typ="safe").load(text)[_KEY] == values, "the edited file does not have the release"
    return text


_Edit = tuple[int, int, str]


def _edits(text: str, mapping: MappingNode, values: Mapping[str, Any]) -> list[_Edit]:
    """What to replace so that a block of keys has other values."""
    edits: list[_Edit] = []
    there = {key.value: (key, value) for key, value in mapping.value}
    for name, (key, node) in there.items():
        if name not in values:
            edits.append((_line_start(text, key), _block_end(text, node), ""))
        elif isinstance(node, MappingNode) and not node.flow_style and values[name]:
            edits += _edits(text, node, values[name])
        elif _plain(node) != values[name]:
            edits.append((node.start_mark.index, _end(text, node), _value_text(values[name], node)))
    new = [name for name in values if name not in there]
    if new:
        last_key, last = mapping.value[-1]
        at, indent = _block_end(text, last), " " * last_key.start_mark.column
        lines = "".join(_lines(indent, name, values[name]) for name in new)
        edits.append((at, at, lines if text[:at].endswith("\n") else f"\n{lines}"))
    return edits


def _lines(indent: str, name: str, value: Any) -> str:
    """The lines of a new key: a map that is long gets a line for each of its keys."""
    line = f"{indent}{name}: {_value_text(value, None)}\n"
    if not isinstance(value, Mapping) or len(line) <= _LONGEST:
        return line
    inner = "".join(f"{indent}  {key}: {_value_text(each, None)}\n" for key, each in value.items())
    return f"{indent}{name}:\n{inner}"


def _child(mapping: MappingNode, name: str) -> Node | None:
    return next((value for key, value in mapping.value if key.value == name), None)


def _plain(node: Node) -> Any:
    """What a node says."""
    return YAML(typ="safe").constructor.construct_document(node) if node is not None else None


def _value_text(value: Any, old: Node | None) -> str:
    """A value on one line, in the quotes of the one that it replaces."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_value_text(each, None)}' for key, each in value.items())}}}"
    if not isinstance(value, str):
        return json.dumps(value)
    style = old.style if isinstance(old, ScalarNode) else None
    if style == "'" and "'" not in value:
        return f"'{value}'"
    is_plain = style is None and _reads_as(value)
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def _reads_as(value: str) -> bool:
    """Whether text means itself without quotes wherever it stands: it has no sign of YAML and is no number."""
    return _SIMPLE.fullmatch(value) is not None and bool(YAML(typ="safe").load(value) == value)


def _end(text: str, node: Node) -> int:
    """Where a value ends: block values end after their last line break, which stays."""
    end: int = node.end_mark.index
    while text[end - 1 : end] in ("\n", " "):
        end -= 1
    return end


def _line_start(text: str, node: Node) -> int:
    return text.rfind("\n", 0, node.start_mark.index) + 1


def _block_end(text: str, node: Node) -> int:
    """The start of the line after a value."""
    if isinstance(node, MappingNode) and node.value and not node.flow_style:
        return _block_end(text, node.value[-1][1])
    newline = text.find("\n", _end(text, node))
    return len(text) if newline < 0 else newline + 1
