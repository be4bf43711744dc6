"""`infra debug`: what a report of a fault needs."""

from __future__ import annotations

import os
from pathlib import Path

import click

from cli.core.base.files import write_whole
from cli.core.bundle import archive, contents
from cli.ui.app import Application, Group, pass_application, shown_path
from cli.ui.options import NamedPath, json_flag


@click.group(cls=Group)
def command() -> None:
    """Collect what a report of a fault needs."""


@command.command("bundle")
@click.option(
    "--out",
    type=NamedPath(dir_okay=False, path_type=Path),
    default=Path("infra-debug.tar.gz"),
    show_default=True,
    metavar="FILE",
    help="The archive to write, whole or not at all.",
)
@json_flag
@pass_application
def bundle(application: Application, out: Path) -> None:
    """Write an archive with versions, what is installed, settings and the state of the checkout.

    No state, plan or record is in it, no comment of the settings, and of variables the names. What looks like a secret
    is replaced; look at it before you send it. --debug after any command shows what that command does.

    \b
    Examples:
      infra debug bundle
      infra debug bundle --out /tmp/report.tar.gz
    """
    files = contents(os.environ)
    write_whole(out, archive(files))
    rows = [f"  {name}  {len(text.encode()):,} bytes" for name, text in files.items()]
    data = {"file": str(out), "files": {name: len(text.encode()) for name, text in files.items()}}
    application.show(data, "\n".join([f"wrote {shown_path(out)}:", *rows]))
