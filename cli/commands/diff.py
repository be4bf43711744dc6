"""`infra diff`: how two environments differ."""

from __future__ import annotations

import click

from cli.core.base.environments import select_environments
from cli.core.base.errors import ExitCode
from cli.core.diff.compare import compare
from cli.core.diff.report import FORMATS
from cli.core.diff.sides import side
from cli.ui.app import Application, pass_application
from cli.ui.options import complete_environments, format_options


@click.command()
@click.argument("before", metavar="A", shell_complete=complete_environments)
@click.argument("after", metavar="B", shell_complete=complete_environments)
@click.option("--release", "is_release_only", is_flag=True, help="Compare the values of the releases only.")
@format_options(tuple(FORMATS))
@pass_application
def command(application: Application, before: str, after: str, is_release_only: bool) -> int:
    """Show how two environments differ.

    Names, accounts, networks, domains and sizes differ by design, so B is synthesized with those of A. What remains
    comes from the release, from other settings, or from the code. ENV@REVISION is the environment at a git revision.
    Exit codes: 0 for no difference, 2 for a difference.

    \b
    Examples:
      infra diff staging prod
      infra diff --release dev staging
      infra diff prod@v1.3.0 prod --format markdown
    """
    select_environments([name for name in (before, after) if "@" not in name])
    with side(before) as old, side(after) as new:
        difference = compare(old, new, is_release_only=is_release_only, step=application.status)
    application.write(FORMATS[application.format](difference))
    return ExitCode.OK if difference.is_empty else ExitCode.CHANGES
