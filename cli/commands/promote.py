"""`infra promote`: a release goes to the next environment."""

from __future__ import annotations

from functools import partial
from typing import Unpack

import click

from cli.core.promotion.service import promote
from cli.ui.app import Application, pass_application
from cli.ui.options import complete_environments
from cli.ui.proposals import Answers, carry_out, proposal_options


@click.command()
@click.argument("source", metavar="SRC", shell_complete=complete_environments)
@click.argument("target", metavar="DST", shell_complete=complete_environments)
@proposal_options
@pass_application
def command(application: Application, source: str, target: str, **answers: Unpack[Answers]) -> None:
    """Promote a release to the next environment.

    Writes the release of SRC into the file of DST if every gate is open: the release is applied in SRC, the policies
    pass on both, nothing drifted, it has soaked, enough people approved it, DST is not frozen, and DST's plan makes
    exactly the changes that SRC has seen. A plan that destroys data is always refused. The file and the log are written
    together or not at all. Then run infra plan DST and infra apply DST.

    \b
    Examples:
      infra promote dev staging --dry-run
      infra promote staging prod --branch release-1.4.0
      infra promote dev staging --override soak --reason "hotfix of payments"
    """
    carry_out(application, target, partial(promote, source, target), answers)
