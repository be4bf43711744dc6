"""What a command needs to rehearse an environment in the sandbox instead of running it on AWS."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.core.base.files import write_whole
from cli.core.sandbox import override, process
from cli.core.sandbox.state_directory import ServerRecord, StateDirectory


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox of one environment."""

    environment: str
    state_directory: StateDirectory
    record: ServerRecord
    environ: Mapping[str, str]
    """The whole environment to run terraform with: this process's, without anything of AWS, pointed at the sandbox."""

    @property
    def endpoint(self) -> str:
        """URL on loopback that stands for every AWS service."""
        return self.record.endpoint

    def stack(self, source: Path, *, into: Path | None = None) -> Path:
        """Make the directory to run terraform in from a synthesized stack's directory, and return it: ``into``, or else
        that of the stack.

        It holds copies of the stack's `cdk.tf.json` and the sandbox's override; `.terraform` and plans in it stay from
        run to run. The state is in the sandbox's S3, or, for the bootstrap stack, in a file beside the copies.

        What the environment needs of its bootstrap stack is made by the sandbox, unless that stack was rehearsed here
        before. Raises ``SandboxError`` when the bootstrap stack comes after that.
        """
        from cli.core.synthesis.publish import CONFIGURATION  # 0.1 s: the server imports this package, not pydantic

        directory = into or self.state_directory.stacks / source.name
        if source.name == self.environment:
            self._seed(source.parent)
        elif self.state_directory.seeded.exists():
            raise process.SandboxError(
                f"the sandbox of {self.environment} was started without {source.name}. To rehearse that stack too, "
                f"start again: infra sandbox reset {self.environment}"
            )
        directory.mkdir(parents=True, exist_ok=True)
        configuration = (source / CONFIGURATION).read_bytes()
        write_whole(directory / CONFIGURATION, configuration)
        write_whole(directory / override.FILE, override.content(json.loads(configuration)))
        return directory

    def put_archives(self, bucket: str, digests: Mapping[str, str]) -> None:
        """Have the sandbox put made-up archives under these keys, where it made the content of the bootstrap stack.

        ``digests`` are the SHA-256 that the release names for them; empty for no matter which. Each is made once: one
        that is deleted stays away. Where the bootstrap stack was rehearsed, archives are put as on AWS.
        """
        seeded = self.state_directory.seeded
        if not seeded.exists():
            return
        made = seeded.read_text().splitlines()
        new = {key: digest for key, digest in digests.items() if key not in made}
        if new:
            process.ask(self.record, "archives", {"bucket": bucket, "digests": new})
            write_whole(seeded, "".join(f"{key}\n" for key in [*made, *new]).encode())

    def _seed(self, synthesized: Path) -> None:
        """Have the sandbox make what the bootstrap stack would have made, when neither was done."""
        from cli.core.synthesis.publish import BOOTSTRAP, CONFIGURATION  # 0.1 s of the server, as above

        bootstrap = f"{self.environment}{BOOTSTRAP}"
        if self.state_directory.seeded.exists() or (self.state_directory.stacks / bootstrap).exists():
            return
        document = json.loads((synthesized / bootstrap / CONFIGURATION).read_bytes())
        provider = next(each for each in document["provider"]["aws"] if "alias" not in each)

        def names(type: str, argument: str) -> list[str]:
            return [resource[argument] for resource in document["resource"].get(type, {}).values()]

        process.ask(
            self.record,
            "seed",
            {
                "region": provider["region"],
                "buckets": names("aws_s3_bucket", "bucket"),
                "aliases": names("aws_kms_alias", "name"),
                "secrets": names("aws_secretsmanager_secret", "name"),
                "zones": names("aws_route53_zone", "name"),
                "zone_tags": [
                    zone["tags"]["Name"] for zone in document["resource"].get("aws_route53_zone", {}).values()
                ],
            },
        )
        self.state_directory.seeded.touch()


def rehearsal(environment: str, account_id: str, *, waiting: Callable[[], None] = lambda: None) -> Sandbox:
    """The sandbox of an environment, started when it does not run.

    ``account_id`` is the environment's account, which the sandbox's STS answers with. ``waiting`` is called when
    another command is starting or stopping it. Raises ``SandboxError``.
    """
    state_directory = StateDirectory.of(environment)
    record = process.up(state_directory, account_id, waiting=waiting)
    return Sandbox(environment, state_directory, record, override.variables(record.endpoint, os.environ))
