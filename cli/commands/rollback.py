"""`infra rollback`: an environment goes back to an older release."""

from __future__ import annotations

import click

from cli.core.workspace.options import Options
from cli.ui.options import environment_argument, json_option, override_options, terraform_options

FORMATS = ("table", "json", "markdown")


@click.command()
@environment_argument
@click.argument("release", required=False, metavar="[RELEASE]")
@click.option("--dry-run", is_flag=True, help="Do everything but the writing.")
@click.option("--branch", metavar="NAME", help="Commit the rollback on a new branch, with the report as its message.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True, help="What to print."
)
@json_option
@override_options
@terraform_options
def command(
    environment: str,
    release: str | None,
    dry_run: bool,
    branch: str | None,
    format_: str,
    as_json: bool,
    overridden: tuple[str, ...],
    reason: str | None,
    acknowledged: str,
    yes: bool,
    options: Options,
) -> None:
    """Return an environment to an earlier release.

    It must have been applied there before, and passes the gates of a promotion but soak. A plan that destroys or
    replaces what holds data refuses it. infra plan and infra apply come after that.

    \b
    Examples:
      infra rollback prod
      infra rollback prod 3f2a9c41d07b --dry-run
    """
    from cli.ui.promotion import Request, roll_back
    from cli.ui.stacks import reported

    request = Request(
        options,
        "json" if as_json else format_,
        overridden,
        reason,
        acknowledged,
        is_dry=dry_run,
        branch=branch,
        yes=yes,
    )
    with reported(as_json=request.format == "json"):
        click.echo(roll_back(environment, release, request), nl=False)
