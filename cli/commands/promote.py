"""`infra promote`: a release climbs one step."""

from __future__ import annotations

import click

from cli.core.workspace.options import Options
from cli.ui.options import complete_environments, json_option, override_options, terraform_options

FORMATS = ("table", "json", "markdown")


@click.command()
@click.argument("source", metavar="SRC", shell_complete=complete_environments)
@click.argument("target", metavar="DST", shell_complete=complete_environments)
@click.option("--dry-run", is_flag=True, help="Do everything but the writing.")
@click.option("--branch", metavar="NAME", help="Commit the promotion on a new branch, with the report as its message.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True, help="What to print."
)
@json_option
@override_options
@terraform_options
def command(
    source: str,
    target: str,
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
    """Promote a release to the next environment.

    The gates: the release is applied in SRC as it is, the policies pass on both, nothing drifted, it has soaked, enough
    people approved it, DST is not frozen, and the plan of DST does what the apply of SRC did. What DST's plan destroys
    of data refuses it for good. The file and the log are written together or not at all; infra plan and infra apply DST
    come after that. Promoting again what is there already changes nothing.

    \b
    Examples:
      infra promote dev staging --dry-run
      infra promote staging prod --branch release-1.4.0
      infra promote dev staging --override soak --reason "hotfix of payments"
    """
    from cli.ui.promotion import Request, promote
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
        click.echo(promote(source, target, request), nl=False)
