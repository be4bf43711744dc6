"""`infra cost`: what an environment costs in a month."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from cli.core.base.environments import load_selected, load_settings
from cli.core.cost import report
from cli.core.cost.change import cost_change
from cli.core.cost.estimate import estimate
from cli.core.cost.model import Estimate
from cli.core.cost.prices import price_table
from cli.core.cost.usage import Quantities, quantities
from cli.core.diff.sides import require_revision, write_revision
from cli.core.reach.network import configuration_at
from cli.core.synthesis.publish import BOOTSTRAP
from cli.core.synthesis.synthesize import synthesize_each
from cli.ui.app import Application, pass_application
from cli.ui.options import NamedPath, complete_places, is_path, json_flag
from cli.ui.tables import blocks, table


@click.command()
@click.argument("places", nargs=-1, metavar="[ENV]...|PATH", shell_complete=complete_places)
@click.option("--since", "revision", metavar="REV", help="Only what the working tree changes since a git revision.")
@click.option(
    "--usage",
    "usage_file",
    type=NamedPath(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="How much is used in a month, as YAML, over what is assumed.",
)
@json_flag
@pass_application
def command(application: Application, places: tuple[str, ...], revision: str | None, usage_file: Path | None) -> None:
    """Show what an environment costs in a month.

    From the Terraform and a table of AWS's prices, each with its source and date. Fixed is what costs as long as it
    exists, from the least to the most that scaling allows; usage-driven is what requests and data cost, with the
    numbers that are listed as assumed and that --usage replaces. What is not known is named, and in no sum. An
    environment is taken with its bootstrap stack; without ENV all of them are compared. PATH is as for infra reach.

    \b
    Examples:
      infra cost
      infra cost prod
      infra cost prod --since origin/main
      infra cost ../other/terraform --usage usage.yaml --json
    """
    numbers = quantities(usage_file)
    if revision is not None:
        _show_change(application, places, revision, numbers)
        return
    estimates = _estimates(application, places, numbers)
    if application.is_json:
        prices = price_table()
        application.json({"estimates": [report.data(name, each, prices) for name, each in estimates.items()]})
    else:
        application.say(_text(estimates))


def _estimates(application: Application, places: tuple[str, ...], numbers: Quantities) -> Mapping[str, Estimate]:
    """The estimate of each environment, or of what is at the one path."""
    if len(places) > 1 and any(map(is_path, places)):
        raise click.UsageError(f"received {', '.join(places)}; allowed: any number of environments, or one path alone")
    if len(places) == 1 and is_path(places[0]):
        return {places[0]: estimate([configuration_at(Path(places[0]))], numbers)}
    with tempfile.TemporaryDirectory(prefix="infra-cost-") as directory:
        return {
            settings.environment: _of_environment(out, settings.environment, numbers)
            for settings, out in synthesize_each(load_selected(places), Path(directory), application.progress)
        }


def _of_environment(out: Path, environment: str, numbers: Quantities) -> Estimate:
    stacks = (environment, f"{environment}{BOOTSTRAP}")
    return estimate([configuration_at(out / "stacks" / stack) for stack in stacks], numbers)


def _show_change(application: Application, places: tuple[str, ...], revision: str, numbers: Quantities) -> None:
    """What the working tree changes of one environment, in one line."""
    if len(places) != 1 or is_path(places[0]):
        raise click.UsageError("--since is for one environment: infra cost ENV --since REV")
    (environment,) = places
    settings = load_settings(environment)
    require_revision(environment, revision)
    with tempfile.TemporaryDirectory(prefix="infra-cost-") as directory:
        earlier, later = Path(directory) / "before", Path(directory) / "after"
        earlier.mkdir()
        later.mkdir()
        write_revision(environment, revision, earlier)
        ((_, out),) = synthesize_each([settings], later, application.progress)
        before, after = (_of_environment(each, environment, numbers) for each in (earlier, out))
    line = cost_change(before, after)
    names = (f"{environment}@{revision}", environment)
    both = [report.data(name, each, price_table()) for name, each in zip(names, (before, after), strict=True)]
    application.show({"change": line, "estimates": both}, line)


def _text(estimates: Mapping[str, Estimate]) -> str:
    each = list(estimates.values())
    if len(each) == 1:
        lines = [table(report.TITLES, report.rows(each[0]), right=report.TITLES[1:])]
    else:
        lines = [table(("part", *estimates), report.comparison(estimates), right=tuple(estimates))]
    if missing := report.not_known(each):
        named = ((reason, ", ".join(addresses)) for reason, addresses in missing)
        lines += ["", "Not known (?), and in no sum:", *blocks(named)]
    if assumed := report.assumed(each):
        lines += ["", table(report.ASSUMED_TITLES, assumed, right=report.ASSUMED_TITLES[1:])]
    sentences = (("How to read it:", sentence) for sentence in report.sentences(each, price_table()))
    return "\n".join([*lines, "", *blocks(sentences)])
