"""What people see: one changing line on a terminal, plain lines in a log, tables that follow NO_COLOR."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.core.base.progress import ProgressReporter

if TYPE_CHECKING:
    from rich.console import Console


class Progress(ProgressReporter):
    """Tells on stderr what is going on: on a terminal a line that changes, in a log a line per result."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def step(self, text: str) -> None:
        """A step begins."""
        if self._is_terminal:
            click.echo(f"\r\x1b[K{text} ...", err=True, nl=False)

    def finish(self, text: str) -> None:
        """A step is done."""
        if not self._is_terminal:
            click.echo(text, err=True)

    def note(self, text: str) -> None:
        """Something to read, in a line of its own."""
        self.clear()
        click.echo(text, err=True)

    def clear(self) -> None:
        """Leave the line empty."""
        if self._is_terminal:
            click.echo("\r\x1b[K", err=True, nl=False)


def console() -> Console:
    """A console on stdout. In a pipe it is wide enough that nothing is cut."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 160, highlight=False)


def print_json(data: Any) -> None:
    """Print data for programs: keys in the order given, one document."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def shown_path(path: Path) -> Path:
    """A path, relative to the working directory when it is below it."""
    absolute = path.absolute()
    return absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute
