"""`infra freeze`: an environment takes no promotions for a while."""

from __future__ import annotations

import datetime

import click

from cli.core.base.clock import utc_now
from cli.core.promotion.freezes import freeze
from cli.ui.app import Application, pass_application
from cli.ui.options import environment_argument, json_flag


@click.command()
@environment_argument
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    required=True,
    help="When it ends, UTC: a minute, or the beginning of a day.",
)
@click.option("--reason", required=True, metavar="TEXT", help="Why; recorded.")
@click.option("--allow", "allowed_release", default="", metavar="RELEASE", help="Allow this one release, a hotfix.")
@json_flag
@pass_application
def command(
    application: Application, environment: str, until: datetime.datetime, reason: str, allowed_release: str
) -> None:
    """Stop promotions to an environment for a time.

    The freeze is recorded in the log of promotions.

    \b
    Examples:
      infra freeze prod --until 2027-01-04 --reason "holidays"
      infra freeze prod --until 2027-01-04 --reason "holidays" --allow 3f2a9c41d07b
    """
    ends = until.replace(tzinfo=datetime.UTC)
    record = freeze(environment, ends, reason=reason, allowed_release=allowed_release, now=utc_now())
    but = f", except for release {allowed_release}" if allowed_release else ""
    application.show(
        record.as_json(), f"{environment} is frozen until {ends:%Y-%m-%d %H:%M} UTC{but} (record {record.sequence})"
    )
