"""What terraform runs against. On AWS it runs in the directory that `infra synth` writes, so terraform alone finds the
same state; in the sandbox of an environment it runs in the sandbox's own directory.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.core.base.files import write_whole
from cli.core.base.progress import ProgressReporter
from cli.core.base.project import OUTPUT
from cli.core.sandbox import Sandbox
from cli.core.synthesis.publish import CONFIGURATION, publish
from envs import load
from envs.settings import Settings


@dataclass(frozen=True)
class AwsHost:
    """AWS, with terraform in the checkout."""

    settings: Settings
    base: Path
    """The checkout."""
    environ: Mapping[str, str]
    """The environment variables of terraform."""
    progress: ProgressReporter
    parallelism: int | None = None

    def stack_directory(self, stack: str) -> Path:
        """The directory in which terraform runs for a stack."""
        return self.base / OUTPUT / "stacks" / stack

    def copy(self, source: Path, directory: Path) -> None:
        """Put a synthesized stack into a directory of its own."""
        write_whole(directory / CONFIGURATION, (source / CONFIGURATION).read_bytes())

    def publish(self, source: Path) -> Path:
        """Put the synthesized environment where `infra synth` puts it; the directory of the stack."""
        synthesized = source.parent.parent

        def copy(_settings: Settings, to: Path) -> bool:
            shutil.copytree(synthesized, to, dirs_exist_ok=True)
            return True

        def ignore(_done: Any) -> None: ...

        publish(
            [self.settings],
            self.base / OUTPUT,
            write=copy,
            known=load.environments(),
            started=ignore,
            finished=ignore,
            waiting=lambda: self.progress.note(f"another run writes to {OUTPUT}; waiting for it"),
        )
        return self.stack_directory(source.name)


@dataclass(frozen=True)
class SandboxHost:
    """A sandbox that runs."""

    sandbox: Sandbox
    parallelism: int | None = 30
    """Operations at a time: terraform's 10 do little but wait, because the sandbox limits no requests."""

    @property
    def base(self) -> Path:
        """The sandbox's directory."""
        return self.sandbox.state_directory.directory

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment variables of terraform."""
        return self.sandbox.environ

    def stack_directory(self, stack: str) -> Path:
        """The directory in which terraform runs for a stack."""
        return self.sandbox.state_directory.stacks / stack

    def copy(self, source: Path, directory: Path) -> None:
        """Put a synthesized stack into a directory of its own."""
        self.sandbox.stack(source, into=directory)

    def publish(self, source: Path) -> Path:
        """Put a synthesized stack into its directory, and return that."""
        return self.sandbox.stack(source)
