"""`infra diff`: what differs between two environments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.ui.options import complete_environments, json_option
from cli.ui.terminal import Progress

if TYPE_CHECKING:
    pass

FORMATS = ("table", "json", "markdown")


@click.command()
@click.argument("before", metavar="A", shell_complete=complete_environments)
@click.argument("after", metavar="B", shell_complete=complete_environments)
@click.option("--release", "is_release_only", is_flag=True, help="Compare the values of the releases and nothing else.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True, help="What to print."
)
@json_option
def command(before: str, after: str, is_release_only: bool, format_: str, as_json: bool) -> int:
    """Show how two environments differ.

    Names, accounts, networks, domains and sizes must differ, so B is synthesized with those of A first; what is left
    comes from the release, from settings that should be the same everywhere, or from the code. ENV@REVISION is the
    environment as a git revision has it. Ends with 2 when something is left, with 0 when nothing is.

    \b
    Examples:
      infra diff staging prod
      infra diff --release dev staging
      infra diff prod@v1.3.0 prod --format markdown
    """
    from cli.core.base.errors import ExitCode
    from cli.core.diff import report as written
    from cli.core.diff.compare import compare
    from cli.core.diff.sides import side
    from cli.core.synthesis.synthesize import synthesize
    from cli.ui.options import select_environments
    from envs.load import environments

    select_environments([name for name in (before, after) if "@" not in name], environments())
    progress = Progress()
    with side(before, write=synthesize) as old, side(after, write=synthesize) as new:
        difference = compare(old, new, is_release_only=is_release_only, step=progress.step)
    progress.clear()
    render = {"table": written.as_table, "json": written.as_json, "markdown": written.as_markdown}
    click.echo(render["json" if as_json else format_](difference), nl=False)
    return ExitCode.OK if difference.is_empty else ExitCode.CHANGES
