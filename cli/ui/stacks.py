"""What commands about stacks share: asking for a confirmation, reporting what stops them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import click

from cli.core.base.errors import InfraError
from cli.ui.options import select_environments
from cli.ui.terminal import print_json


def confirm(name: str, what: str, *, yes: bool) -> None:
    """Have the operator type the environment's name. Raises `NotConfirmed`."""
    from cli.core.operations.refusals import NotConfirmed

    if yes:
        return
    question = f"{what} Type {name} to go on"
    try:
        typed = click.prompt(question, default="", show_default=False, err=True)
    except click.Abort:
        raise NotConfirmed(f"nobody confirmed it: type {name} when asked, or use --yes in CI") from None
    if typed != name:
        raise NotConfirmed(f"received {typed!r}, not {name}: nothing was done")


@contextlib.contextmanager
def reported(*, as_json: bool) -> Iterator[None]:
    """Show what stops a command: the gate's report, and with ``--json`` the reason as a document too."""
    from cli.core.operations.plan_policy import PolicyGateFailed

    try:
        yield
    except PolicyGateFailed as stopped:
        from cli.core.gate.report import renderer

        click.echo(renderer("json" if as_json else "table")(stopped.outcome), nl=False)
        click.echo(f"infra: {stopped}", err=True)
        click.get_current_context().exit(stopped.outcome.exit_code)
    except InfraError as error:
        kind = getattr(error, "kind", None)
        if as_json:
            print_json({"refused": kind, "message": str(error), "exit_code": int(error.exit_code)})
        raise


def each_environment(names: tuple[str, ...]) -> tuple[str, ...]:
    """The environments named, or all."""
    from envs import load

    return select_environments(names, load.environments())
