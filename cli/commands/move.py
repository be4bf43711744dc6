"""`infra move`: a construct has a new name, and its resources keep their data."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from cli.core.synthesis import address_check as addresses
from cli.core.synthesis.synthesize import synthesize_each
from cli.ui.app import Application, pass_application
from cli.ui.options import json_flag
from envs.load import load_all


@click.command()
@click.argument("old", metavar="[OLD]", required=False)
@click.argument("new", metavar="[NEW]", required=False)
@click.option("--forget", metavar="OLD", help="Drop this resource from the manifest: it is to go, with its data.")
@click.option("--write", is_flag=True, help="Add the resources that hold data and are not in the manifest yet.")
@json_flag
@pass_application
def command(application: Application, old: str | None, new: str | None, forget: str | None, write: bool) -> None:
    """Record the new address of a resource that holds data.

    OLD and NEW are addresses or construct paths. The manifest, addresses.json, has the address of every resource that
    holds data, and synthesis fails if one disappears. This command writes the moved entry that makes Terraform keep the
    resource; what is made below the renamed construct moves along. Rename the construct first, run this command, then
    commit both.

    \b
    Examples:
      infra move event-store/table event-store/events
      infra move --forget storage/exports/bucket
      infra move --write
    """
    if (old is None) != (new is None) or (old is not None) + (forget is not None) + write != 1:
        raise click.UsageError("either OLD and NEW, or --forget OLD, or --write")
    manifest = addresses.load()
    if forget is not None:
        manifest = addresses.without(manifest, forget)
    else:
        with tempfile.TemporaryDirectory(prefix="infra-move-") as directory:
            stacks = {
                file.parent.name: json.loads(file.read_bytes())
                for _, out in synthesize_each(load_all(), Path(directory), application.progress)
                for file in out.glob("stacks/*/cdk.tf.json")
            }
        if old is not None and new is not None:
            manifest = addresses.with_move(manifest, old, new, stacks)
        else:
            manifest = addresses.with_stacks(manifest, stacks)
    addresses.save(manifest)
    stateful = {name: dict(paths) for name, paths in manifest.stateful.items()}
    application.show(
        {"stateful": stateful, "moved": manifest.moved},
        f"wrote {addresses.MANIFEST.name}: {sum(map(len, stateful.values()))} addresses, {len(manifest.moved)} moved",
    )
