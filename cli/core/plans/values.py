"""What changes between two values of a plan, and how to show it with sensitive values masked.

Format: Terraform's "JSON Output Format", "Change Representation": `before`, `after`, and in the same shape
`after_unknown`, `before_sensitive`, `after_sensitive`, with `true` in the place of what is meant.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cli.core.plans.model import Attribute, Value

SENSITIVE = Value("(sensitive)")
UNKNOWN = Value("(known after apply)")
NOTHING = Value("")

Path = tuple[str | int, ...]


def differences(change: Mapping[str, Any]) -> tuple[Attribute, ...]:
    """The attributes that change, by path; texts that are JSON count as one value."""
    forcing = [tuple(path) for path in change.get("replace_paths") or ()]
    attributes = []
    for path, before, after in _walk(
        (),
        (change.get("before"), change.get("before_sensitive")),
        (change.get("after"), change.get("after_sensitive")),
        change.get("after_unknown"),
    ):
        forces = any(path[: len(other)] == other or other[: len(path)] == path for other in forcing)
        attributes.append(Attribute(shown(path), before, after, forces))
    return tuple(attributes)


def shown(path: Path) -> str:
    """`("ingress", 0, "from_port")` as `ingress[0].from_port`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def is_marked(marks: Any) -> bool:
    """Whether something is marked, at any depth."""
    if isinstance(marks, Mapping):
        return any(map(is_marked, marks.values()))
    if isinstance(marks, list):
        return any(map(is_marked, marks))
    return marks is True


def _walk(
    path: Path, before: tuple[Any, Any], after: tuple[Any, Any], unknown: Any
) -> Iterator[tuple[Path, Value, Value]]:
    """Path, value before and value after of everything that differs; of each side the value and its marks."""
    old, new = before[0], after[0]
    if unknown is True:
        yield path, _value(*before), UNKNOWN
        return
    if before[1] is True or after[1] is True:
        if old != new or is_marked(unknown):
            yield path, _value(*before), _value(*after)
        return
    if (isinstance(old, Mapping) and isinstance(new, Mapping)) or (old is None and isinstance(new, Mapping)):
        known = old if isinstance(old, Mapping) else {}
        holes = unknown if isinstance(unknown, Mapping) else {}
        for name in sorted({*known, *new, *holes}):
            yield from _walk(
                (*path, name),
                (known.get(name), _inner(before[1], name)),
                (new.get(name), _inner(after[1], name)),
                holes.get(name),
            )
    elif _are_blocks(old) and _are_blocks(new) and old and new and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _walk(
                (*path, index),
                (one, _inner(before[1], index)),
                (other, _inner(after[1], index)),
                _inner(unknown, index),
            )
    elif is_marked(unknown) or (old != new and not (_is_empty(old) and _is_empty(new))):
        yield path, _value(*before), UNKNOWN if is_marked(unknown) and not new else _value(*after)


def _is_empty(value: Any) -> bool:
    """Whether there is nothing in a value: the AWS provider writes null at first and an empty map at the next look."""
    return value is None or value in ({}, [], "")


def _are_blocks(value: Any) -> bool:
    """Whether a value is a list of nested blocks."""
    return isinstance(value, list) and all(isinstance(block, Mapping) for block in value)


def _inner(marks: Any, step: str | int) -> Any:
    """The marks inside of something."""
    if isinstance(marks, Mapping):
        return marks.get(step)
    if isinstance(marks, Sequence) and not isinstance(marks, str) and isinstance(step, int):
        return marks[step] if step < len(marks) else None
    return None


def _value(value: Any, marks: Any) -> Value:
    """A value as it may be shown."""
    if value is None and not is_marked(marks):
        return NOTHING
    if is_marked(marks):
        return SENSITIVE if marks is True else Value(_text(_masked(value, marks)))
    return Value(_text(value))


def _masked(value: Any, marks: Any) -> Any:
    """A value with what is marked in it replaced."""
    if marks is True:
        return SENSITIVE.text
    if isinstance(value, Mapping):
        return {name: _masked(inner, _inner(marks, name)) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, _inner(marks, index)) for index, inner in enumerate(value)]
    return value


def _text(value: Any) -> str:
    """A value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
