"""`infra drift`: what changed in AWS outside Terraform."""

from __future__ import annotations

import click

from cli.core.base.environments import select_environments
from cli.core.base.errors import ExitCode
from cli.core.operations.drift import drift_of_environments
from cli.core.operations.drift_report import FORMATS
from cli.core.workspace.options import Options
from cli.ui.app import Application, pass_application
from cli.ui.options import environments_argument, format_options, terraform_options


@click.command()
@environments_argument
@format_options(tuple(FORMATS))
@terraform_options
@pass_application
def command(application: Application, environments: tuple[str, ...], options: Options) -> int:
    """Show what changed in AWS outside Terraform.

    Compares AWS with the states of the environments named, or of all, and of their bootstrap stacks where those were
    applied on this machine. First comes what opens access. Nothing is changed, not even the state. Exit codes: 0 for no
    drift, 2 for drift, 1 if a stack could not be compared, whatever the others are.

    Each environment has an account: with INFRA_PROFILE_PER_ENVIRONMENT=1 the AWS profile of its name is used.

    \b
    Examples:
      infra drift
      infra drift prod --format markdown > issue.md
      infra drift dev --sandbox --json
    """
    drifts = drift_of_environments(select_environments(environments), options, application.progress)
    application.write(FORMATS[application.format](drifts))
    if any(drift.is_failure for drift in drifts):
        return ExitCode.ERROR
    return ExitCode.CHANGES if any(drift.changes for drift in drifts) else ExitCode.OK
