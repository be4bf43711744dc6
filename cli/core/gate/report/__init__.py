"""What the gate says, in the formats that people and programs read. Each file has one `render(outcome) -> str`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

from cli.core.gate.model import Outcome

_FILES: Mapping[str, str] = {
    "table": "table",
    "json": "data",
    "sarif": "sarif",
    "junit": "junit",
    "github": "github",
    "markdown": "markdown",
}

FORMATS = tuple(_FILES)
"""The names of the formats."""


def renderer(name: str, *, is_short: bool = False) -> Callable[[Outcome], str]:
    """What turns an outcome into a format's text, which ends with a line break. Imported when needed.

    Of the table there is a short form.
    """
    module = importlib.import_module(f"cli.core.gate.report.{_FILES[name]}")
    render: Callable[[Outcome], str] = module.render_short if is_short and name == "table" else module.render
    return lambda outcome: render(outcome).encode(errors="replace").decode()  # JSON may hold half surrogate pairs
