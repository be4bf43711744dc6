"""A plan in the formats that people and programs read. Each file has one `render(made) -> str`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cli.core.base.target import Target
from cli.core.change.model import ChangeProof
from cli.core.plans.model import Plan

_FILES: Mapping[str, str] = {"table": "table", "json": "data", "markdown": "markdown"}

FORMATS = tuple(_FILES)
"""The names of the formats."""


@dataclass(frozen=True, slots=True)
class Report:
    """What there is to say about a plan."""

    plan: Plan
    target: Target
    mode: str = "normal"
    expires: str = ""
    """Until when it may be applied; empty when nothing was kept."""
    notes: tuple[str, ...] = ()
    """What else is worth a line, such as the provider's version."""
    id: str = ""
    """Identifies what is planned, see `Evidence.id`; empty for no changes."""
    sha256: str = ""
    """Of the saved plan."""
    providers: Mapping[str, str] = field(default_factory=dict)
    proof: ChangeProof | None = None
    """What opens and closes; None where that was not asked, and where everything is new."""


def renderer(name: str) -> Callable[[Report], str]:
    """What turns a report into a format's text, which ends with a line break. Imported when needed."""
    render: Callable[[Report], str] = importlib.import_module(f"{__name__}.{_FILES[name]}").render
    return render
