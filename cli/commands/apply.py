"""`infra apply`: exactly the saved plan."""

from __future__ import annotations

import click

from cli.core.workspace.options import Options
from cli.ui.options import environment_argument, json_option, terraform_options, yes_option
from cli.ui.terminal import Progress


@click.command()
@environment_argument
@click.option(
    "--allow-stateful-loss",
    "allowed",
    multiple=True,
    metavar="ADDRESS",
    help="Let this resource be destroyed or replaced with the data in it; can be given several times.",
)
@yes_option
@json_option
@terraform_options
def command(
    environment: str,
    allowed: tuple[str, ...],
    yes: bool,
    as_json: bool,
    options: Options,
) -> None:
    """Apply the saved plan of an environment.

    Refuses, with a reason of its own for each, when there is no plan, or when since then the plan, the commit, the
    settings, the state or anything in AWS has changed; when the plan has expired or the gate passes no longer; when the
    credentials are another account's; and when something that holds data would go. Production asks for its name.
    Whatever comes of it is recorded, see infra history.

    \b
    Examples:
      infra apply dev --sandbox
      infra apply prod --yes
    """
    from cli.core.base.clock import utc_now
    from cli.core.operations import apply as applying
    from cli.core.operations.open_stack import open_stack
    from cli.core.operations.plan_policy import open_gate
    from cli.core.operations.recover import require_recovered
    from cli.core.plans.report.text import summary
    from cli.ui.apply import run, say
    from cli.ui.stacks import confirm, reported

    with (
        reported(as_json=as_json),
        open_gate(utc_now().date()) as gate,
        open_stack(environment, options, Progress()) as stack,
    ):
        workspace = stack.workspace
        require_recovered(workspace, stack.progress)
        kept = applying.load_saved(workspace, utc_now())
        policies = applying.check(workspace, kept, stack.synthesized, gate, stack.progress, allowed)
        stack.progress.clear()
        plan = applying.read_saved(kept)
        if applying.is_production(workspace.settings):
            confirm(environment, f"{environment}: {summary(plan)}.", yes=yes)
        record = run(stack, kept, policies, allowed)
    say(record, as_json=as_json)
