"""What a plan does to servers, in words: which image each gets, and which lines of its user data change."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from cli.core.plans.model import Attribute, ImageChange, Value
from cli.core.plans.values import UNKNOWN

_TEMPLATE = "aws_launch_template"
_USER_DATA = "user_data"


def image_changes(changes: Iterable[Mapping[str, Any]], environment: str) -> tuple[ImageChange, ...]:
    """The servers whose image changes, by name; ``changes`` are terraform's `resource_changes`."""
    images = []
    for change in changes:
        before, after = change["change"].get("before") or {}, change["change"].get("after") or {}
        if change["type"] != _TEMPLATE or not after or change["change"]["actions"] == ["no-op"]:
            continue
        old = str(before.get("image_id") or "")
        new = str(after.get("image_id") or UNKNOWN.text)
        if old != new:
            images.append(ImageChange(_server(after, environment), old, new))
    return tuple(sorted(images, key=lambda image: image.server))


def with_readable_user_data(type_: str, attributes: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
    """The attributes of a resource; of a launch template's user data, the lines that differ instead of Base64."""
    if type_ != _TEMPLATE:
        return attributes
    return tuple(_readable(attribute) if attribute.path == _USER_DATA else attribute for attribute in attributes)


def _server(template: Mapping[str, Any], environment: str) -> str:
    """The name of a server: that of its template without `<project>-<environment>-`."""
    name = str(template.get("name") or "")
    return name.partition(f"-{environment}-")[2] or name


def _readable(attribute: Attribute) -> Attribute:
    before, after = _decoded(attribute.before), _decoded(attribute.after)
    if before is None or after is None:
        return attribute
    removed, added = _differing(before, after)
    return Attribute(attribute.path, _text(removed), _text(added), attribute.forces_replacement)


def _decoded(value: Value) -> list[str] | None:
    """The lines of a value in Base64; None for what is not known or not shown."""
    try:
        return base64.b64decode(json.loads(value.text), validate=True).decode().splitlines()
    except (binascii.Error, TypeError, ValueError):
        return None


def _differing(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """The lines that only one of two texts has."""
    removed: list[str] = []
    added: list[str] = []
    for tag, start, end, other_start, other_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            removed += before[start:end]
            added += after[other_start:other_end]
    return removed, added


def _text(lines: list[str]) -> Value:
    return Value(json.dumps("\n".join(line.strip() for line in lines), ensure_ascii=False) if lines else "")
