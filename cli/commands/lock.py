"""`infra lock`: one provider version on every machine."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import click

from cli.core.operations.lock import PLATFORMS, write_lock_file
from cli.core.synthesis.synthesize import synthesize_each
from cli.core.terraform import binary
from cli.ui.app import Application, pass_application
from cli.ui.options import json_flag
from envs import load


@click.command()
@click.argument("arguments", nargs=-1, metavar="[-- ARGUMENT...]")
@json_flag
@pass_application
def command(application: Application, arguments: tuple[str, ...]) -> None:
    """Write the provider lock file for every platform.

    The file is .terraform.lock.hcl: the provider's version, and its hashes. Commit it, and every plan on AWS uses
    exactly this version. To take a newer version, delete the file first. Needs a network. ARGUMENTs after -- go to
    terraform providers lock.

    \b
    Examples:
      infra lock
      infra lock -- -fs-mirror=/opt/terraform/providers
    """
    binary.find(os.environ)
    with tempfile.TemporaryDirectory(prefix="infra-lock-") as directory:
        name = load.environments()[0]
        ((_, out),) = synthesize_each([load.load(name)], Path(directory), application.progress)
        document = json.loads((out / "stacks" / name / "cdk.tf.json").read_bytes())
        application.status(f"asking for the provider for {len(PLATFORMS)} platforms")
        try:
            versions = write_lock_file(document, arguments, os.environ)
        finally:
            application.progress.clear()
    application.show(
        {"providers": dict(versions), "platforms": list(PLATFORMS)},
        f"wrote .terraform.lock.hcl: {', '.join(f'{name} {version}' for name, version in versions.items())}",
    )
