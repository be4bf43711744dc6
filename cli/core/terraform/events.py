"""terraform's events with `-json`: one object per line. Format: Terraform's "Machine-Readable UI"."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Event: TypeAlias = Mapping[str, Any]
"""An event; `type` says which, `@message` says it in words."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error or a warning."""

    severity: str
    summary: str
    detail: str = ""
    address: str = ""
    """The resource it is about, if it is about one."""

    @property
    def text(self) -> str:
        """All of it, for people."""
        place = f"{self.address}: " if self.address else ""
        detail = self.detail.strip()
        return f"{place}{self.summary.strip()}" + (f"\n{detail}" if detail else "")


def read_event(line: bytes) -> Event | None:
    """The event on a line; None for a line that is none, such as a provider's own output."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and "type" in event else None


def logged(path: Path) -> Iterator[Event]:
    """The events in a file that terraform wrote, which need not be there. Its last line may be cut off."""
    try:
        with path.open("rb") as file:
            yield from filter(None, map(read_event, file))
    except FileNotFoundError:
        return


def diagnostic(event: Event) -> Diagnostic | None:
    """The diagnostic that an event carries, if it carries one."""
    fields = event.get("diagnostic")
    if event.get("type") != "diagnostic" or not isinstance(fields, Mapping):
        return None
    return Diagnostic(
        severity=str(fields.get("severity", "error")),
        summary=str(fields.get("summary", "")),
        detail=str(fields.get("detail", "")),
        address=str(fields.get("address", "")),
    )
