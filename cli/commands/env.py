"""`infra env`: the environments and their settings."""

from __future__ import annotations

import io

import click
from ruamel.yaml import YAML
from ruamel.yaml.representer import RoundTripRepresenter

from cli.core.base.environments import load_settings
from cli.core.base.project import ROOT
from cli.ui.app import Application, Group, pass_application
from cli.ui.options import environment_argument, json_flag
from cli.ui.tables import table
from envs import schema
from envs.load import load_all


@click.group(cls=Group)
def command() -> None:
    """List environments and show their settings.

    \b
    Examples:
      infra env list
      infra env show prod
    """


@command.command("list")
@json_flag
@pass_application
def list_environments(application: Application) -> None:
    """List the environments in the order of promotion.

    \b
    Example:
      infra env list
    """
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
    titles = ("environment", "account", "region", "domain", "replicas", "protected", "application")
    values = [list(map(_text, row.values())) for row in rows]
    application.show(rows, table(titles, values, right=("replicas",)))


def _text(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


class _NullInWords(RoundTripRepresenter):
    """Writes `null` where nothing would stand; a class of its own, for representers belong to classes."""


_NullInWords.add_representer(type(None), lambda writer, _: writer.represent_scalar("tag:yaml.org,2002:null", "null"))


@command.command("show")
@environment_argument
@json_flag
@pass_application
def show_environment(application: Application, environment: str) -> None:
    """Show every setting of an environment, defaults included.

    \b
    Examples:
      infra env show prod
      infra env show prod --json | jq .network
    """
    settings = load_settings(environment)
    data = settings.model_dump(mode="json") | {"state": {"bucket": settings.state_bucket, "key": settings.state_key}}
    yaml, text = YAML(), io.StringIO()
    yaml.Representer = _NullInWords
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(data, text)
    application.show(data, text.getvalue().rstrip())


@command.command("schema")
@click.option("--write", is_flag=True, help="Write the schemas in envs/ and docs/settings.md instead.")
@json_flag
@pass_application
def print_schema(application: Application, write: bool) -> None:
    """Print the JSON Schema of an environment file, for editors.

    It is JSON with and without --json.

    \b
    Examples:
      infra env schema
      infra env schema --write
    """
    if not write:
        application.write(schema.render())
        return
    schema.write()
    schema.write_company()
    schema.write_markdown()
    paths = (schema.SCHEMA_PATH, schema.COMPANY_SCHEMA_PATH, schema.MARKDOWN_PATH)
    written = [path.relative_to(ROOT).as_posix() for path in paths]
    application.show({"written": written}, f"wrote {', '.join(written)}")
