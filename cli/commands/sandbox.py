"""`infra sandbox`: an AWS of one's own on loopback, to rehearse in."""

from __future__ import annotations

import click

from cli.options import environments_argument, json_option, select_environments
from cli.terminal import Progress, print_json


@click.group()
def command() -> None:
    """Rehearse with the real AWS provider against an AWS of one's own on loopback, which costs nothing.

    Commands that take --sandbox start it by themselves; these are for those who want to look at it, end it, begin
    anew, or have it fail. Each environment has its own. docs/sandbox.md says what a rehearsal proves and what not.
    """


@command.command()
@environments_argument
def up(environments: tuple[str, ...]) -> None:
    """Start the sandboxes of environments, all or those named; one that ran before goes on with what it held."""
    from cli.engine.sandbox import rehearsal
    from envs import load

    progress = Progress()
    for name in select_environments(environments, load.environments()):
        sandbox = rehearsal(name, load.load(name).account_id, waiting=lambda: progress.note("waiting"))
        click.echo(f"{name}: {sandbox.endpoint}")


@command.command()
@environments_argument
def down(environments: tuple[str, ...]) -> None:
    """Stop sandboxes, all or those named; what they hold stays on disk."""
    from cli.engine.sandbox import process
    from cli.engine.sandbox.place import Place
    from envs import load

    for name in select_environments(environments, load.environments()):
        stopped = process.down(Place.of(name))
        click.echo(f"{name}: {'stopped' if stopped else 'was not running'}")


@command.command()
@environments_argument
@json_option
def status(environments: tuple[str, ...], as_json: bool) -> None:
    """Show which sandboxes run."""
    from cli.engine.sandbox.place import Place
    from envs import load

    records = {name: Place.of(name).running() for name in select_environments(environments, load.environments())}
    if as_json:
        print_json(
            {name: record and {"endpoint": record.endpoint, "pid": record.pid} for name, record in records.items()}
        )
        return
    for name, record in records.items():
        click.echo(f"{name}: {record.endpoint if record else 'not running'}")


@command.command()
@environments_argument
def reset(environments: tuple[str, ...]) -> None:
    """Stop sandboxes and forget everything in them: all or those named."""
    from cli.engine.sandbox import process
    from cli.engine.sandbox.place import Place
    from envs import load

    for name in select_environments(environments, load.environments()):
        process.reset(Place.of(name))
        click.echo(f"{name}: reset")
