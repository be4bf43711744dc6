"""What people see: one changing line on a terminal, plain lines in a log, tables that follow NO_COLOR."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from cli.ui.progress import Progress

__all__ = ["Progress", "console", "print_json"]

if TYPE_CHECKING:
    from rich.console import Console


def console() -> Console:
    """A console on stdout. In a pipe it is wide enough that nothing is cut."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 160, highlight=False)


def print_json(data: Any) -> None:
    """Print data for programs: keys in the order given, one document."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
