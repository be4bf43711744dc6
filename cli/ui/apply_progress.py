"""What terraform is doing, from its events: on a terminal a table that changes, in a log a line per resource."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from cli.core.base.progress import ProgressReporter
from cli.core.terraform.events import Event, diagnostic

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

_DOING = {"create": "creating", "update": "updating", "delete": "destroying", "read": "reading"}
_DONE = {"create": "created", "update": "updated", "delete": "destroyed", "read": "read"}
_ROWS = 12


class ApplyProgress(ProgressReporter):
    """Shows an apply on stderr. Used as a context."""

    def __init__(self, total: int, paths: Mapping[str, str]) -> None:
        """``total`` is how many operations there will be; ``paths`` are construct paths by address."""
        self._total = total
        self._paths = paths
        self._done = 0
        self._doing: dict[str, tuple[str, float]] = {}
        self._live: Live | None = None
        self._is_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def event(self, event: Event) -> None:
        """Take in an event."""
        kind = event.get("type")
        if kind in ("apply_start", "apply_complete", "apply_errored"):
            self._hook(str(kind), event["hook"])
        told = diagnostic(event)
        if told is not None and told.severity != "error":  # errors are what the command ends with
            self._say(f"{told.severity}: {told.text}")
        if self._live is not None:
            self._live.update(self._table())

    def interrupted(self, count: int) -> None:
        """Say what a signal leads to."""
        if count == 1:
            self._say(
                "interrupted: terraform finishes what it is doing and writes its state; a second time ends it at once"
            )

    def __enter__(self) -> ApplyProgress:
        if self._is_terminal:
            from rich.console import Console
            from rich.live import Live

            click.echo("\r\x1b[K", err=True, nl=False)
            self._live = Live(self._table(), console=Console(stderr=True, highlight=False), transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def _hook(self, kind: str, hook: Mapping[str, Any]) -> None:
        address = str(hook["resource"]["addr"])
        action = str(hook.get("action", ""))
        if address.startswith("data."):
            return
        if kind == "apply_start":
            self._doing[address] = (action, time.monotonic())
            return
        self._doing.pop(address, None)
        self._done += 1
        seconds = hook.get("elapsed_seconds", 0)
        word = _DONE.get(action, action) if kind == "apply_complete" else f"failed: {_DOING.get(action, action)}"
        if self._live is None:
            click.echo(f"{self._done}/{self._total} {word} {self._name(address)} ({seconds} s)", err=True)

    def _name(self, address: str) -> str:
        return self._paths.get(address) or address

    def _say(self, text: str) -> None:
        if self._live is None:
            click.echo(text, err=True)
        else:
            from rich.text import Text

            self._live.console.print(Text(text))

    def _table(self) -> Table:
        """What is being done now, longest first."""
        from rich.table import Table

        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0), title_justify="left")
        table.title = f"{self._done} of {self._total} done"
        now = time.monotonic()
        for address, (action, since) in sorted(self._doing.items(), key=lambda item: item[1][1])[:_ROWS]:
            table.add_row(_DOING.get(action, action), self._name(address), f"{now - since:.0f} s")
        return table
