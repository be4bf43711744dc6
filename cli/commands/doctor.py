"""`infra doctor`: what is there and what is missing."""

from __future__ import annotations

import click

from cli.ui.options import json_option
from cli.ui.terminal import console, print_json


@click.command()
@json_option
def command(as_json: bool) -> None:
    """Show what is installed and what is missing.

    Nothing is asked over the network. Ends with 7 when something that synthesis needs is not there.

    \b
    Examples:
      infra doctor
      infra doctor --json
    """
    import os

    from cli.core.base.errors import ExitCode
    from cli.core.doctor import State, diagnose

    findings = diagnose(os.environ)
    if as_json:
        print_json([finding._asdict() | {"seen": finding.seen._asdict()} for finding in findings])
    else:
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for title in ("", "", "found", "needed for"):
            table.add_column(title, overflow="fold")
        styles = {State.OK: "green", State.MISSING: "yellow", State.BROKEN: "red"}
        for finding in findings:
            state = f"[{styles[finding.seen.state]}]{finding.seen.state}[/]"
            table.add_row(finding.name, state, finding.seen.found, finding.needed_for)
        console().print(table)
        for finding in findings:
            if finding.seen.remedy:
                click.echo(f"\n{finding.name}: {finding.seen.remedy}")
    if any(finding.required and finding.seen.state is not State.OK for finding in findings):
        click.get_current_context().exit(ExitCode.MISSING)
