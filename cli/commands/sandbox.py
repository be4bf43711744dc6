"""`infra sandbox`: a simulated AWS on this machine, to rehearse in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from cli.core.base.environments import load_settings, select_environments
from cli.core.sandbox import process
from cli.core.sandbox.faults import Point
from cli.core.sandbox.state_directory import StateDirectory
from cli.core.sandbox.status import status as sandbox_status
from cli.ui.app import Application, Group, pass_application
from cli.ui.options import environments_argument, json_flag
from cli.ui.tables import table


@click.group(cls=Group)
def command() -> None:
    """Rehearse against a simulated AWS on this machine.

    A rehearsal uses terraform and the real AWS provider, and costs nothing. Each environment has its own sandbox:
    moto's server on loopback, with additions for this system. Commands with --sandbox start it; it stops after half an
    hour without use, and keeps its resources. docs/sandbox.md says what a rehearsal proves and what it does not.

    \b
    Examples:
      infra plan dev --sandbox && infra apply dev --sandbox
      infra sandbox status
      infra sandbox reset dev
    """


@command.command()
@environments_argument
@click.option("--fail-at", metavar="WHEN", help="Refuse one operation, as AWS does when a permission is missing.")
@click.option("--die-at", metavar="WHEN", help="Die at an operation, and lose the resources created before it.")
@click.option("--hold-at", metavar="WHEN", help="Stop answering at an operation, until the next infra sandbox up.")
@json_flag
@pass_application
def up(
    application: Application,
    environments: tuple[str, ...],
    fail_at: str | None,
    die_at: str | None,
    hold_at: str | None,
) -> None:
    """Start sandboxes, all or those named, with the resources they had.

    WHEN is a number of changes from now on, or an operation as IAM policies write it, with an optional call number: 40,
    s3:PutBucketPolicy, s3:PutBucketPolicy:3. It also works on a sandbox that runs. Without WHEN, earlier faults are
    cleared.

    \b
    Examples:
      infra sandbox up dev
      infra sandbox up dev --fail-at kafka:CreateCluster
      infra sandbox up dev --die-at 100
    """
    for text in (fail_at, die_at, hold_at):
        if text is not None:
            Point.read(text)

    def start(directory: StateDirectory, environment: str, waiting: Callable[[], None]) -> str:
        record = process.up(directory, load_settings(environment).account_id, waiting=waiting)
        process.ask(record, "faults", {"fail_at": fail_at, "die_at": die_at, "hold_at": hold_at})
        return record.endpoint

    _for_each(application, environments, start)


@command.command()
@environments_argument
@json_flag
@pass_application
def down(application: Application, environments: tuple[str, ...]) -> None:
    """Stop sandboxes, all or those named; their resources stay.

    \b
    Examples:
      infra sandbox down
    """

    def stop(directory: StateDirectory, _: str, waiting: Callable[[], None]) -> str:
        return "stopped" if process.down(directory, waiting=waiting) else "was not running"

    _for_each(application, environments, stop)


@command.command()
@environments_argument
@json_flag
@pass_application
def reset(application: Application, environments: tuple[str, ...]) -> None:
    """Empty sandboxes, all or those named: resources, state, plans and records.

    \b
    Examples:
      infra sandbox reset dev
    """

    def empty(directory: StateDirectory, _: str, waiting: Callable[[], None]) -> str:
        process.reset(directory, waiting=waiting)
        return "empty"

    _for_each(application, environments, empty)


@command.command()
@environments_argument
@json_flag
@pass_application
def status(application: Application, environments: tuple[str, ...]) -> None:
    """Show which sandboxes run, the provider used last, and the faults that are set.

    \b
    Examples:
      infra sandbox status --json
    """
    sandboxes = {name: sandbox_status(name) for name in select_environments(environments)}
    titles = ("environment", "sandbox", "provider", "changes", "stops in", "told to")
    rows = [_row(name, sandbox) for name, sandbox in sandboxes.items()]
    application.show(sandboxes, table(titles, rows, right=("changes",)))
    for name, sandbox in sandboxes.items():
        if sandbox.get("problem") and not application.is_json:
            application.say(f"{name}: {sandbox['problem']}", err=True)


def _for_each(
    application: Application, names: Sequence[str], act: Callable[[StateDirectory, str, Callable[[], None]], str]
) -> None:
    """Do something with the sandbox of each environment, and print the result as soon as it is there."""

    def waiting() -> None:
        application.progress.note("another command starts or stops it; waiting")

    results = {}
    for name in select_environments(names):
        results[name] = act(StateDirectory.of(name), name, waiting)
        if not application.is_json:
            application.say(f"{name}: {results[name]}")
    if application.is_json:
        application.json(results)


def _row(name: str, sandbox: dict[str, Any]) -> list[str]:
    """A sandbox as a row of the table."""
    faults = [f"{verb} at {sandbox[f'{verb}_at']}" for verb in ("fail", "die", "hold") if sandbox.get(f"{verb}_at")]
    minutes = sandbox.get("stops_in_minutes")
    return [
        name,
        sandbox["endpoint"] or ("stopped, with memory" if sandbox["remembers"] else "empty"),
        sandbox["provider"] or "-",
        str(sandbox.get("changes", "-")),
        "-" if minutes is None else f"{minutes:.0f} min",
        ", ".join(faults) or "-",
    ]
