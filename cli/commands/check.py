"""`infra check`: the policy gate."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.core.base.project import OUTPUT, ROOT
from cli.core.gate.report import FORMATS
from cli.ui.options import complete_environments, json_option, select_environments
from cli.ui.terminal import Progress, shown_path

if TYPE_CHECKING:
    from cli.core.gate.gate import Gate


@click.command()
@click.argument("places", nargs=-1, metavar="[ENV]...|PATH", shell_complete=complete_environments)
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True, help="What to print."
)
@json_option
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the report to FILE, whole or not at all, and print the table as well.",
)
@click.option("--only", multiple=True, metavar="RULE", help="Run this rule only; can be given several times.")
@click.option("--skip", multiple=True, metavar="RULE", help="Do not run this rule; can be given several times.")
def command(
    places: tuple[str, ...],
    format_: str,
    as_json: bool,
    out: Path | None,
    only: tuple[str, ...],
    skip: tuple[str, ...],
) -> int:
    """Check environments, or other Terraform, against every policy.

    Environments are synthesized from the current settings and code, aside: nothing is written. PATH is a directory with
    HCL or Terraform JSON, made by whatever, or a plan as JSON. Both go through checkov's built-in rules and those in
    policies/checks. Ends with 3 when something was found, and with 4 when the gate could not be sure to have looked.

    \b
    Examples:
      infra check
      infra check prod --format sarif --out gate.sarif
      infra check ../other/terraform
      terraform show -json tfplan > plan.json && infra check plan.json
    """
    import datetime
    import tempfile

    from cli.core.gate.gate import Gate
    from cli.core.gate.model import Selection
    from cli.core.gate.report import renderer

    progress = Progress()
    path = _path(places)
    with (
        Gate(Selection(only, skip), datetime.date.today()) as gate,  # checkov loads from here on, in its own process
        tempfile.TemporaryDirectory(prefix="infra-check-") as aside,
    ):
        if path is None:
            _add_environments(gate, places, Path(aside), progress)
        else:
            from cli.core.gate.targets import at_path

            for target in at_path(path):
                gate.add(target)
        progress.step("checking")
        outcome = gate.outcome()
    progress.clear()
    text = renderer("json" if as_json else format_)(outcome)
    if out is not None:
        from cli.core.base.files import write_whole

        write_whole(out, text.encode())
        progress.note(f"wrote {out}")
        text = renderer("table")(outcome)
    click.echo(text, nl=False)
    return outcome.exit_code


def _path(places: tuple[str, ...]) -> Path | None:
    """The path among the arguments; None when they are names of environments, or none is given."""
    environments = {file.stem for file in (ROOT / "envs").glob("*.yaml")}
    paths = [place for place in places if place not in environments and (os.sep in place or Path(place).exists())]
    if not paths:
        return None
    if len(places) > 1:
        raise click.UsageError(f"either environments or one path, received {' '.join(places)}")
    return Path(paths[0])


def _add_environments(gate: Gate, names: tuple[str, ...], aside: Path, progress: Progress) -> None:
    """Synthesize environments aside, and hand each to the gate as soon as it is done."""
    from cli.core.gate.targets import synthesized
    from cli.core.synthesis.synthesize import synthesize
    from envs import load

    known = load.environments()
    chosen = select_environments(names, known)
    for settings in load.load_all() if chosen == known else [load.load(name) for name in chosen]:
        name = settings.environment
        progress.step(f"synthesizing {name}")
        (aside / name).mkdir()
        synthesize(settings, aside / name)
        gate.add(synthesized(name, aside / name, shown_path(ROOT / OUTPUT)))
