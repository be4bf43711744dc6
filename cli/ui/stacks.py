"""What the promotion commands still use."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import click

from cli.ui.app import Application


@contextlib.contextmanager
def reported(*, as_json: bool) -> Iterator[None]:
    """With ``as_json`` the reason that stops a command is printed as JSON too."""
    if as_json:
        click.get_current_context().ensure_object(Application).format = "json"
    yield
