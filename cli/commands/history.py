"""`infra history`: what was applied, by whom, and what came of it."""

from __future__ import annotations

import click

from cli.core.base.target import Target
from cli.ui.options import environment_argument, json_option, sandbox_option
from cli.ui.terminal import console, print_json


@click.command()
@environment_argument
@sandbox_option("Show what was rehearsed in the sandbox instead.")
@json_option
def command(environment: str, target: Target, as_json: bool) -> None:
    """Show every apply and destroy of an environment.

    \b
    Examples:
      infra history prod
      infra history dev --sandbox --json
    """
    from cli.core.base.environments import load_settings
    from cli.core.operations.apply_record import under_way
    from cli.core.workspace.workspace import records_of
    from cli.ui.stacks import reported

    with reported(as_json=as_json):
        load_settings(environment)
        records = records_of(environment, target).read()
        begun = under_way(environment, target)
    for data in begun:
        name, since = data["who"]["git"] or data["who"]["user"], data["started"].replace("+00:00", "Z")
        click.echo(
            f"the {data['deed']} of {data['stack']} that {name} began at {since} is under way, or its run died: infra "
            f"plan {environment} finds out",
            err=True,
        )
    if as_json:
        print_json([{"sequence": each.sequence, "digest": each.digest, **each.data} for each in records])
        return
    if not records:
        click.echo(f"nothing was applied to {environment} yet")
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("", "started", "who", "deed", "result", "resources", "seconds", "serial", "commit", "digest"):
        table.add_column(title)
    for each in records:
        data, state = each.data, each.data["state"]
        table.add_row(
            str(each.sequence),
            data["started"].replace("+00:00", "Z"),
            data["who"]["git"] or data["who"]["user"],
            f"{data['deed']} {data['stack']}",
            data["result"],
            str(len(data.get("resources", {}))),
            str(data.get("seconds", "")),
            f"{state['serial_before']} -> {state.get('serial_after', '?')}",
            f"{data['made_from']['commit'][:8]}{'+' if data['made_from']['dirty'] else ''}",
            each.digest[:12],
        )
    console().print(table)
