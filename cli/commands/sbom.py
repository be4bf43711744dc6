"""`infra sbom`: the packages that the toolkit consists of."""

from __future__ import annotations

from pathlib import Path

import click

from cli.core.base.files import write_whole
from cli.core.sbom.document import bill_of_materials
from cli.core.sbom.locked import packages
from cli.ui.app import Application, pass_application
from cli.ui.options import NamedPath, json_flag
from cli.ui.tables import table


@click.command()
@click.option(
    "--out",
    type=NamedPath(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the bill of materials to FILE, whole or not at all.",
)
@json_flag
@pass_application
def command(application: Application, out: Path | None) -> None:
    """List the packages of the toolkit, with versions and licences.

    They are those of requirements.lock, and the Node packages that lay out the picture. --json prints a bill of
    materials in CycloneDX 1.6, which --out writes: each package with its package URL, its licence, what it needs, and
    whether the toolkit runs with it or its tests alone do. The same locks give the same bytes.

    \b
    Examples:
      infra sbom
      infra sbom --out infra.cdx.json
    """
    found = packages()
    if out is not None:
        write_whole(out, bill_of_materials(found).encode())
        application.progress.note(f"wrote {out}")
    if application.is_json:
        application.write(bill_of_materials(found))
        return
    rows = [
        (each.name, each.version, each.licence or "not known", "" if each.is_shipped else "tests") for each in found
    ]
    application.say(table(("package", "version", "licence", "for"), rows))
