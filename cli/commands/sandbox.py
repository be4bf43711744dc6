"""`infra sandbox`: an AWS of one's own on loopback, to rehearse in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from cli.ui.options import Group, environments_argument, json_option, select_environments
from cli.ui.terminal import Progress, console, print_json

if TYPE_CHECKING:
    from cli.core.sandbox.state_directory import StateDirectory


@click.group(cls=Group)
def command() -> None:
    """Rehearse against a simulated AWS on this machine.

    Each environment has a sandbox of its own: moto's server on loopback, with what it lacks for this system. Commands
    that take --sandbox start it by themselves; it goes on until nobody has used it for half an hour, and what it holds
    is kept. docs/sandbox.md says what a rehearsal proves and what it does not.

    \b
    Examples:
      infra plan dev --sandbox && infra apply dev --sandbox
      infra sandbox status
      infra sandbox reset dev
    """


@command.command()
@environments_argument
@click.option("--fail-at", metavar="WHEN", help="Refuse one operation, as AWS does for want of a permission.")
@click.option("--die-at", metavar="WHEN", help="Be gone when an operation comes, with all that was done before it.")
@click.option("--hold-at", metavar="WHEN", help="Answer nothing from an operation on, until told otherwise.")
def up(environments: tuple[str, ...], fail_at: str | None, die_at: str | None, hold_at: str | None) -> None:
    """Start the sandboxes of environments, all or those named; each goes on with what it held.

    WHEN is a number, counting operations that change something from now on, or an operation as IAM policies spell it,
    with or without which of its calls: 40, s3:PutBucketPolicy, s3:PutBucketPolicy:3. A sandbox that runs is told, too;
    without WHEN it forgets what it was told before.

    \b
    Examples:
      infra sandbox up dev
      infra sandbox up dev --fail-at kafka:CreateCluster
      infra sandbox up dev --die-at 100
    """
    from cli.core.sandbox import process
    from cli.core.sandbox.faults import Point
    from envs.load import load

    for text in (fail_at, die_at, hold_at):
        if text is not None:
            Point.read(text)

    def start(place: StateDirectory, environment: str, waiting: Callable[[], None]) -> str:
        record = process.up(place, load(environment).account_id, waiting=waiting)
        process.ask(record, "faults", {"fail_at": fail_at, "die_at": die_at, "hold_at": hold_at})
        return record.endpoint

    _each(environments, start)


@command.command()
@environments_argument
def down(environments: tuple[str, ...]) -> None:
    """Stop sandboxes, all or those named; what they hold is kept for the next time.

    \b
    Examples:
      infra sandbox down
    """
    from cli.core.sandbox import process

    _each(
        environments,
        lambda place, _, waiting: "stopped" if process.down(place, waiting=waiting) else "was not running",
    )


@command.command()
@environments_argument
def reset(environments: tuple[str, ...]) -> None:
    """Forget everything in sandboxes, all or those named: resources, terraform's state, plans and records.

    \b
    Examples:
      infra sandbox reset dev
    """
    from cli.core.sandbox import process

    def forget(place: StateDirectory, _: str, waiting: Callable[[], None]) -> str:
        process.reset(place, waiting=waiting)
        return "empty"

    _each(environments, forget)


@command.command()
@environments_argument
@json_option
def status(environments: tuple[str, ...], as_json: bool) -> None:
    """Show which sandboxes run, which provider rehearsed last, and what they were told to fail at.

    \b
    Examples:
      infra sandbox status --json
    """
    from cli.core.sandbox.status import status as look
    from envs.load import environments as known

    found = {name: look(name) for name in select_environments(environments, known())}
    if as_json:
        print_json(found)
        return
    _print_table(found)


def _each(environments: Sequence[str], do: Callable[[StateDirectory, str, Callable[[], None]], str]) -> None:
    """Do something with the sandbox of each environment, and print what came of it."""
    from cli.core.sandbox.state_directory import StateDirectory
    from envs.load import environments as known

    progress = Progress()
    for name in select_environments(environments, known()):
        done = do(StateDirectory.of(name), name, lambda: progress.note("another command starts or stops it; waiting"))
        click.echo(f"{name}: {done}")


def _print_table(found: dict[str, dict[str, Any]]) -> None:
    """One row per sandbox."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("environment", "sandbox", "provider", "changes", "stops in", "told to"):
        table.add_column(heading, justify="right" if heading == "changes" else "left")
    for name, each in found.items():
        told = [f"{verb} at {each[f'{verb}_at']}" for verb in ("fail", "die", "hold") if each.get(f"{verb}_at")]
        minutes = each.get("stops_in_minutes")
        table.add_row(
            name,
            each["endpoint"] or ("stopped, with memory" if each["remembers"] else "empty"),
            each["provider"] or "-",
            str(each.get("changes", "-")),
            "-" if minutes is None else f"{minutes:.0f} min",
            ", ".join(told) or "-",
        )
    console().print(table)
    for name, each in found.items():
        if each.get("problem"):
            click.echo(f"{name}: {each['problem']}", err=True)
