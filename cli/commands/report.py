"""`infra report`: one page about environments."""

from __future__ import annotations

from pathlib import Path

import click

from cli.core.base.clock import utc_now
from cli.core.base.files import write_whole
from cli.core.base.target import Target
from cli.core.report.gather import gather
from cli.core.report.page import page
from cli.core.report.summary import summary
from cli.ui.app import Application, pass_application, shown_path
from cli.ui.options import FileToWrite, environments_argument, json_flag, sandbox_option


@click.command()
@environments_argument
@click.option(
    "-o",
    "--out",
    type=FileToWrite(),
    required=True,
    metavar="FILE",
    help="Write FILE, which ends with .html, whole or not at all.",
)
@click.option("--drift", "with_drift", is_flag=True, help="Also look for drift in AWS, or in the sandbox.")
@sandbox_option("With the releases and records of what was rehearsed in the sandbox.")
@json_flag
@pass_application
def command(
    application: Application, environments: tuple[str, ...], out: Path, with_drift: bool, target: Target
) -> None:
    """Write one HTML page about environments.

    It is for whoever would rather look than run: the network, who can reach whom with the reason for each yes and no,
    who may do what, claims, findings, suppressions, changes, differences, costs, resources and the state of releases.
    These are what infra diagram, reach, access, check, change, diff, cost, inventory, status, promotions and history
    say. The file needs no network and nothing beside it. Without arguments it is about every environment. With --json
    verdicts and counts are printed as well. The exit code is 0 whatever the page says: infra check is the gate.

    \b
    Examples:
      infra report -o report.html
      infra report prod -o prod.html
      infra report --sandbox --drift -o rehearsal.html
    """
    if out.suffix != ".html":
        raise click.UsageError(f"received --out {out}; allowed: a file that ends with .html")
    report = gather(environments, utc_now(), application.progress, target=target, with_drift=with_drift)
    write_whole(out, page(report).encode())
    application.progress.note(f"wrote {shown_path(out)}")
    if application.is_json:
        application.json(summary(report))
