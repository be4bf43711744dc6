"""`infra output`: what an environment gives to other systems."""

from __future__ import annotations

import json

import click

from cli.core.base.target import Target
from cli.core.operations.open_stack import open_stack
from cli.core.plans.values import SENSITIVE
from cli.core.workspace.options import Options
from cli.ui.app import Application, pass_application
from cli.ui.options import environment_argument, json_flag, sandbox_option
from cli.ui.tables import table


@click.command()
@environment_argument
@sandbox_option("Use the sandbox on this machine instead of AWS.")
@json_flag
@pass_application
def command(application: Application, environment: str, target: Target) -> None:
    """Show the outputs of an environment.

    The values come from the state; sensitive values are masked.

    \b
    Examples:
      infra output dev
      infra output dev --sandbox --json
    """
    with open_stack(environment, Options(target), application.progress) as stack:
        application.status("terraform init")
        stack.workspace.init()
        outputs = stack.workspace.terraform.outputs()
    values = {
        name: SENSITIVE.text if output["sensitive"] else output["value"] for name, output in sorted(outputs.items())
    }
    rows = [(name, value if isinstance(value, str) else json.dumps(value)) for name, value in values.items()]
    application.show(values, table(("", ""), rows) if rows else f"{environment} has no outputs: it was not applied yet")
