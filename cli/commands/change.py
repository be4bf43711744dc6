"""`infra change`: what a change opens, closes and loosens."""

from __future__ import annotations

from pathlib import Path

import click

from cli.core.base.environments import select_environments
from cli.core.base.errors import ExitCode
from cli.core.change.report import FORMATS
from cli.core.diff.snapshots import change_between, change_since
from cli.ui.app import Application, pass_application
from cli.ui.options import complete_places, format_options, is_path

_MAIN = "main"
"""What a change is compared with where nothing was applied."""


@click.command()
@click.argument("places", nargs=-1, required=True, metavar="ENV|BEFORE AFTER", shell_complete=complete_places)
@click.option(
    "--since",
    "revision",
    metavar="REV",
    help="The git revision to compare with.  [default: the commit of the last apply, else main]",
)
@click.option(
    "--expect", type=click.Choice(("nothing-opens",)), help="Exit code 3 if something opens, or may, or is not known."
)
@click.option(
    "--acknowledge",
    "acknowledged",
    metavar="ID",
    multiple=True,
    help="With --expect: accept what opens, if it is what this id stands for. May be given several times.",
)
@format_options(tuple(FORMATS))
@pass_application
def command(
    application: Application,
    places: tuple[str, ...],
    revision: str | None,
    expect: str | None,
    acknowledged: tuple[str, ...],
) -> int:
    """Show what a change opens, closes and loosens.

    The proofs of infra reach and infra access are compared, before and after: who can connect to whom, and who may do
    what to which data. A renamed group or one replica more is no difference by itself. ENV is what the working tree
    makes of an environment, compared with a revision, without credentials. BEFORE and AFTER are directories of any
    Terraform, or plans as JSON. What is looser without opening anything is listed with what still stops it, and what
    rests on an assumption says so. The exit code is 0; with --expect it is 3 if something opens that the id does not
    acknowledge.

    \b
    Examples:
      infra change prod
      infra change prod --since origin/main --expect nothing-opens
      infra change ../old/terraform ../new/terraform
      infra change before.json after.json --format markdown
    """
    if acknowledged and expect is None:
        raise click.UsageError("--acknowledge is for --expect nothing-opens: give that as well")
    if len(places) == 2:
        if revision is not None:
            raise click.UsageError("--since is for an environment; two paths are compared with each other")
        proof = change_between(Path(places[0]), Path(places[1]))
    elif len(places) == 1 and is_path(places[0]):
        raise click.UsageError(f"received one path, {places[0]}; give two, BEFORE and AFTER, or an environment")
    elif len(places) == 1:
        (environment,) = select_environments(places)
        proof = change_since(environment, revision or _applied_commit(environment) or _MAIN)
    else:
        raise click.UsageError(f"received {len(places)} places; allowed: an environment, or two paths")
    application.write(FORMATS[application.format](proof))
    is_expected = proof.is_proved or proof.id in acknowledged
    return ExitCode.OK if expect is None or is_expected else ExitCode.FINDINGS


def _applied_commit(environment: str) -> str:
    from cli.core.operations.provenance import applied_commit  # 0.07 s: records, which other revisions do not need

    return applied_commit(environment)
