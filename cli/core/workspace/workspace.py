"""Where terraform runs for a stack, and where its saved plan and its records are.

|                | on AWS                       | in the sandbox                      |
|----------------|------------------------------|-------------------------------------|
| terraform runs | cdktf.out/stacks/<stack>     | <sandbox>/stacks/<stack>            |
| saved plan     | .infra/<stack>               | <sandbox>/.infra/<stack>            |
| records        | records/<environment>        | <sandbox>/records                   |

The records of AWS belong into git. An ephemeral workspace has all but the records in a scratch directory,
`promotion-<stack>` beside that of the saved plan. terraform always runs in a directory with the name of the stack, so
that a wrapper can tell stacks apart.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.core.base.digests import bytes_digest, json_digest
from cli.core.base.files import locked, owner_only_directory, write_whole
from cli.core.base.profiles import with_profile
from cli.core.base.progress import ProgressReporter
from cli.core.base.project import OUTPUT, RECORDS, ROOT
from cli.core.base.source_lines import without_source_lines
from cli.core.base.target import Target
from cli.core.records import Records
from cli.core.records.model import STACK_RECORD, StackRecord
from cli.core.sandbox import rehearsal
from cli.core.sandbox.state_directory import StateDirectory
from cli.core.synthesis.publish import BOOTSTRAP, CONFIGURATION
from cli.core.terraform import binary, imports
from cli.core.terraform.cli import LOCAL_STATE, Terraform
from cli.core.terraform.lockfile import COMMITTED, LOCK_FILE, require_own
from cli.core.workspace.hosts import AwsHost, SandboxHost
from cli.core.workspace.options import Options
from cli.core.workspace.scratch import INITIALIZED, copy_initialization, scratch_store
from envs.settings import Settings

MOVES = "moved.tf"
"""File with the `moved`, `removed` and `import` blocks of a stack, beside its `cdk.tf.json`, where there are any."""

PLANS = ".infra"
"""Directory of saved plans, relative to the checkout or the sandbox; ignored by git."""


@dataclass(frozen=True)
class Workspace:
    """A stack and where it is."""

    settings: Settings
    stack: str
    target: Target
    directory: Path
    """Where terraform runs."""
    store: Path
    """Where this run keeps plans and logs; only its owner may enter."""
    records: Records[StackRecord]
    terraform: Terraform

    @property
    def environment(self) -> str:
        """The environment's name."""
        return self.settings.environment

    @property
    def state_directory(self) -> Path:
        """Where the stack's saved plan and unfinished apply are; an ephemeral workspace has another `store`."""
        return self.store.parent / self.stack

    @property
    def saved(self) -> Path:
        """The directory of the saved plan."""
        return self.store / "saved"

    @property
    def configuration(self) -> Path:
        """The stack's `cdk.tf.json`, where terraform reads it."""
        return self.directory / CONFIGURATION

    @property
    def progress(self) -> ProgressReporter:
        """Receives the progress of this run."""
        return self.terraform.progress

    @contextlib.contextmanager
    def temporary_plan(self) -> Iterator[Path]:
        """A file for a plan, which is removed afterwards unless it was moved away."""
        tfplan = self.store / "new.tfplan"
        try:
            yield tfplan
        finally:
            tfplan.unlink(missing_ok=True)

    def synthesis(self) -> str:
        """Digest of what was synthesized, where terraform reads it; a line of Python that moved changes nothing."""
        paths = [path for path in (self.configuration, self.directory / MOVES) if path.is_file()]
        return json_digest([bytes_digest(without_source_lines(path.read_bytes())) for path in paths])

    def declared_imports(self) -> frozenset[str]:
        """Addresses of what was in AWS before and the settings have terraform import."""
        moves = self.directory / MOVES
        return imports.addresses(moves.read_text(encoding="utf-8")) if moves.is_file() else frozenset()

    def init(self) -> bool:
        """Run terraform init, unless it was run for this very stack; whether the committed lock file decides versions.

        The sandbox takes the installed provider, so it has a lock file of its own.
        """
        is_locked = self.target is Target.AWS and COMMITTED.is_file()
        if is_locked:
            write_whole(self.directory / LOCK_FILE, COMMITTED.read_bytes())
            require_own(self.directory, self.terraform.program)
        digest_file = self.store / INITIALIZED
        providers = self.directory / ".terraform" / ("providers" if (self.directory / LOCK_FILE).is_file() else "")
        is_initialized = digest_file.is_file() and digest_file.read_text() == self._initialization()
        if not (is_initialized and providers.is_dir()):
            digest_file.unlink(missing_ok=True)
            self.terraform.init(readonly_lock=is_locked)
            write_whole(digest_file, self._initialization().encode(), owner_only=True)
        return is_locked

    def _initialization(self) -> str:
        """Digest of what terraform init depends on: the program, the `terraform` blocks, the lock file."""
        blocks = [json.loads(path.read_bytes()).get("terraform") for path in sorted(self.directory.glob("*.tf.json"))]
        lock = self.directory / LOCK_FILE
        return json_digest([str(self.terraform.program), blocks, lock.read_text() if lock.is_file() else ""])


def stack_name(settings: Settings, *, is_bootstrap: bool) -> str:
    """The name of an environment's stack, or of its bootstrap stack."""
    return f"{settings.environment}{BOOTSTRAP}" if is_bootstrap else settings.environment


def records_of(environment: str, target: Target) -> Records[StackRecord]:
    """The records of an environment. Starts nothing."""
    if target is Target.SANDBOX:
        return Records(StateDirectory.of(environment).directory / RECORDS, STACK_RECORD, environment)
    return Records(ROOT / RECORDS / environment, STACK_RECORD, environment)


def bootstrap_state(environment: str, target: Target) -> Path:
    """The state file of an environment's bootstrap stack, which need not be there. Starts nothing."""
    stacks = ROOT / OUTPUT / "stacks" if target is Target.AWS else StateDirectory.of(environment).stacks
    return stacks / f"{environment}{BOOTSTRAP}" / LOCAL_STATE


@contextlib.contextmanager
def open_workspace(
    settings: Settings,
    source: Path,
    options: Options,
    progress: ProgressReporter,
    *,
    is_ephemeral: bool = False,
    variables: Mapping[str, str] = os.environ,
) -> Iterator[Workspace]:
    """Put a synthesized stack where terraform runs, and hold it: one run at a time on this machine.

    ``source`` is the directory that the stack was synthesized to, beside the environment's other stack. When the
    workspace ``is_ephemeral``, terraform runs in a scratch directory and nothing else is written: for looking, and for
    plans of settings that no file has. Raises `TerraformMissing` and `SandboxError`.
    """
    program = binary.find(variables)
    host = _host(settings, options, progress, variables)
    stack, plans = source.name, host.base / PLANS

    def waiting() -> None:
        progress.note(f"another run works on {stack}; waiting for it")

    open_store = scratch_store if is_ephemeral else _store
    with open_store(plans, stack, waiting=waiting) as store:
        if is_ephemeral:
            directory = owner_only_directory(owner_only_directory(store / "stacks") / stack)
            copy_initialization(host.stack_directory(stack), plans / stack, directory=directory, store=store)
            host.copy(source, directory)
        else:
            directory = host.publish(source)
        _copy_moves(source, directory)
        yield Workspace(
            settings=settings,
            stack=stack,
            target=options.target,
            directory=directory,
            store=store,
            records=records_of(settings.environment, options.target),
            terraform=Terraform(
                program=program,
                directory=directory,
                environment=settings.environment,
                environ=host.environ,
                logs=store,
                progress=progress,
                lock_timeout_seconds=options.lock_timeout_seconds,
                parallelism=options.parallelism or host.parallelism,
            ),
        )


def _host(
    settings: Settings, options: Options, progress: ProgressReporter, variables: Mapping[str, str]
) -> AwsHost | SandboxHost:
    """What terraform runs against; the sandbox is started where it does not run."""
    if options.target is Target.AWS:
        return AwsHost(settings, ROOT, with_profile(settings.environment, variables), progress)
    progress.step("starting the sandbox")
    return SandboxHost(rehearsal(settings.environment, settings.account_id))


@contextlib.contextmanager
def _store(plans: Path, stack: str, *, waiting: Callable[[], None]) -> Iterator[Path]:
    """Hold the directory of a stack's saved plan."""
    store = owner_only_directory(owner_only_directory(plans) / stack)
    with locked(store / "lock", waiting=waiting):
        yield store


def _copy_moves(source: Path, directory: Path) -> None:
    """Put the moves of a stack where terraform runs, or take away those of an earlier run."""
    moves = source / MOVES
    if moves.is_file():
        write_whole(directory / MOVES, moves.read_bytes())
    else:
        (directory / MOVES).unlink(missing_ok=True)
