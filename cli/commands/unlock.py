"""`infra unlock`: the lock of a run that died."""

from __future__ import annotations

import click

from cli.core.base.target import Target
from cli.core.workspace.options import Options
from cli.ui.options import environment_argument, json_option, sandbox_option, yes_option
from cli.ui.terminal import Progress, print_json


@click.command()
@environment_argument
@yes_option
@sandbox_option("Of the rehearsal in the sandbox instead of AWS.")
@json_option
def command(environment: str, yes: bool, target: Target, as_json: bool) -> None:
    """Release the state lock of a run that died.

    Only for a run that died: two runs at once lose what one of them made.

    \b
    Examples:
      infra unlock dev
    """
    from dataclasses import asdict

    from cli.core.operations.open_stack import open_stack
    from cli.ui.stacks import confirm, reported

    with reported(as_json=as_json), open_stack(environment, Options(target), Progress()) as stack:
        stack.progress.step("terraform init")
        stack.workspace.init()
        terraform = stack.workspace.terraform
        terraform.wait_for_earlier(stack.progress.note)
        holder = terraform.lock_holder()
        stack.progress.clear()
        if holder is not None:
            click.echo(f"{environment} is locked by {holder}", err=True)
            confirm(environment, "Take the lock away?", yes=yes)
            terraform.force_unlock(holder.id)
    if as_json:
        print_json({"environment": environment, "unlocked": asdict(holder) if holder else None})
    else:
        click.echo(f"{environment}: unlocked" if holder else f"{environment} is not locked")
