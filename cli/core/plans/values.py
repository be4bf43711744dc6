"""What changes between two values of a plan, and how to show it with sensitive values masked.

Format: Terraform's "JSON Output Format", "Change Representation": `before`, `after`, and in the same shape
`after_unknown`, `before_sensitive`, `after_sensitive`, with `true` in the place of what is meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.core.base.secrets import masked
from cli.core.plans.model import Attribute, Value
from cli.core.plans.structure import Item, Path, differing, shown
from cli.core.plans.texts import as_json, changed_lines, decoded, list_lines

SENSITIVE = Value("(sensitive)")
UNKNOWN = Value("(known after apply)")
NOTHING = Value("")


@dataclass(frozen=True, slots=True)
class _Sensitive:
    """A value that must not be shown."""

    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class _Later:
    """A value that is known after the apply: equal to nothing."""


_LATER = _Later()


def differences(change: Mapping[str, Any]) -> tuple[Attribute, ...]:
    """The attributes that change, by path; a text counts as one value, whatever it says."""
    forcing = [tuple(path) for path in change.get("replace_paths") or ()]
    sensitive = _either(change.get("before_sensitive"), change.get("after_sensitive"))
    before = _with_marks(change.get("before"), sensitive, None)
    after = _with_marks(change.get("after"), sensitive, change.get("after_unknown"))
    attributes = []
    for path, one, other in differing(before, after, none_is_empty=True):
        if _is_empty(one) and _is_empty(other):
            continue
        steps = tuple(step.at if isinstance(step, Item) else step for step in path)
        forces = any(steps[: len(forced)] == forced or forced[: len(steps)] == steps for forced in forcing)
        attributes.append(_attribute(path, one, other, forces))
    return tuple(attributes)


def is_marked(marks: Any) -> bool:
    """Whether something is marked, at any depth."""
    if isinstance(marks, Mapping):
        return any(map(is_marked, marks.values()))
    if isinstance(marks, list):
        return any(map(is_marked, marks))
    return marks is True


def _attribute(path: Path, before: Any, after: Any, forces: bool) -> Attribute:
    """What an attribute was and becomes, and what differs within."""
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    # The name of a variable stands in the step before its `value`.
    label = path[-2].key if len(path) > 1 and name == "value" and isinstance(path[-2], Item) else name
    lines: tuple[str, ...] = ()
    one, other = decoded(name, before), decoded(name, after)
    if one is not None and other is not None:
        lines = changed_lines(one, other)
    elif isinstance(before, list) and isinstance(after, list) and not _holds(before) and not _holds(after):
        lines = list_lines(before, after)
    return Attribute(
        path=shown(path),
        before=_value(before, label) if one is None else Value(one.shown),
        after=_value(after, label) if other is None else Value(other.shown),
        forces_replacement=forces,
        name=shown(path, by_key=True),
        lines=lines,
    )


def _is_empty(value: Any) -> bool:
    """Whether there is nothing in a value: the AWS provider writes null at first and an empty map at the next look."""
    return value is None or value in ({}, [], "")


def _either(one: Any, other: Any) -> Any:
    """The marks of both: what is sensitive on one side is not shown on the other."""
    if one is True or other is True:
        return True
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return {name: _either(one.get(name), other.get(name)) for name in {*one, *other}}
    if isinstance(one, list) and isinstance(other, list):
        return [_either(_inner(one, at), _inner(other, at)) for at in range(max(len(one), len(other)))]
    return one or other


def _with_marks(value: Any, sensitive: Any, unknown: Any) -> Any:
    """A value with its marks in their places."""
    if unknown is True:
        return _LATER
    if sensitive is True:
        return _LATER if is_marked(unknown) and value is None else _Sensitive(value)
    if isinstance(value, Mapping) or (value is None and isinstance(unknown, Mapping) and is_marked(unknown)):
        fields = value or {}
        holes = unknown if isinstance(unknown, Mapping) else {}
        names = [*fields, *(name for name in holes if name not in fields and is_marked(holes[name]))]
        return {name: _with_marks(fields.get(name), _inner(sensitive, name), holes.get(name)) for name in names}
    if isinstance(value, list) or (value is None and isinstance(unknown, list) and is_marked(unknown)):
        items, gaps = value or [], unknown if isinstance(unknown, list) else []
        return [
            _with_marks(_inner(items, at), _inner(sensitive, at), _inner(gaps, at))
            for at in range(max(len(items), *(at + 1 for at, gap in enumerate(gaps) if is_marked(gap)), 0))
        ]
    return value


def _inner(marks: Any, step: str | int) -> Any:
    """The marks inside of something."""
    if isinstance(marks, Mapping):
        return marks.get(step)
    if isinstance(marks, Sequence) and not isinstance(marks, str) and isinstance(step, int):
        return marks[step] if step < len(marks) else None
    return None


def _holds(value: Any) -> bool:
    """Whether there is a mark in a value."""
    if isinstance(value, Mapping):
        return any(map(_holds, value.values()))
    if isinstance(value, list):
        return any(map(_holds, value))
    return isinstance(value, _Sensitive | _Later)


def _value(value: Any, name: str) -> Value:
    """A value as it may be shown; ``name`` is what it is called."""
    if value is None:
        return NOTHING
    if isinstance(value, _Later) or (isinstance(value, list) and value and all(item is _LATER for item in value)):
        return UNKNOWN
    if isinstance(value, _Sensitive):
        return SENSITIVE
    return Value(as_json(masked(_without_marks(value), name)))


def _without_marks(value: Any) -> Any:
    """A value with words in the place of marks, and what its texts say in the place of Base64."""
    if isinstance(value, _Later):
        return UNKNOWN.text
    if isinstance(value, _Sensitive):
        return SENSITIVE.text
    if isinstance(value, Mapping):
        return {name: _read(name, _without_marks(inner)) for name, inner in value.items()}
    if isinstance(value, list):
        return list(map(_without_marks, value))
    return value


def _read(name: str, value: Any) -> Any:
    text = decoded(name, value)
    return value if text is None else text.content
