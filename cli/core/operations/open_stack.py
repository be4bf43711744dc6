"""Opening a stack: its environment is synthesized, and its workspace is opened for terraform."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.core.base.environments import load_settings
from cli.core.base.errors import InfraError
from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.gate.gate import Gate
from cli.core.operations.bootstrap_copy import fetch_state
from cli.core.operations.plan import submit_terraform
from cli.core.releases.rehearsed import settings_of
from cli.core.sandbox import rehearsal
from cli.core.synthesis.address_check import guard
from cli.core.synthesis.synthesize import synthesize
from cli.core.terraform import binary
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import Workspace, open_workspace, stack_name
from envs.settings import Settings


@dataclass(frozen=True)
class OpenStack:
    """A stack that terraform can be run on."""

    workspace: Workspace
    synthesized: Path
    """The directory that the environment was synthesized to."""
    progress: ProgressReporter


@contextlib.contextmanager
def open_stack(
    name: str,
    options: Options,
    progress: ProgressReporter,
    *,
    is_bootstrap: bool = False,
    is_ephemeral: bool = False,
    gate: Gate | None = None,
    settings: Settings | None = None,
) -> Iterator[OpenStack]:
    """Synthesize an environment to a temporary directory, and open the workspace of its stack or bootstrap stack.

    A ``gate`` receives the Terraform and begins to check it. ``settings`` replace those of the environment's file. A
    workspace that ``is_ephemeral`` leaves nothing behind. A bootstrap stack begins with the newer one of its state and
    its copy. Raises `TerraformMissing`, `UnknownEnvironment`,
    `SandboxError`, and what settings, constructs and the gate raise.
    """
    binary.find(os.environ)  # first: without terraform nothing else is of use
    settings = settings or _settings(name, options.target, progress)
    if options.target is Target.SANDBOX:
        _start_sandbox(settings)
    with tempfile.TemporaryDirectory(prefix="infra-") as directory:
        synthesized = Path(directory)
        progress.step(f"synthesizing {name}")
        synthesize(settings, synthesized)
        source = synthesized / "stacks" / stack_name(settings, is_bootstrap=is_bootstrap)
        if gate is not None:
            guard(synthesized)
            submit_terraform(gate, settings, source.name, synthesized)
        try:
            with open_workspace(settings, source, options, progress, is_ephemeral=is_ephemeral) as workspace:
                if is_bootstrap:
                    fetch_state(workspace)
                yield OpenStack(workspace, synthesized, progress)
        finally:
            progress.clear()


def _settings(name: str, target: Target, progress: ProgressReporter) -> Settings:
    """The settings of an environment; a release that only the sandbox has is named."""
    settings = settings_of(name, target)
    if target is Target.SANDBOX and settings.release != load_settings(name).release:
        progress.note(f"{name} has the release that was rehearsed in its sandbox, and not that of envs/{name}.yaml")
    return settings


def _start_sandbox(settings: Settings) -> None:
    """Start the sandbox while the environment is synthesized. A failure is reported when the sandbox is used."""

    def start() -> None:
        with contextlib.suppress(InfraError, OSError):
            rehearsal(settings.environment, settings.account_id)

    threading.Thread(target=start, daemon=True).start()
