"""`infra plan`: what terraform would do, checked and saved."""

from __future__ import annotations

from dataclasses import replace

import click

from cli.core.base.clock import utc_now
from cli.core.base.errors import ExitCode
from cli.core.operations.admission import find_objections
from cli.core.operations.open_stack import open_stack
from cli.core.operations.plan import make_plan
from cli.core.operations.plan_policy import open_gate
from cli.core.operations.preconditions import require_preconditions, skipped_note
from cli.core.operations.recover import require_recovered
from cli.core.plans.report import FORMATS, renderer
from cli.core.workspace.options import Options
from cli.ui.app import Application, pass_application
from cli.ui.options import environment_argument, format_options, terraform_options
from cli.ui.terraform import plan_report


@click.command()
@environment_argument
@click.argument("arguments", nargs=-1, metavar="[-- ARGUMENT...]")
@format_options(FORMATS)
@click.option(
    "--skip-preconditions",
    "skip_reason",
    metavar="REASON",
    help="Do not ask the account for the preconditions of an apply. The report has the reason.",
)
@terraform_options
@pass_application
def command(
    application: Application,
    environment: str,
    arguments: tuple[str, ...],
    skip_reason: str | None,
    options: Options,
) -> int:
    """Plan an environment, and save the plan for infra apply.

    The policies check the Terraform and the plan. The report begins with what opens and closes, as infra change says
    it; then comes what is destroyed or replaced and why, what widens access, and the rest; sensitive values are masked.
    Before that the account is asked for what an apply cannot do without, see infra doctor ENV. Exit codes: 0 for no
    changes, 2 for changes, 3 or 4 if the gate fails, 7 if such a precondition is missing. ARGUMENTs after -- go to
    terraform plan.

    \b
    Examples:
      infra plan dev --sandbox
      infra plan prod --format markdown > comment.md
      infra plan dev --skip-preconditions "the artifacts are uploaded tonight"
      infra plan dev -- -target=aws_vpc.network_vpc_86E85837
    """
    progress = application.progress
    options = replace(options, arguments=arguments)
    if skip_reason is not None and not skip_reason.strip():
        raise click.UsageError("--skip-preconditions needs a reason, which the report of the plan has")
    with (
        open_gate(utc_now().date()) as gate,
        open_stack(environment, options, progress, gate=gate) as stack,
    ):
        require_recovered(stack.workspace)
        note = skipped_note(skip_reason) if skip_reason else require_preconditions(stack)
        result = make_plan(stack.workspace, gate, options, utc_now())
        report = plan_report(stack.workspace, result, find_objections(stack.workspace, utc_now()))
        report = replace(report, notes=(*report.notes, note), proof=result.proof(options.target))
    application.write(renderer(application.format)(report))
    return ExitCode.OK if result.plan.is_empty else ExitCode.CHANGES
