"""What the commands about terraform begin with: a stack that is synthesized, and put where terraform runs."""

from __future__ import annotations

import contextlib
import datetime
import os
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.ui.options import unknown_environment
from cli.ui.terminal import Progress, print_json

if TYPE_CHECKING:
    from cli.core.gate.gate import Gate
    from cli.core.workspace.workspace import Options, Workspace
    from envs.settings import Settings


@dataclass(frozen=True)
class OpenStack:
    """A stack that terraform can be run on."""

    workspace: Workspace
    synthesized: Path
    """The directory that the environment was synthesized to."""
    progress: Progress


def utc_now() -> datetime.datetime:
    """The time, to the second."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


@contextlib.contextmanager
def ready(
    name: str,
    options: Options,
    *,
    is_bootstrap: bool = False,
    is_private: bool = False,
    gate: Gate | None = None,
    settings: Settings | None = None,
) -> Iterator[OpenStack]:
    """Synthesize an environment aside, and open the workspace of its stack or bootstrap stack.

    A ``gate`` is given the Terraform, and begins to judge it. ``settings`` stand in for those of the environment's
    file. With ``is_private`` nothing is written that stays. Raises what settings, constructs, the gate, the sandbox and
    a missing terraform come to.
    """
    from cli.core.terraform import binary

    binary.find(os.environ)  # first: without it nothing else is of use
    progress = Progress()
    from cli.core.operations import plan as planning
    from cli.core.synthesis.address_check import guard
    from cli.core.synthesis.synthesize import synthesize
    from cli.core.workspace.workspace import opened, stack_name

    settings = settings or load_settings(name)
    if options.sandbox:
        _start_sandbox(settings)
    with tempfile.TemporaryDirectory(prefix="infra-") as aside:
        synthesized = Path(aside)
        progress.step(f"synthesizing {name}")
        synthesize(settings, synthesized)
        if gate is not None:
            guard(synthesized)
            planning.submit_terraform(gate, settings, stack_name(settings, is_bootstrap=is_bootstrap), synthesized)
        try:
            with opened(
                settings, synthesized, options, progress, is_bootstrap=is_bootstrap, is_private=is_private
            ) as workspace:
                yield OpenStack(workspace, synthesized, progress)
        finally:
            progress.clear()


def _start_sandbox(settings: Settings) -> None:
    """Have the sandbox start while the environment is synthesized; what keeps it from that is told when it is used."""
    from cli.core.base.errors import InfraError
    from cli.core.sandbox import rehearsal

    def start() -> None:
        with contextlib.suppress(InfraError, OSError):
            rehearsal(settings.environment, settings.account_id)

    threading.Thread(target=start, daemon=True).start()


def load_settings(name: str) -> Settings:
    """The settings of an environment. Raises `UsageError` when there is none of that name."""
    from envs import load

    known = load.environments()
    if name not in known:
        raise click.UsageError(unknown_environment(name, known))
    return load.load(name)


def confirm(name: str, what: str, *, yes: bool) -> None:
    """Have the operator type the environment's name. Raises `NotConfirmed`."""
    from cli.core.operations.refusals import NotConfirmed

    if yes:
        return
    question = f"{what} Type {name} to go on"
    try:
        typed = click.prompt(question, default="", show_default=False, err=True)
    except click.Abort:
        raise NotConfirmed(f"nobody confirmed it: type {name} when asked, or use --yes in CI") from None
    if typed != name:
        raise NotConfirmed(f"received {typed!r}, not {name}: nothing was done")


@contextlib.contextmanager
def reported(*, as_json: bool) -> Iterator[None]:
    """Show what stops a command: the gate's report, and with ``--json`` the reason as a document too."""
    from cli.core.base.errors import InfraError
    from cli.core.operations.plan_policy import PolicyGateFailed

    try:
        yield
    except PolicyGateFailed as stopped:
        from cli.core.gate.report import renderer

        click.echo(renderer("json" if as_json else "table")(stopped.outcome), nl=False)
        click.echo(f"infra: {stopped}", err=True)
        click.get_current_context().exit(stopped.outcome.exit_code)
    except InfraError as error:
        kind = getattr(error, "kind", None)
        if as_json:
            print_json({"refused": kind, "message": str(error), "exit_code": int(error.exit_code)})
        raise


def each_environment(names: tuple[str, ...]) -> tuple[str, ...]:
    """The environments named, or all."""
    from cli.ui.options import select_environments
    from envs import load

    return select_environments(names, load.environments())
