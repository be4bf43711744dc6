"""`infra unlock`: the lock of a run that died."""

from __future__ import annotations

from dataclasses import asdict

import click

from cli.core.base.target import Target
from cli.core.operations.open_stack import open_stack
from cli.core.workspace.options import Options
from cli.ui.app import Application, pass_application
from cli.ui.options import environment_argument, json_flag, sandbox_option, yes_option


@click.command()
@environment_argument
@yes_option
@sandbox_option("Use the sandbox on this machine instead of AWS.")
@json_flag
@pass_application
def command(application: Application, environment: str, yes: bool, target: Target) -> None:
    """Release the state lock of a run that died.

    The command shows who holds the lock, and asks for the environment's name. If the run is still alive, two runs write
    the same state and lose resources.

    \b
    Examples:
      infra unlock dev
    """
    with open_stack(environment, Options(target), application.progress) as stack:
        application.status("terraform init")
        stack.workspace.init()
        terraform = stack.workspace.terraform
        terraform.wait_for_earlier(stack.progress.note)
        holder = terraform.lock_holder()
        if holder is not None:
            application.say(f"{environment} is locked by {holder}", err=True)
            application.confirm(environment, "Take the lock away?", yes=yes)
            terraform.force_unlock(holder.id)
    application.show(
        {"environment": environment, "unlocked": asdict(holder) if holder else None},
        f"{environment}: unlocked" if holder else f"{environment} is not locked",
    )
