"""`infra report`: one page about environments."""

from __future__ import annotations

from pathlib import Path

import click

from cli.core.base.clock import utc_now
from cli.core.base.files import write_whole
from cli.core.report.gather import gather
from cli.core.report.page import page
from cli.ui.app import Application, pass_application, shown_path
from cli.ui.options import NamedPath, environments_argument


@click.command()
@environments_argument
@click.option(
    "-o",
    "--out",
    type=NamedPath(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="Write FILE, whole or not at all.",
)
@pass_application
def command(application: Application, environments: tuple[str, ...], out: Path) -> None:
    """Write one HTML page about environments, for whoever would rather look than run.

    It shows the network, who can reach whom with the reason for each yes and no, who may do what, claims, findings,
    suppressions, differences, resources and the state of releases: what infra diagram, reach, access, check, diff,
    status, promotions and history say. The file needs no network and nothing beside it. Without arguments it is about
    every environment. The exit code is 0 whatever the page says: infra check is the gate.

    \b
    Examples:
      infra report -o report.html
      infra report prod -o prod.html
    """
    write_whole(out, page(gather(environments, utc_now(), application.progress)).encode())
    application.progress.note(f"wrote {shown_path(out)}")
