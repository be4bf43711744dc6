"""`infra apply`: exactly the saved plan."""

from __future__ import annotations

import click

from cli.core.base.clock import utc_now
from cli.core.operations.admission import CONDITIONS, find_objections, require_admitted
from cli.core.operations.apply import check_saved, is_production, load_saved, require_plan
from cli.core.operations.open_stack import open_stack
from cli.core.operations.overrides import overrides_of, recorded
from cli.core.operations.plan_policy import open_gate
from cli.core.operations.recover import require_recovered
from cli.core.plans.report.text import summary
from cli.core.workspace.options import Options
from cli.ui.app import Application, pass_application
from cli.ui.options import environment_argument, json_flag, terraform_options, yes_option
from cli.ui.terraform import apply_saved, show_record


@click.command()
@environment_argument
@click.option(
    "--allow-stateful-loss",
    "allowed",
    multiple=True,
    metavar="ADDRESS",
    help="Destroy or replace this resource, and lose its data. Repeat for each resource.",
)
@click.option(
    "--override",
    "overridden",
    multiple=True,
    metavar="GATE",
    help=f"Apply although this is against it: {', '.join(CONDITIONS)}. Repeat for each. Needs --reason.",
)
@click.option("--reason", metavar="TEXT", help="Why, for the record.")
@click.option("--plan", "plan_id", metavar="ID", help="Apply only the plan of this id, which infra plan prints.")
@yes_option
@json_flag
@terraform_options
@pass_application
def command(
    application: Application,
    environment: str,
    allowed: tuple[str, ...],
    overridden: tuple[str, ...],
    reason: str | None,
    plan_id: str | None,
    yes: bool,
    options: Options,
) -> None:
    """Apply the saved plan of an environment.

    Terraform does exactly what the plan says. The command refuses if no plan is saved or the plan has expired; if the
    commit, the settings, the state or anything in AWS has changed since; if a policy fails; if the credentials belong
    to another account; if a resource that holds data would be destroyed; or if the release was not promoted to the
    environment, or the environment is frozen. Each refusal has its own message.
    Production asks for its name. Every apply is recorded, see infra history.

    \b
    Examples:
      infra apply dev --sandbox
      infra apply prod --yes
      infra apply prod --override freeze --reason "incident 4711: the fix"
    """
    progress = application.progress
    overrides = overrides_of(overridden, reason, CONDITIONS)
    with open_gate(utc_now().date()) as gate, open_stack(environment, options, progress) as stack:
        workspace = stack.workspace
        require_recovered(workspace)
        saved = load_saved(workspace, utc_now())
        if plan_id is not None:
            require_plan(saved, plan_id)
        objections = find_objections(workspace, utc_now())
        require_admitted(environment, objections, overrides)
        policies = check_saved(workspace, saved, stack.synthesized, gate, allowed=allowed)
        if is_production(workspace.settings):
            application.confirm(environment, f"{environment}: {summary(saved.read())}.", yes=yes)
        progress.clear()
        needed = {each.condition for each in objections}
        record = apply_saved(stack, saved, policies, allowed=allowed, overrides=recorded(overrides, needed, utc_now()))
    show_record(application, record)
