"""`infra promotions`: the log."""

from __future__ import annotations

import click

from cli.core.base.environments import select_environments
from cli.core.base.project import PROMOTIONS, ROOT
from cli.core.base.target import Target
from cli.core.records.anchors import altered
from cli.core.records.report import log_text
from cli.core.releases.rehearsed import logged
from cli.ui.app import Application, pass_application
from cli.ui.options import complete_environments, json_flag, sandbox_option


@click.command()
@click.argument("environment", required=False, metavar="[ENV]", shell_complete=complete_environments)
@sandbox_option("Promotions that were rehearsed in the sandbox.")
@json_flag
@pass_application
def command(application: Application, environment: str | None, target: Target) -> None:
    """Show the log of promotions, rollbacks and freezes.

    Of all environments or of ENV, oldest first. Every record names the digests of those before it. A record that was
    changed or is missing is an error that names it; what git has and the checkout has not is a warning.

    \b
    Examples:
      infra promotions
      infra promotions prod --json
    """
    select_environments([] if environment is None else [environment])
    records = logged(environment, target)
    if target is Target.AWS and (problem := altered(ROOT, PROMOTIONS)):
        application.say(f"warning: {problem}", err=True)
    lines = [f"{record.name:>17}  {record.data.at:%Y-%m-%d %H:%M}  {log_text(record.data)}" for record in records]
    application.show([record.as_json() for record in records], "\n".join(lines) or "nothing was promoted yet")
