"""`infra output`: what an environment tells others."""

from __future__ import annotations

import json

import click

from cli.core.base.target import Target
from cli.core.workspace.options import Options
from cli.ui.options import environment_argument, json_option, sandbox_option
from cli.ui.terminal import Progress, console, print_json


@click.command()
@environment_argument
@sandbox_option("Of the rehearsal in the sandbox instead of AWS.")
@json_option
def command(environment: str, target: Target, as_json: bool) -> None:
    """Show the outputs of an environment.

    \b
    Examples:
      infra output dev
      infra output dev --sandbox --json
    """
    from cli.core.operations.open_stack import open_stack
    from cli.core.plans.values import SENSITIVE
    from cli.ui.stacks import reported

    with reported(as_json=as_json), open_stack(environment, Options(target), Progress()) as stack:
        stack.progress.step("terraform init")
        stack.workspace.init()
        outputs = stack.workspace.terraform.outputs()
    values = {name: SENSITIVE.text if each["sensitive"] else each["value"] for name, each in sorted(outputs.items())}
    if as_json:
        print_json(values)
        return
    if not values:
        click.echo(f"{environment} has no outputs: it was not applied yet")
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for name, value in values.items():
        table.add_row(name, Text(value if isinstance(value, str) else json.dumps(value)))
    console().print(table)
