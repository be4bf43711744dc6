"""`infra bootstrap`: what must be there before an environment's first plan."""

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
    """Create an environment's state bucket, secrets and keys.

    Plans, judges, shows and applies in one go, after asking for the environment's name; nothing is done when it is
    there already. Its own state is a file in the stack's directory. The secrets are then filled by an operator.

    \b
    Examples:
      infra bootstrap dev --sandbox --yes
      infra bootstrap prod
    """
    from cli.commands.plan import make_report
    from cli.core.base.clock import utc_now
    from cli.core.operations import apply as applying
    from cli.core.operations import plan as planning
    from cli.core.operations.open_stack import open_stack
    from cli.core.operations.plan_policy import open_gate
    from cli.core.operations.recover import require_recovered
    from cli.core.plans.report import renderer
    from cli.ui.apply import run, say
    from cli.ui.stacks import confirm, reported
    from cli.ui.terminal import print_json

    with (
        reported(as_json=as_json),
        open_gate(utc_now().date()) as gate,
        open_stack(environment, options, Progress(), is_bootstrap=True, gate=gate) as stack,
    ):
        require_recovered(stack.workspace, stack.progress)
        made = planning.plan(stack.workspace, gate, options, stack.progress, utc_now())
        stack.progress.clear()
        report = make_report(stack.workspace, made)
        click.echo(renderer("table")(report), nl=False, err=as_json)
        kept = made.saved
        if kept is None:
            if as_json:
                print_json({"stack": stack.workspace.stack, "result": "unchanged"})
            return
        applying.require_leave(made.plan, ())
        confirm(environment, f"Apply {stack.workspace.stack}?", yes=yes)
        record = run(stack, kept, kept.evidence.policies)
    say(record, as_json=as_json)
