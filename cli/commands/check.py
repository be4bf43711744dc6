"""`infra check`: the policy gate."""

from __future__ import annotations

import datetime
import os
import tempfile
from pathlib import Path

import click

from cli.core.base.files import write_whole
from cli.core.base.progress import ProgressReporter
from cli.core.base.project import OUTPUT, ROOT
from cli.core.gate.gate import Gate
from cli.core.gate.model import Selection
from cli.core.gate.report import FORMATS, renderer
from cli.core.gate.targets import at_path, synthesized
from cli.ui.app import Application, pass_application, shown_path
from cli.ui.options import complete_environments, environment_files, format_options


@click.command()
@click.argument("places", nargs=-1, metavar="[ENV]...|PATH", shell_complete=complete_environments)
@format_options(FORMATS)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the report to FILE, whole or not at all, and print the table as well.",
)
@click.option("--only", multiple=True, metavar="RULE", help="Run this rule only. Repeat for more rules.")
@click.option("--skip", multiple=True, metavar="RULE", help="Do not run this rule. Repeat for more rules.")
@pass_application
def command(
    application: Application, places: tuple[str, ...], out: Path | None, only: tuple[str, ...], skip: tuple[str, ...]
) -> int:
    """Check environments, or other Terraform, against every policy.

    Without arguments, every environment is checked. Environments are synthesized to a temporary directory from the
    current settings and code. PATH is a directory with HCL or Terraform JSON, from any tool, or a plan as JSON. The
    policies are checkov's built-in rules and those in policies/checks. Exit codes: 3 for findings; 4 if the scan was
    incomplete, which never passes.

    \b
    Examples:
      infra check
      infra check prod --format sarif --out gate.sarif
      infra check ../other/terraform
      terraform show -json tfplan > plan.json && infra check plan.json
    """
    path = _path(places)
    with (
        Gate(Selection(only, skip), datetime.date.today()) as gate,  # checkov loads from here on, in its own process
        tempfile.TemporaryDirectory(prefix="infra-check-") as directory,
    ):
        if path is None:
            _add_environments(gate, places, Path(directory), application.progress)
        else:
            for target in at_path(path):
                gate.add(target)
        application.status("checking")
        outcome = gate.outcome()
    report = renderer(application.format)(outcome)
    if out is not None:
        write_whole(out, report.encode())
        application.progress.note(f"wrote {out}")
        report = renderer("table")(outcome)
    application.write(report)
    return outcome.exit_code


def _path(places: tuple[str, ...]) -> Path | None:
    """The path among the arguments; None when they are names of environments, or there is none."""
    environments = environment_files()
    paths = [place for place in places if place not in environments and (os.sep in place or Path(place).exists())]
    if not paths:
        return None
    if len(places) > 1:
        raise click.UsageError(f"either environments or one path, received {' '.join(places)}")
    return Path(paths[0])


def _add_environments(gate: Gate, names: tuple[str, ...], directory: Path, progress: ProgressReporter) -> None:
    """Synthesize environments to a directory, and hand each to the gate as soon as it is done."""
    # 0.2 s: pydantic and the settings load while checkov does
    from cli.core.base.environments import load_selected
    from cli.core.synthesis.synthesize import synthesize_each

    for settings, stacks in synthesize_each(load_selected(names), directory, progress):
        gate.add(synthesized(settings.environment, stacks, shown_path(ROOT / OUTPUT)))
