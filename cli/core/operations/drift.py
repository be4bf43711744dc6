"""Drift: what is in AWS other than the state says. Nothing is changed, not even the state."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cli.core.plans.model import Change, Kind
from cli.core.plans.reader import read_plan
from cli.core.plans.report.text import arrow, place
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import Workspace

_SHOWN_ATTRIBUTES = 8


@dataclass(frozen=True, slots=True)
class Drift:
    """What drifted in one environment."""

    environment: str
    changes: tuple[Change, ...]


def find_drift(workspace: Workspace, options: Options) -> Drift:
    """Compare every resource of the state with AWS. Raises terraform's failures."""
    environment = workspace.environment
    workspace.progress.step(f"{environment}: terraform init")
    workspace.init()
    workspace.progress.step(f"{environment}: comparing the state with AWS")
    with workspace.temporary_plan() as tfplan:
        workspace.terraform.plan(tfplan, mode="refresh-only", extra=options.arguments)
        content = json.loads(workspace.terraform.show(tfplan))
    document = json.loads(workspace.configuration.read_bytes())
    plan = read_plan(content, document, environment=environment, stack=workspace.stack)
    return Drift(environment, plan.drift)


def drift_lines(change: Change) -> list[str]:
    """What happened to a resource outside of terraform: a line, and one for each attribute."""
    name = place(change.construct_path, change.address)
    if change.kind is Kind.DESTROY:
        return [f"{name} is gone"]
    shown = [f"  {attribute.path}: {arrow(attribute)}" for attribute in change.attributes[:_SHOWN_ATTRIBUTES]]
    more = len(change.attributes) - len(shown)
    return [f"{name} was changed", *shown, *([f"  and {more} more"] if more else [])]
