"""`infra destroy`: the end of an environment."""

from __future__ import annotations

import click

from cli.core.base.clock import utc_now
from cli.core.base.environments import load_settings
from cli.core.operations.destroy import make_destroy_plan, require_unprotected_settings
from cli.core.operations.open_stack import open_stack
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
    """Destroy an environment and its data.

    The command asks for the environment's name. It refuses while the settings protect data, and while a resource in AWS
    is protected from deletion. The bootstrap stack, with the state, stays.

    \b
    Examples:
      infra destroy dev --sandbox
    """
    progress = application.progress
    require_unprotected_settings(load_settings(environment))
    with open_gate(utc_now().date()) as gate, open_stack(environment, options, progress, gate=gate) as stack:
        require_recovered(stack.workspace)
        result = make_destroy_plan(stack.workspace, gate, options, utc_now())
        saved = show_plan(application, stack.workspace, result)
        if saved is None:
            return
        losses = result.plan.stateful_losses
        application.confirm(environment, f"Destroy {environment}, {len(losses)} of it with data?", yes=yes)
        record = apply_saved(stack, saved, saved.evidence.policies, losses)
    show_record(application, record)
