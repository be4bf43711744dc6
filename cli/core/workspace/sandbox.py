"""Running terraform against the sandbox of an environment, in the sandbox's own directory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.core.sandbox import Sandbox


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
