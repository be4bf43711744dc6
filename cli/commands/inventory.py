"""`infra inventory`: what an environment consists of."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from cli.core.base.environments import load_settings
from cli.core.inventory import report
from cli.core.inventory.items import ListedResource, gaps, items
from cli.core.reach.network import configuration_at
from cli.core.synthesis.synthesize import synthesize_each
from cli.ui.app import Application, pass_application
from cli.ui.options import complete_places, format_options, is_path
from cli.ui.tables import table


@click.command()
@click.argument("place", metavar="ENV|PATH", shell_complete=complete_places)
@format_options(("table", "json", "csv"))
@pass_application
def command(application: Application, place: str) -> None:
    """List the resources of an environment.

    The table has the number of resources by part and type, and which of them hold data that is lost with them. JSON and
    CSV have each resource with its name in AWS, address, construct path and the line of Python that makes it. ENV is
    synthesized with its bootstrap stack; PATH is as for infra reach. What is not read, and so may hold more resources,
    is named.

    \b
    Examples:
      infra inventory prod
      infra inventory prod --format csv > prod.csv
      infra inventory ../other/terraform
    """
    found, missing = _inventory(application, place)
    if application.format == "csv":
        application.write(report.csv_text(found))
        for line in report.summary(found, missing)[1:]:
            application.progress.note(line)
        return
    text = [table(report.TITLES, report.rows(found), right=("number",)), "", *report.summary(found, missing)]
    application.show(report.data(found, missing), "\n".join(text))


def _inventory(application: Application, place: str) -> tuple[list[ListedResource], tuple[str, ...]]:
    if is_path(place):
        configuration = configuration_at(Path(place))
        return items(place, configuration), gaps(configuration)
    with tempfile.TemporaryDirectory(prefix="infra-inventory-") as directory:
        ((_, out),) = synthesize_each([load_settings(place)], Path(directory), application.progress)
        stacks = {name: configuration_at(out / "stacks" / name) for name in (place, f"{place}-bootstrap")}
    found = [item for name, configuration in stacks.items() for item in items(name, configuration)]
    missing = dict.fromkeys(gap for configuration in stacks.values() for gap in gaps(configuration))
    return sorted(found, key=lambda item: (item.part, item.type)), tuple(missing)
