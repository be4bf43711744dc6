"""`infra rollback`: an environment returns to an earlier release."""

from __future__ import annotations

from functools import partial
from typing import Unpack

import click

from cli.core.promotion.service import roll_back
from cli.ui.app import Application, pass_application
from cli.ui.options import environment_argument
from cli.ui.proposals import Answers, carry_out, proposal_options


@click.command()
@environment_argument
@click.argument("release", required=False, metavar="[RELEASE]")
@proposal_options
@pass_application
def command(application: Application, environment: str, release: str | None, **answers: Unpack[Answers]) -> None:
    """Return an environment to an earlier release.

    Writes RELEASE, or the release that was applied before, into the file of ENV. The release must have been applied
    there, and passes the gates of a promotion but soak. A plan that destroys data is always refused. Then run infra
    plan ENV and infra apply ENV.

    \b
    Examples:
      infra rollback prod
      infra rollback prod 3f2a9c41d07b --dry-run
    """
    carry_out(application, environment, partial(roll_back, environment, release), answers)
