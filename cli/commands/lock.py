"""`infra lock`: which provider, on every machine."""

from __future__ import annotations

import click

from cli.ui.options import json_option
from cli.ui.terminal import Progress, print_json


@click.command()
@click.argument("arguments", nargs=-1, metavar="[-- ARGUMENT...]")
@json_option
def command(arguments: tuple[str, ...], as_json: bool) -> None:
    """Write the provider lock file for every platform.

    Needs a network. Commit the file: plans on AWS then use exactly this version, wherever they are made. To take a
    newer one, delete the file first. ARGUMENTs after -- go to terraform providers lock.

    \b
    Examples:
      infra lock
      infra lock -- -fs-mirror=/opt/terraform/providers
    """
    import json
    import os
    import tempfile
    from pathlib import Path

    from cli.core.operations.lock import PLATFORMS, write_lock_file
    from cli.core.terraform import binary
    from cli.ui.stacks import reported

    progress = Progress()
    with reported(as_json=as_json), tempfile.TemporaryDirectory(prefix="infra-lock-") as aside:
        binary.find(os.environ)
        progress.step("synthesizing")
        from cli.core.synthesis.synthesize import synthesize
        from envs import load

        name = load.environments()[0]
        synthesize(load.load(name), Path(aside))
        document = json.loads((Path(aside) / "stacks" / name / "cdk.tf.json").read_bytes())
        progress.step(f"asking for the provider for {len(PLATFORMS)} platforms")
        try:
            versions = write_lock_file(document, arguments, os.environ)
        finally:
            progress.clear()
    if as_json:
        print_json({"providers": dict(versions), "platforms": list(PLATFORMS)})
    else:
        click.echo(f"wrote .terraform.lock.hcl: {', '.join(f'{name} {version}' for name, version in versions.items())}")
