"""`infra move`: a construct was renamed, and what it made keeps its data."""

from __future__ import annotations

import click

from cli.ui.options import json_option
from cli.ui.terminal import Progress, print_json


@click.command()
@click.argument("old", metavar="[OLD]", required=False)
@click.argument("new", metavar="[NEW]", required=False)
@click.option("--forget", metavar="OLD", help="Something that holds data is to go: no longer expect it.")
@click.option("--write", is_flag=True, help="Add what holds data and is not in the manifest yet.")
@json_option
def command(old: str | None, new: str | None, forget: str | None, write: bool, as_json: bool) -> None:
    """Record the new address of a resource that holds data.

    addresses.json has the address of everything that holds data. Synthesis fails when one is gone; this writes the
    moved entry that makes Terraform keep the resource. Rename the construct first, then run this, then commit both.

    \b
    Examples:
      infra move event-store/table event-store/events
      infra move --forget storage/exports/bucket
      infra move --write
    """
    import json
    import tempfile
    from pathlib import Path

    from cli.core.synthesis import address_check as addresses

    if (old is None) != (new is None) or (old is not None) + (forget is not None) + write != 1:
        raise click.UsageError("either OLD and NEW, or --forget OLD, or --write")
    manifest = addresses.load()
    if forget is not None:
        manifest = addresses.without(manifest, forget)
    else:
        progress = Progress()
        progress.step("synthesizing")
        from cli.core.synthesis.synthesize import synthesize
        from envs import load

        with tempfile.TemporaryDirectory(prefix="infra-move-") as aside:
            for settings in load.load_all():
                place = Path(aside, settings.environment)
                place.mkdir()
                synthesize(settings, place)
            stacks = {
                file.parent.name: json.loads(file.read_bytes()) for file in Path(aside).glob("*/stacks/*/cdk.tf.json")
            }
        progress.clear()
        if old is not None and new is not None:
            manifest = addresses.with_move(manifest, old, new, stacks)
        else:
            manifest = addresses.with_stacks(manifest, stacks)
    addresses.save(manifest)
    if as_json:
        print_json(
            {"stateful": {name: dict(found) for name, found in manifest.stateful.items()}, "moved": manifest.moved}
        )
    else:
        number = sum(map(len, manifest.stateful.values()))
        click.echo(f"wrote {addresses.MANIFEST.name}: {number} addresses, {len(manifest.moved)} moved")
