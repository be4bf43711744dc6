"""Records in words."""

from __future__ import annotations

from cli.core.records.model import FreezeRecord, LogRecord, ThawRecord


def log_text(data: LogRecord) -> str:
    """A record of the log of promotions, in one line."""
    if isinstance(data, FreezeRecord):
        return f"freeze of {data.environment} until {data.until:%Y-%m-%d %H:%M}: {data.reason}, {data.by.name}"
    if isinstance(data, ThawRecord):
        return f"thaw of {data.environment}, {data.by.name}"
    release, overrides = data.release, ", ".join(override.check for override in data.overrides)
    text = f"{data.kind} to {data.environment}: release {release.id}"
    text += f" (application {release.values['application_version']}), {data.by.name}"
    return f"{text}, overridden: {overrides}" if overrides else text
