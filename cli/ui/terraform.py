"""What the commands that run terraform share: options, the report of a plan, progress and result of an apply."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli.core.base.clock import utc_now
from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.operations.admission import Objection
from cli.core.operations.apply import apply_plan
from cli.core.operations.open_stack import OpenStack
from cli.core.operations.plan import PlanResult
from cli.core.plans.model import Kind, Plan
from cli.core.plans.reader import construct_paths
from cli.core.plans.report import Report, renderer
from cli.core.plans.saved_plan import SavedPlan
from cli.core.records import Record
from cli.core.records.model import ApplyRecord, Override
from cli.core.terraform.events import Event, diagnostic
from cli.core.terraform.process import DEAF_SECONDS
from cli.core.workspace.workspace import Workspace
from cli.ui.app import Application
from cli.ui.progress import CLEAR_LINE, is_terminal

_IN_PROGRESS = {"create": "creating", "update": "updating", "delete": "destroying", "read": "reading"}
_DONE = {"create": "created", "update": "updated", "delete": "destroyed", "read": "read"}
_ROWS = 12


def plan_report(workspace: Workspace, result: PlanResult, objections: Sequence[Objection] = ()) -> Report:
    """A plan, with notes about how it was made and what comes next. ``objections`` are those to an apply of it."""
    notes = [f"infra apply will refuse this, {each.condition}: {each.text}" for each in objections]
    providers = result.evidence.providers
    if providers:
        versions = ", ".join(f"provider {name} {version}" for name, version in providers.items())
        notes.append(f"{workspace.terraform.program}, {versions}")
    if workspace.target is Target.SANDBOX:
        notes.append("a rehearsal in the sandbox: nothing on AWS was asked or changed")
    elif not result.is_locked:
        notes.append("no dependency lock file: infra lock writes one, so that every run has the same provider")
    if result.undecided:
        notes.append(
            f"{len(result.undecided)} verdicts rest on the Terraform alone: the plan does not know the values yet"
        )
    saved = result.saved
    if saved is not None and saved.evidence.mode == "normal" and workspace.stack == workspace.environment:
        command = f"infra apply {workspace.environment}{workspace.target.option}"
        notes.append(f"plan {saved.evidence.id}, saved until {saved.evidence.expires:%Y-%m-%d %H:%M} UTC: {command}")
    return Report(
        plan=result.plan,
        target=workspace.target,
        expires=saved.evidence.expires.isoformat() if saved else "",
        notes=tuple(notes),
        id=saved.evidence.id if saved else "",
        sha256=saved.sha256 if saved else "",
        providers=providers,
    )


def show_plan(
    application: Application, workspace: Workspace, result: PlanResult, *, more: Mapping[str, Any] | None = None
) -> SavedPlan | None:
    """Print a plan that is applied next, and return it saved. None, and a result that says so, for no changes: for
    programs with ``more``."""
    application.progress.clear()
    click.echo(renderer("table")(plan_report(workspace, result)), nl=False, err=application.is_json)
    if result.saved is None and application.is_json:
        application.json({"stack": workspace.stack, "result": "unchanged", **(more or {})})
    return result.saved


def apply_saved(
    stack: OpenStack,
    saved: SavedPlan,
    policies: str,
    allowed: tuple[str, ...] = (),
    overrides: tuple[Override, ...] = (),
) -> Record[ApplyRecord]:
    """Apply a saved plan, and show its progress."""
    operations = operation_count(saved.read())
    with ApplyProgress(operations, construct_paths(saved.document())) as progress:
        terraform = replace(stack.workspace.terraform, progress=progress)
        workspace = replace(stack.workspace, terraform=terraform)
        return apply_plan(workspace, saved, policies, utc_now, allowed=allowed, overrides=overrides)


def operation_count(plan: Plan) -> int:
    """How many operations a plan takes: a replacement is two."""
    weights = {Kind.REPLACE: 2, Kind.IMPORT: 0, Kind.MOVE: 0, Kind.FORGET: 0}
    return sum(weights.get(change.kind, 1) for change in plan.changes)


def show_record(
    application: Application, record: Record[ApplyRecord], *, more: Mapping[str, Any] | None = None
) -> None:
    """Print the result of an apply, for programs with ``more``."""
    data = record.data
    outputs = f", outputs: {', '.join(data.outputs)}" if data.outputs else ""
    application.show(
        {**record.as_json(), **(more or {})},
        f"{data.kind} of {data.stack} {data.result}: {len(data.resources)} resources in {data.seconds} s"
        f"{outputs} (record {record.sequence})",
    )


class ApplyProgress(ProgressReporter):
    """Shows an apply on stderr: on a terminal a table that changes, in a log a line per resource. Used as a context."""

    def __init__(self, total: int, paths: Mapping[str, str]) -> None:
        """``total`` is the number of operations; ``paths`` are construct paths by address."""
        self._total = total
        self._paths = paths
        self._done = 0
        self._running: dict[str, tuple[str, float]] = {}
        self._live: Live | None = None

    def event(self, event: Event) -> None:
        """Show an event."""
        kind = event.get("type")
        if kind in ("apply_start", "apply_complete", "apply_errored"):
            self._hook(str(kind), event["hook"])
        message = diagnostic(event)
        if message is not None and message.severity != "error":  # errors are what the command ends with
            self.note(f"{message.severity}: {message.text}")
        if self._live is not None:
            self._live.update(self._table())

    def interrupted(self, is_passed_on: bool) -> None:
        """Say what a signal leads to."""
        if is_passed_on:
            self.note("interrupted: terraform finishes what it is doing and writes its state")
        else:
            self.note(
                "terraform is finishing; ended at once, it leaves resources half made, so another signal counts only "
                f"{DEAF_SECONDS / 60:.0f} minutes after the first"
            )

    def note(self, text: str) -> None:
        """A message that stays on the screen."""
        if self._live is None:
            click.echo(text, err=True)
        else:
            self._live.console.print(Text(text))

    def __enter__(self) -> ApplyProgress:
        if is_terminal():
            click.echo(CLEAR_LINE, err=True, nl=False)
            self._live = Live(self._table(), console=Console(stderr=True, highlight=False), transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def _hook(self, kind: str, hook: Mapping[str, Any]) -> None:
        address = str(hook["resource"]["addr"])
        action = str(hook.get("action", ""))
        if address.startswith("data."):
            return
        if kind == "apply_start":
            self._running[address] = (action, time.monotonic())
            return
        self._running.pop(address, None)
        self._done += 1
        seconds = hook.get("elapsed_seconds", 0)
        text = _DONE.get(action, action) if kind == "apply_complete" else f"failed: {_IN_PROGRESS.get(action, action)}"
        if self._live is None:
            click.echo(f"{self._done}/{self._total} {text} {self._name(address)} ({seconds} s)", err=True)

    def _name(self, address: str) -> str:
        return self._paths.get(address) or address

    def _table(self) -> Table:
        """The operations that run now, longest first."""
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0), title_justify="left")
        table.title = f"{self._done} of {self._total} done"
        now = time.monotonic()
        for address, (action, since) in sorted(self._running.items(), key=lambda item: item[1][1])[:_ROWS]:
            table.add_row(_IN_PROGRESS.get(action, action), self._name(address), f"{now - since:.0f} s")
        return table
