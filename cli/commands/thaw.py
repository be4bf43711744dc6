"""`infra thaw`: a freeze ends."""

from __future__ import annotations

import click

from cli.core.base.clock import utc_now
from cli.core.promotion.freezes import thaw
from cli.ui.app import Application, pass_application
from cli.ui.options import environment_argument, json_flag


@click.command()
@environment_argument
@click.option("--reason", default="", metavar="TEXT", help="Why; recorded.")
@json_flag
@pass_application
def command(application: Application, environment: str, reason: str) -> None:
    """End a freeze early.

    \b
    Example:
      infra thaw prod
    """
    record = thaw(environment, reason=reason, now=utc_now())
    application.show(
        {"environment": environment, "thawed": record is not None},
        f"{environment} is thawed (record {record.sequence})" if record else f"{environment} is not frozen",
    )
