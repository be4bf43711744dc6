"""`infra synth`: settings to Terraform."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.text import Text

from cli.core.base.environments import load_selected
from cli.core.synthesis.address_check import guard
from cli.core.synthesis.publish import Synthesis, Synthesized, publish
from cli.core.synthesis.synthesize import synthesize
from cli.ui.app import Application, pass_application, shown_path
from cli.ui.options import environments_argument, json_flag, out_option
from cli.ui.tables import table
from envs.load import environments as known_environments
from envs.settings import Settings


@click.command()
@environments_argument
@out_option
@json_flag
@pass_application
def command(application: Application, environments: tuple[str, ...], out: Path) -> None:
    """Write the Terraform of environments.

    Each environment, or all, gets DIR/stacks/ENV/cdk.tf.json and a bootstrap stack beside it. Files are replaced whole,
    and only if every environment succeeds; terraform's own files in those directories stay. Synthesis fails if a
    resource that holds data would lose its address, see infra move.

    \b
    Examples:
      infra synth
      infra synth dev staging --out /tmp/terraform
    """
    progress = application.progress

    def write(settings: Settings, directory: Path) -> bool:
        is_reused = synthesize(settings, directory)
        guard(directory)
        return is_reused

    synthesis = publish(
        load_selected(environments),
        out,
        write=write,
        known=known_environments(),
        started=lambda name: progress.step(f"synthesizing {name}"),
        finished=lambda done: progress.finish(_text(done)),
        waiting=lambda: progress.note(f"another run is writing to {out}; waiting for it"),
    )
    paths = [str(shown_path(stack.path)) for done in synthesis.environments for stack in done.stacks]
    application.show(_data(synthesis), "\n".join([_table(synthesis), *paths]))
    for path in synthesis.removed:
        progress.note(f"removed {shown_path(path)}: its environment is gone, and terraform never ran there")
    for path in synthesis.kept:
        progress.note(
            f"kept {shown_path(path)}: its environment is gone, but terraform has run there; destroy its resources, "
            "then delete the directory"
        )


def _text(done: Synthesized) -> str:
    """A line of the log about an environment."""
    if done.is_reused:
        return f"{done.environment} is unchanged, and taken from its last synthesis"
    return f"synthesized {done.environment} in {done.seconds:.1f} s"


def _data(synthesis: Synthesis) -> dict[str, Any]:
    """The summary as data."""
    return {
        "environments": [
            {
                "environment": done.environment,
                "seconds": round(done.seconds, 3),
                "is_reused": done.is_reused,
                "stacks": [
                    {
                        "stack": stack.name,
                        "path": str(stack.path.absolute()),
                        "resources": {"total": stack.total, "by_part": dict(stack.resources)},
                    }
                    for stack in done.stacks
                ],
            }
            for done in synthesis.environments
        ],
        "removed": [str(path.absolute()) for path in synthesis.removed],
        "kept": [str(path.absolute()) for path in synthesis.kept],
    }


def _table(synthesis: Synthesis) -> str:
    """The summary for people: a row per part, a column per environment."""
    columns = []
    for done in synthesis.environments:
        counts: dict[str, int] = {}
        for stack in done.stacks:
            if stack.name == done.environment:
                counts.update(stack.resources)
            else:
                counts[f"{stack.name.removeprefix(done.environment + '-')} stack"] = stack.total
        columns.append(counts)
    parts = sorted({part for counts in columns for part in counts}, key=lambda part: (part.endswith(" stack"), part))
    total = ("total", *(str(sum(counts.values())) for counts in columns))
    seconds = ("seconds", *(f"{done.seconds:.1f}" for done in synthesis.environments))
    rows: list[list[str | Text]] = [[part, *(str(counts.get(part, "-")) for counts in columns)] for part in parts]
    rows += [[Text(value, "bold") for value in total], [Text(value, "dim") for value in seconds]]
    names = [done.environment for done in synthesis.environments]
    return table(("resources", *names), rows, right=names)
