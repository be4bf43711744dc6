"""What a command needs to rehearse an environment in the sandbox instead of running it on AWS."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.engine.files import write_whole
from cli.engine.sandbox import override, process
from cli.engine.sandbox.place import Place


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox of one environment."""

    environment: str
    place: Place
    endpoint: str
    """URL on loopback that stands for every AWS service."""
    environ: Mapping[str, str]
    """The whole environment to run terraform with: this process's, without anything of AWS, pointed at the sandbox."""
    left_out: tuple[str, ...] = ()
    """Resource types that plan but do not apply here. A test keeps the list from growing."""

    def stack(self, source: Path) -> Path:
        """Make the directory to run terraform in from a synthesized stack's directory, and return it.

        It holds copies of the stack's `cdk.tf.json` and the sandbox's override; `.terraform` and plans in it stay from
        run to run. The state is in the sandbox's S3, or, for the bootstrap stack, in a file beside the copies.
        """
        directory = self.place.stacks / source.name
        directory.mkdir(parents=True, exist_ok=True)
        configuration = (source / "cdk.tf.json").read_bytes()
        write_whole(directory / "cdk.tf.json", configuration)
        write_whole(
            directory / override.FILE, override.content(json.loads(configuration), directory / "terraform.tfstate")
        )
        return directory


def rehearsal(environment: str, account_id: str, *, waiting: Callable[[], None] = lambda: None) -> Sandbox:
    """The sandbox of an environment, started when it does not run.

    ``account_id`` is the environment's account, which the sandbox's STS answers with. ``waiting`` is called when
    another command is starting or stopping it. Raises ``SandboxError``.
    """
    place = Place.of(environment)
    record = process.up(place, account_id, waiting=waiting)
    return Sandbox(environment, place, record.endpoint, override.variables(record.endpoint, os.environ))
