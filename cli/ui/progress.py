"""Progress on stderr: on a terminal one line that changes, in a log a line per result."""

from __future__ import annotations

import os
import sys
import time

import click

from cli.core.base.progress import ProgressReporter
from cli.core.base.trace import TRACE

CLEAR_LINE = "\r\x1b[K"


def is_terminal() -> bool:
    """Whether stderr is a terminal on which a line can be replaced."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class Progress(ProgressReporter):
    """Shows the steps of a command."""

    def __init__(self) -> None:
        self._is_terminal = is_terminal()
        self._timed: tuple[str, float] | None = None
        """The step that is running, and when it began."""

    def step(self, text: str) -> None:
        """A step begins."""
        self._note_time()
        self._timed = text, time.monotonic()
        if self._is_terminal:
            click.echo(f"{CLEAR_LINE}{text} ...", err=True, nl=False)

    def finish(self, text: str) -> None:
        """A step is done."""
        if not self._is_terminal:
            click.echo(text, err=True)

    def note(self, text: str) -> None:
        """A message that stays on the screen."""
        self.clear()
        click.echo(text, err=True)

    def clear(self) -> None:
        """Remove the step from the line."""
        self._note_time()
        if self._is_terminal:
            click.echo(CLEAR_LINE, err=True, nl=False)

    def _note_time(self) -> None:
        """Say how long the step took that is now over."""
        if self._timed is not None:
            text, started = self._timed
            self._timed = None
            TRACE.info("%7.2f s  %s", time.monotonic() - started, text)
