"""`infra drift`: what changed in AWS outside Terraform."""

from __future__ import annotations

import click

from cli.core.base.environments import select_environments
from cli.core.base.errors import ExitCode
from cli.core.base.text import count
from cli.core.operations.drift import Drift, drift_lines, find_drift
from cli.core.operations.open_stack import open_stack
from cli.core.plans.report.data import change as change_data
from cli.core.workspace.options import Options
from cli.ui.app import Application, pass_application
from cli.ui.options import environments_argument, json_flag, terraform_options


@click.command()
@environments_argument
@json_flag
@terraform_options
@pass_application
def command(application: Application, environments: tuple[str, ...], options: Options) -> int:
    """Show what changed in AWS outside Terraform.

    Compares AWS with the state of the environments named, or of all. Nothing is changed, not even the state. Exit
    codes: 0 for no drift, 2 for drift.

    \b
    Examples:
      infra drift prod
      infra drift dev --sandbox --json
    """
    drifts = []
    for name in select_environments(environments):
        with open_stack(name, options, application.progress) as stack:
            drifts.append(find_drift(stack.workspace, options))
    application.show(
        [{"environment": each.environment, "drift": list(map(change_data, each.changes))} for each in drifts],
        "\n".join(map(_text, drifts)),
    )
    return ExitCode.CHANGES if any(each.changes for each in drifts) else ExitCode.OK


def _text(environment: Drift) -> str:
    drifted = count(len(environment.changes), "resource") if environment.changes else "nothing"
    lines = [f"{environment.environment}: {drifted} drifted"]
    return "\n".join([*lines, *(f"  {line}" for change in environment.changes for line in drift_lines(change))])
