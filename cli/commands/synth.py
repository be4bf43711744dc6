"""`infra synth`: settings to Terraform."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.ui.options import environments_argument, json_option, out_option, select_environments
from cli.ui.terminal import Progress, console, print_json, shown_path

if TYPE_CHECKING:
    from cli.core.synthesis.publish import Synthesis, Synthesized
    from envs.settings import Settings


@click.command()
@environments_argument
@out_option
@json_option
def command(environments: tuple[str, ...], out: Path, as_json: bool) -> None:
    """Write the Terraform of environments.

    Each gets DIR/stacks/ENV/cdk.tf.json, and a small bootstrap stack beside it. Files are replaced whole, and only
    when every environment came out; what terraform keeps in those directories is left alone. Fails when something that
    holds data would lose its address, see infra move.

    \b
    Examples:
      infra synth
      infra synth dev staging --out /tmp/terraform
    """
    progress = Progress()
    from cli.core.synthesis import synthesize as constructs
    from cli.core.synthesis.address_check import guard
    from cli.core.synthesis.publish import synthesize
    from envs import load

    def write(environment: Settings, directory: Path) -> bool:
        is_reused = constructs.synthesize(environment, directory)
        guard(directory)
        return is_reused

    known = load.environments()
    chosen = select_environments(environments, known)
    settings = load.load_all() if chosen == known else [load.load(name) for name in chosen]
    synthesis = synthesize(
        settings,
        out,
        write=write,
        known=known,
        started=lambda name: progress.step(f"synthesizing {name}"),
        finished=lambda done: progress.finish(_said(done)),
        waiting=lambda: progress.note(f"another run is writing to {out}; waiting for it"),
    )
    progress.clear()
    if as_json:
        print_json(_data(synthesis))
    else:
        _print_table(synthesis)
    for path in synthesis.removed:
        progress.note(f"removed {shown_path(path)}: its environment is gone, and terraform never ran there")
    for path in synthesis.kept:
        progress.note(
            f"kept {shown_path(path)}: its environment is gone, but terraform has run there; destroy what it made, "
            "then delete the directory"
        )


def _said(done: Synthesized) -> str:
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


def _print_table(synthesis: Synthesis) -> None:
    """The summary for people: a row per part, a column per environment, then where the files are."""
    from rich.table import Table

    columns = []
    for done in synthesis.environments:
        counts: dict[str, int] = {}
        for stack in done.stacks:
            if stack.name == done.environment:
                counts.update(stack.resources)
            else:
                counts[f"{stack.name.removeprefix(done.environment + '-')} stack"] = stack.total
        columns.append(counts)

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("resources")
    for done in synthesis.environments:
        table.add_column(done.environment, justify="right")
    parts = {part for counts in columns for part in counts}
    for part in sorted(parts, key=lambda part: (part.endswith(" stack"), part)):
        table.add_row(part, *(str(counts.get(part, "-")) for counts in columns))
    table.add_row("total", *(str(sum(counts.values())) for counts in columns), style="bold")
    table.add_row("seconds", *(f"{done.seconds:.1f}" for done in synthesis.environments), style="dim")
    printer = console()
    printer.print(table)
    for done in synthesis.environments:
        for stack in done.stacks:
            click.echo(str(shown_path(stack.path)))
