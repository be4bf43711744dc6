"""`infra history`: what was applied, by whom, and what came of it."""

from __future__ import annotations

import click

from cli.core.base.environments import load_settings
from cli.core.base.project import ROOT
from cli.core.base.target import Target
from cli.core.operations.apply_record import unfinished_applies
from cli.core.records import Record
from cli.core.records.anchors import altered
from cli.core.records.model import RecoverRecord, StackRecord
from cli.core.workspace.workspace import records_of
from cli.ui.app import Application, pass_application
from cli.ui.options import environment_argument, json_flag, sandbox_option
from cli.ui.tables import table

_TITLES = ("record", "started", "by", "action", "result", "resources", "seconds", "serial", "commit", "digest")


@click.command()
@environment_argument
@sandbox_option("Show what was rehearsed in the sandbox instead.")
@json_flag
@pass_application
def command(application: Application, environment: str, target: Target) -> None:
    """Show every apply and destroy of an environment.

    \b
    Examples:
      infra history prod
      infra history dev --sandbox --json
    """
    load_settings(environment)
    records = records_of(environment, target).read()
    if target is Target.AWS and (problem := altered(ROOT, environment)):
        application.say(f"warning: {problem}", err=True)
    for apply in unfinished_applies(environment, target):
        application.say(
            f"the {apply.kind} of {apply.stack} that {apply.by.name} began at {apply.started:%Y-%m-%dT%H:%M:%SZ} is "
            f"running, or its run died: infra plan {environment} finds out",
            err=True,
        )
    text = table(_TITLES, map(_row, records)) if records else f"nothing was applied to {environment} yet"
    application.show([record.as_json() for record in records], text)


def _row(record: Record[StackRecord]) -> tuple[str, ...]:
    data = record.data
    if isinstance(data, RecoverRecord):
        started, result, resources, seconds, serial = data.at, "succeeded", "", "", str(data.serial)
        commit, dirty = data.commit, data.dirty
    else:
        started, result, resources, seconds = data.started, data.result, str(len(data.resources)), str(data.seconds)
        after = "?" if data.state.serial_after is None else data.state.serial_after
        serial = f"{data.state.serial_before} -> {after}"
        commit, dirty = data.made_from.commit, data.made_from.dirty
    return (
        str(record.sequence),
        f"{started:%Y-%m-%dT%H:%M:%SZ}",
        data.by.name,
        f"{data.kind} {data.stack}",
        result,
        resources,
        seconds,
        serial,
        f"{commit[:8]}{'+' if dirty else ''}",
        record.digest[:12],
    )
