"""Drift: what is in AWS other than the state says. Nothing is changed, not even the state."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cli.core.base.progress import ProgressReporter
from cli.core.plans import reader as read
from cli.core.plans.model import Change, Kind
from cli.core.plans.report.text import arrow, place
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import Workspace

_MOST = 8


@dataclass(frozen=True, slots=True)
class Drift:
    """What drifted in one environment."""

    environment: str
    changes: tuple[Change, ...]


def drift(workspace: Workspace, options: Options, progress: ProgressReporter) -> Drift:
    """Look at everything that the state knows. Raises what terraform's errors come to."""
    progress.step(f"{workspace.environment}: terraform init")
    workspace.init()
    progress.step(f"{workspace.environment}: looking at what is in AWS")
    out = workspace.store / "look.tfplan"
    try:
        if not workspace.terraform.plan(out, mode="refresh-only", extra=options.arguments):
            return Drift(workspace.environment, ())
        content = json.loads(workspace.terraform.show(out))
    finally:
        out.unlink(missing_ok=True)
    document = json.loads(workspace.configuration.read_bytes())
    found = read.read(content, document, environment=workspace.environment, stack=workspace.stack)
    return Drift(workspace.environment, found.drift)


def in_words(change: Change) -> list[str]:
    """What happened to a resource outside of terraform: a line, and one for each attribute."""
    name = place(change.construct_path, change.address)
    if change.kind is Kind.DESTROY:
        return [f"{name} is gone"]
    shown = [f"  {each.path}: {arrow(each)}" for each in change.attributes[:_MOST]]
    rest = [f"  and {len(change.attributes) - _MOST} more"] if len(change.attributes) > _MOST else []
    return [f"{name} was changed", *shown, *rest]
