"""`infra plan`: what terraform would do, judged and kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cli.core.base.target import Target
from cli.core.plans.report import FORMATS
from cli.core.workspace.options import Options
from cli.ui.options import environment_argument, json_option, terraform_options
from cli.ui.terminal import Progress

if TYPE_CHECKING:
    from cli.core.operations.plan import PlanResult
    from cli.core.plans.report import Report
    from cli.core.workspace.workspace import Workspace


@click.command()
@environment_argument
@click.argument("arguments", nargs=-1, metavar="[-- ARGUMENT...]")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True, help="What to print."
)
@json_option
@terraform_options
def command(
    environment: str,
    arguments: tuple[str, ...],
    format_: str,
    as_json: bool,
    options: Options,
) -> int:
    """Plan an environment, and save the plan for infra apply.

    Shows first what is destroyed or replaced and what forces it, then what widens access, then the rest, with sensitive
    values masked. Ends with 0 when there is nothing to do, with 2 when there is, with 3 or 4 when the gate stops it.
    ARGUMENTs after -- go to terraform plan.

    \b
    Examples:
      infra plan dev --sandbox
      infra plan prod --format markdown > comment.md
      infra plan dev -- -target=aws_vpc.network_vpc_86E85837
    """
    from cli.core.base.clock import utc_now
    from cli.core.base.errors import ExitCode
    from cli.core.operations.plan_policy import open_gate
    from cli.ui.stacks import reported

    with reported(as_json=as_json), open_gate(utc_now().date()) as gate:  # the rest loads while checkov does
        from cli.core.operations import plan as planning
        from cli.core.operations.open_stack import open_stack
        from cli.core.operations.recover import require_recovered
        from cli.core.plans.report import renderer

        options = replace(options, arguments=arguments)
        with open_stack(environment, options, Progress(), gate=gate) as stack:
            require_recovered(stack.workspace, stack.progress)
            made = planning.plan(stack.workspace, gate, options, stack.progress, utc_now())
            report = make_report(stack.workspace, made)
    click.echo(renderer("json" if as_json else format_)(report), nl=False)
    return ExitCode.OK if made.plan.is_empty else ExitCode.CHANGES


def make_report(workspace: Workspace, made: PlanResult) -> Report:
    """A plan that was made, with what is worth knowing about how."""
    from cli.core.plans.report import Report

    notes = [f"{workspace.terraform.program}, {versions}" for versions in [_versions(made)] if versions]
    if workspace.target is Target.SANDBOX:
        notes.append("a rehearsal in the sandbox: nothing on AWS was asked or changed")
    elif not made.is_locked:
        notes.append("no dependency lock file: infra lock writes one, so that every run has the same provider")
    if made.left_to_synthesis:
        notes.append(
            f"{len(made.left_to_synthesis)} verdicts rest on the Terraform alone: the plan does not know the values yet"
        )
    kept = made.saved
    if kept is not None and kept.evidence.mode == "normal" and workspace.stack == workspace.environment:
        apply = f"infra apply {workspace.environment}{workspace.target.option}"
        notes.append(f"kept until {kept.evidence.expires:%Y-%m-%d %H:%M} UTC: {apply}")
    return Report(
        plan=made.plan,
        target=workspace.target,
        expires=kept.evidence.expires.isoformat() if kept else "",
        notes=tuple(notes),
        sha256=kept.sha256 if kept else "",
        providers=made.providers,
    )


def _versions(made: PlanResult) -> str:
    return ", ".join(f"provider {name} {version}" for name, version in made.providers.items())
