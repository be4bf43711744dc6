"""`infra bootstrap`: what an environment needs before its first plan."""

from __future__ import annotations

import contextlib
from typing import Any

import click

from cli.core.base.clock import utc_now
from cli.core.base.environments import load_settings
from cli.core.base.errors import InfraError
from cli.core.operations.apply import require_losses_allowed
from cli.core.operations.bootstrap_copy import hold_state, keep_state
from cli.core.operations.delegation import DelegationReport, delegation_report
from cli.core.operations.open_stack import open_stack
from cli.core.operations.plan import make_plan
from cli.core.operations.plan_policy import open_gate
from cli.core.operations.recover import require_recovered
from cli.core.operations.take_over import take_over
from cli.core.workspace.options import Options
from cli.ui.app import Application, pass_application
from cli.ui.options import environment_argument, json_flag, terraform_options, yes_option
from cli.ui.terraform import apply_saved, show_plan, show_record
from envs.load import load_parents


@click.command()
@environment_argument
@yes_option
@json_flag
@terraform_options
@pass_application
def command(application: Application, environment: str, yes: bool, options: Options) -> None:
    """Create an environment's state bucket, secrets and public zone.

    The bootstrap stack has the buckets of the state and of artifacts, the secrets, the public hosted zone, and their
    keys. The command plans it, checks it, shows it, asks for the environment's name and applies it. If the stack is up
    to date, it changes nothing. The stack's own state is a file in the stack's directory; other machines take the copy
    in the state bucket. Fill the secrets afterwards.

    In the end it prints the zone's name servers and DS record, and where they belong: into the settings of the
    environment whose domain is the parent, or into the parent domain.

    \b
    Examples:
      infra bootstrap dev --sandbox --yes
      infra bootstrap prod
      infra bootstrap dev --json
    """
    progress = application.progress
    parents = load_parents(load_settings(environment))
    with (
        open_gate(utc_now().date()) as gate,
        open_stack(environment, options, progress, is_bootstrap=True, gate=gate) as stack,
    ):
        require_recovered(stack.workspace)
        take_over(stack, options)
        result = make_plan(stack.workspace, gate, options, utc_now())
        if result.saved is None:
            keep_state(stack.workspace)
            report = delegation_report(stack.workspace, parents)
            show_plan(application, stack.workspace, result, more=_data(report))
            if report is not None and not application.is_json:
                application.say(report.text())
            return
        saved = show_plan(application, stack.workspace, result)
        assert saved is not None
        require_losses_allowed(result.plan, ())
        application.confirm(environment, f"Apply {stack.workspace.stack}?", yes=yes)
        hold_state(stack.workspace)
        try:
            record = apply_saved(stack, saved, saved.evidence.policies)
        except BaseException:
            with contextlib.suppress(InfraError):  # why the apply ended says more
                keep_state(stack.workspace)
            raise
        keep_state(stack.workspace)
        report = delegation_report(stack.workspace, parents)
    show_record(application, record, more=_data(report))
    if report is not None and not application.is_json:
        application.say(report.text())


def _data(report: DelegationReport | None) -> dict[str, Any]:
    """What the result for programs says of the delegation."""
    return {} if report is None else {"delegation": report.as_data()}
