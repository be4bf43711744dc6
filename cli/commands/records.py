"""`infra records`: the format of records."""

from __future__ import annotations

import click

from cli.core.records import schema
from cli.ui.app import Application, Group, pass_application


@click.group(cls=Group)
def command() -> None:
    """Describe the format of records."""


@command.command("schema")
@click.option("--write", is_flag=True, help="Write docs/records.schema.json instead.")
@pass_application
def print_schema(application: Application, write: bool) -> None:
    """Print the JSON Schema of a record.

    \b
    Examples:
      infra records schema
      infra records schema --write
    """
    if write:
        schema.write()
    else:
        application.write(schema.render())
