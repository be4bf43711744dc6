"""`infra bootstrap`: what must be there before an environment's first plan."""

from __future__ import annotations

import click

from cli.options import environment_argument, json_option, terraform_options, yes_option


@click.command()
@environment_argument
@yes_option
@json_option
@terraform_options
def command(
    environment: str,
    yes: bool,
    as_json: bool,
    sandbox: bool,
    lock_timeout_seconds: int,
    parallelism: int | None,
) -> None:
    """Make an environment's bootstrap stack: the buckets of its state and artifacts, its secrets, their keys.

    Plans, judges, shows and applies in one go, after asking for the environment's name; nothing is done when it is
    there already. Its own state is a file in the stack's directory. The secrets are then filled by an operator.

    \b
    Examples:
      infra bootstrap dev --sandbox --yes
      infra bootstrap prod
    """
    from cli.applying import run, say
    from cli.commands.plan import make_report
    from cli.engine.operations import applying, planning
    from cli.engine.operations.judging import open_gate
    from cli.engine.operations.recovery import settle
    from cli.engine.operations.workspace import Options
    from cli.engine.plans.reports import renderer
    from cli.stacks import confirm, ready, reported, utc_now
    from cli.terminal import print_json

    options = Options(sandbox, lock_timeout_seconds, parallelism)
    with (
        reported(as_json=as_json),
        open_gate(utc_now().date()) as gate,
        ready(environment, options, is_bootstrap=True, gate=gate) as stack,
    ):
        settle(stack.workspace, stack.telling)
        made = planning.plan(stack.workspace, gate, options, stack.telling, utc_now())
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
