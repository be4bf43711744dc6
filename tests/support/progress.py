"""A progress reporter made of functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cli.core.base.progress import ProgressReporter


class CallbackReporter(ProgressReporter):
    """Calls the functions that it was given."""

    def __init__(
        self,
        *,
        step: Callable[[str], None] | None = None,
        note: Callable[[str], None] | None = None,
        event: Callable[[Mapping[str, Any]], None] | None = None,
        interrupted: Callable[[int], None] | None = None,
    ) -> None:
        for name, function in (("step", step), ("note", note), ("event", event), ("interrupted", interrupted)):
            if function is not None:
                setattr(self, name, function)
