"""Progress on stderr: on a terminal one line that changes, in a log a line per result."""

from __future__ import annotations

import os
import sys

import click

from cli.core.base.progress import ProgressReporter

CLEAR_LINE = "\r\x1b[K"


def is_terminal() -> bool:
    """Whether stderr is a terminal on which a line can be replaced."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class Progress(ProgressReporter):
    """Shows the steps of a command."""

    def __init__(self) -> None:
        self._is_terminal = is_terminal()

    def step(self, text: str) -> None:
        """A step begins."""
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
        if self._is_terminal:
            click.echo(CLEAR_LINE, err=True, nl=False)
