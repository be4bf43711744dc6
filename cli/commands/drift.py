"""`infra drift`: what was changed behind terraform's back."""

from __future__ import annotations

import click

from cli.core.workspace.options import Options
from cli.ui.options import environments_argument, json_option, terraform_options
from cli.ui.terminal import Progress, print_json


@click.command()
@environments_argument
@json_option
@terraform_options
def command(
    environments: tuple[str, ...],
    as_json: bool,
    options: Options,
) -> int:
    """Show what changed in AWS outside Terraform.

    Nothing is changed, not even the state. Ends with 0 when nothing drifted, and with 2 when something did.

    \b
    Examples:
      infra drift prod
      infra drift dev --sandbox --json
    """
    from cli.core.base.errors import ExitCode
    from cli.core.operations.drift import drift, in_words
    from cli.core.operations.open_stack import open_stack
    from cli.core.plans.report.data import change
    from cli.ui.stacks import each_environment, reported

    found = []
    with reported(as_json=as_json):
        for name in each_environment(environments):
            with open_stack(name, options, Progress()) as stack:
                found.append(drift(stack.workspace, options, stack.progress))
    if as_json:
        print_json(
            [{"environment": each.environment, "drift": [change(one) for one in each.changes]} for each in found]
        )
    else:
        for each in found:
            resources = "1 resource" if len(each.changes) == 1 else f"{len(each.changes)} resources"
            click.echo(f"{each.environment}: {f'{resources} drifted' if each.changes else 'nothing drifted'}")
            for one in each.changes:
                click.echo("\n".join(f"  {line}" for line in in_words(one)))
    return ExitCode.CHANGES if any(each.changes for each in found) else ExitCode.OK
