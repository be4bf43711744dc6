"""`infra bootstrap`: what an environment needs before its first plan."""

from __future__ import annotations

import click

from cli.core.base.clock import utc_now
from cli.core.operations.apply import require_losses_allowed
from cli.core.operations.open_stack import open_stack
from cli.core.operations.plan import make_plan
from cli.core.operations.plan_policy import open_gate
from cli.core.operations.recover import require_recovered
from cli.core.workspace.options import Options
from cli.ui.app import Application, pass_application
from cli.ui.options import environment_argument, json_flag, terraform_options, yes_option
from cli.ui.terraform import apply_saved, show_plan, show_record


@click.command()
@environment_argument
@yes_option
@json_flag
@terraform_options
@pass_application
def command(application: Application, environment: str, yes: bool, options: Options) -> None:
    """Create an environment's state bucket, secrets and keys.

    The bootstrap stack has the buckets of the state and of artifacts, the secrets, and their keys. The command plans
    it, checks it, shows it, asks for the environment's name and applies it. If the stack is up to date, it does
    nothing. The stack's own state is a file in the stack's directory. Fill the secrets afterwards.

    \b
    Examples:
      infra bootstrap dev --sandbox --yes
      infra bootstrap prod
    """
    progress = application.progress
    with (
        open_gate(utc_now().date()) as gate,
        open_stack(environment, options, progress, is_bootstrap=True, gate=gate) as stack,
    ):
        require_recovered(stack.workspace)
        result = make_plan(stack.workspace, gate, options, utc_now())
        saved = show_plan(application, stack.workspace, result)
        if saved is None:
            return
        require_losses_allowed(result.plan, ())
        application.confirm(environment, f"Apply {stack.workspace.stack}?", yes=yes)
        record = apply_saved(stack, saved, saved.evidence.policies)
    show_record(application, record)
