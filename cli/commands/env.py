"""`infra env`: the environments and their settings."""

from __future__ import annotations

import click

from cli.ui.options import Group, environment_argument, json_option
from cli.ui.terminal import console, print_json


@click.group(cls=Group)
def command() -> None:
    """List environments and show their settings."""


@command.command("list")
@json_option
def list_environments(as_json: bool) -> None:
    """List the environments in the order of promotion.

    \b
    Example:
      infra env list
    """
    from envs.load import load_all

    rows = [
        {
            "environment": settings.environment,
            "account_id": settings.account_id,
            "region": settings.region,
            "domain_name": settings.domain_name,
            "replicas": settings.network.replicas,
            "stateful_protection": settings.stateful_protection,
            "application_version": settings.release.application_version,
        }
        for settings in load_all()
    ]
    if as_json:
        print_json(rows)
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("environment", "account", "region", "domain", "replicas", "protected", "application"):
        table.add_column(title, justify="right" if title == "replicas" else "left")
    for row in rows:
        table.add_row(*("yes" if value is True else "no" if value is False else str(value) for value in row.values()))
    console().print(table)


@command.command("show")
@environment_argument
@json_option
def show_environment(environment: str, as_json: bool) -> None:
    """Print every effective setting of an environment, defaults included.

    \b
    Examples:
      infra env show prod
      infra env show prod --json | jq .network
    """
    import sys

    from cli.ui.options import select_environments
    from envs.load import environments, load

    select_environments([environment], environments())
    settings = load(environment)
    data = settings.model_dump(mode="json") | {"state": {"bucket": settings.state_bucket, "key": settings.state_key}}
    if as_json:
        print_json(data)
        return
    from ruamel.yaml import YAML
    from ruamel.yaml.representer import RoundTripRepresenter

    class NullInWords(RoundTripRepresenter):
        """Writes `null` where nothing would stand; a class of its own, for representers belong to classes."""

    null = "tag:yaml.org,2002:null"
    NullInWords.add_representer(type(None), lambda writer, _: writer.represent_scalar(null, "null"))
    yaml = YAML()
    yaml.Representer = NullInWords
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(data, sys.stdout)


@command.command("schema")
@click.option("--write", is_flag=True, help="Write envs/schema.json and docs/settings.md instead.")
def print_schema(write: bool) -> None:
    """Print the JSON Schema of an environment file, by which editors complete and check it.

    \b
    Examples:
      infra env schema
      infra env schema --write
    """
    from envs import schema

    if write:
        schema.write()
        schema.write_markdown()
    else:
        click.echo(schema.render(), nl=False)
