"""An apply as it is shown: its progress, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cli.core.base.clock import utc_now
from cli.core.base.progress import ProgressReporter
from cli.core.operations.open_stack import OpenStack
from cli.ui.apply_progress import ApplyProgress
from cli.ui.terminal import print_json

if TYPE_CHECKING:
    from cli.core.plans.model import Plan
    from cli.core.plans.saved_plan import SavedPlan
    from cli.core.records import Record


def run(stack: OpenStack, kept: SavedPlan, policies: str, allowed: tuple[str, ...] = ()) -> Record:
    """Apply a saved plan and show how it goes."""
    from cli.core.operations import apply as applying
    from cli.core.plans.reader import construct_paths

    plan = applying.read_saved(kept)
    with ApplyProgress(operations(plan), construct_paths(kept.document())) as shown:
        watched = replace(stack.workspace.terraform, progress=shown)
        workspace = replace(stack.workspace, terraform=watched)
        return applying.apply(workspace, kept, policies, ProgressReporter(), utc_now, allowed=allowed)


def operations(plan: Plan) -> int:
    """How many operations a plan takes: a replacement is two."""
    from cli.core.plans.model import Kind

    weights = {Kind.REPLACE: 2, Kind.IMPORT: 0, Kind.MOVE: 0, Kind.FORGET: 0}
    return sum(weights.get(change.kind, 1) for change in plan.changes)


def say(record: Record, *, as_json: bool) -> None:
    """Print what came of an apply."""
    if as_json:
        print_json({"sequence": record.sequence, "digest": record.digest, **record.data})
        return
    data = record.data
    outputs = f", outputs: {', '.join(data['outputs'])}" if data["outputs"] else ""
    click.echo(
        f"{data['deed']} of {data['stack']} {data['result']}: {len(data['resources'])} resources in {data['seconds']} s"
        f"{outputs} (record {record.sequence})"
    )
