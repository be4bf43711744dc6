"""What a plan does to servers: which image each gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cli.core.plans.model import ImageChange
from cli.core.plans.values import UNKNOWN

_TEMPLATE = "aws_launch_template"


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


def _server(template: Mapping[str, Any], environment: str) -> str:
    """The name of a server: that of its template without `<project>-<environment>-`."""
    name = str(template.get("name") or "")
    return name.partition(f"-{environment}-")[2] or name
