"""`infra destroy`: the end of an environment."""

from __future__ import annotations

import click

from cli.core.workspace.options import Options
from cli.ui.options import environment_argument, json_option, terraform_options, yes_option
from cli.ui.terminal import Progress


@click.command()
@environment_argument
@yes_option
@json_option
@terraform_options
def command(
    environment: str,
    yes: bool,
    as_json: bool,
    options: Options,
) -> None:
    """Destroy an environment and its data.

    Refused while the environment's settings protect what holds data, and while anything in AWS is protected from
    deletion. The bootstrap stack, with the state, stays.

    \b
    Examples:
      infra destroy dev --sandbox
    """
    from cli.commands.plan import make_report
    from cli.core.base.clock import utc_now
    from cli.core.base.environments import load_settings
    from cli.core.operations import destroy as destroying
    from cli.core.operations.open_stack import open_stack
    from cli.core.operations.plan_policy import open_gate
    from cli.core.operations.recover import require_recovered
    from cli.core.plans.report import renderer
    from cli.ui.apply import run, say
    from cli.ui.stacks import confirm, reported
    from cli.ui.terminal import print_json

    with reported(as_json=as_json):
        destroying.require_unprotected_settings(load_settings(environment))
        with open_gate(utc_now().date()) as gate, open_stack(environment, options, Progress(), gate=gate) as stack:
            require_recovered(stack.workspace, stack.progress)
            made = destroying.plan(stack.workspace, gate, options, stack.progress, utc_now())
            stack.progress.clear()
            click.echo(renderer("table")(make_report(stack.workspace, made)), nl=False, err=as_json)
            kept = made.saved
            if kept is None:
                if as_json:
                    print_json({"stack": stack.workspace.stack, "result": "unchanged"})
                return
            losses = made.plan.stateful_losses
            confirm(environment, f"Destroy {environment}, {len(losses)} of it with data?", yes=yes)
            record = run(stack, kept, kept.evidence.policies, losses)
    say(record, as_json=as_json)
