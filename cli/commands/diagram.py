"""`infra diagram`: the picture of a network."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from cli.core.base.environments import load_settings
from cli.core.base.errors import InfraError
from cli.core.base.files import write_whole
from cli.core.diagram.build import picture
from cli.core.diagram.draw import FORMS, data, draw
from cli.core.diagram.model import Picture
from cli.core.reach.network import configuration_at
from cli.core.synthesis.synthesize import synthesize_each
from cli.ui.app import Application, pass_application, shown_path
from cli.ui.options import FileToWrite, complete_places, is_path, json_flag
from policies.library.model import Configuration
from policies.reachability.read import read

_ALLOWED = ", ".join(f".{form}" for form in FORMS)


class NothingToDraw(InfraError):
    """There is nothing that a picture shows."""


@click.command()
@click.argument("place", metavar="ENV|PATH", shell_complete=complete_places)
@click.option("-o", "--out", type=FileToWrite(), metavar="FILE", help=f"Write FILE: {_ALLOWED}.")
@json_flag
@pass_application
def command(application: Application, place: str, out: Path | None) -> None:
    """Draw the network, with an arrow for each row of infra reach.

    Boxes are what has an address in a VPC, in its tier of subnets, and the services and networks outside; several that
    nothing tells apart are one box. Each row that infra reach lists is one arrow, from all its sources to all its
    targets, and nothing else is. A lock marks channels of which the Terraform says that they are encrypted; a broken
    line rests on an assumption. ENV and PATH are as for infra reach. Without --out the SVG is printed.

    \b
    Examples:
      infra diagram prod -o prod.svg
      infra diagram ../other/terraform -o network.png
      infra diagram dev -o dev.mmd
    """
    form = "svg" if out is None else out.suffix.removeprefix(".")
    if form not in FORMS:
        raise click.UsageError(f"received --out {out}; allowed: a file that ends with one of {_ALLOWED}")
    drawn = _picture(application, place)
    if not drawn.vpcs and not any(drawn.boxes()):
        raise NothingToDraw(f"{place}: has nothing to draw: no VPC, nothing with an address in one, no service")
    if application.is_json:
        application.json(data(drawn))
    if out is not None:
        write_whole(out, draw(drawn, form, application.progress))
        application.progress.note(f"wrote {shown_path(out)}")
    elif not application.is_json:
        application.write(draw(drawn, form, application.progress).decode())


def _picture(application: Application, place: str) -> Picture:
    """The picture of an environment or of what is at a path."""
    if is_path(place):
        return _of(configuration_at(Path(place)), f"The network of {place}")
    with tempfile.TemporaryDirectory(prefix="infra-diagram-") as directory:
        ((_, out),) = synthesize_each([load_settings(place)], Path(directory), application.progress)
        return _of(configuration_at(out / "stacks" / place), f"The network of {place}")


def _of(configuration: Configuration, title: str) -> Picture:
    return picture(configuration, read(configuration), title)
