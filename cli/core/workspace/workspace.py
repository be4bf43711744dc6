"""Where a stack's terraform is run, on AWS or in the sandbox, and where what belongs to it is kept.

|                | on AWS                       | in the sandbox                      |
|----------------|------------------------------|-------------------------------------|
| terraform runs | cdktf.out/stacks/<stack>     | <sandbox>/stacks/<stack>            |
| saved plan     | .infra/<stack>               | <sandbox>/.infra/<stack>            |
| records        | records/<environment>        | <sandbox>/records                   |

On AWS it is the directory that `infra synth` writes, so that terraform alone and this toolkit have the same state. The
records of what was done on AWS belong into git. A run in private has all but the records in a directory
`promotion-<stack>` beside that of the saved plan, and removes it. In every case terraform runs in a directory with the
name of the stack, so that a wrapper can tell stacks apart.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.core.base.digests import file_digest, json_digest
from cli.core.base.files import locked, owner_only_directory, write_whole
from cli.core.base.progress import ProgressReporter
from cli.core.base.project import OUTPUT, ROOT
from cli.core.records import Chain
from cli.core.sandbox import rehearsal
from cli.core.synthesis.publish import BOOTSTRAP, CONFIGURATION, synthesize
from cli.core.terraform import binary
from cli.core.terraform.cli import Terraform
from cli.core.terraform.lockfile import COMMITTED, LOCK_FILE
from envs.settings import Settings

RECORDS = "records"
"""Directory of the records, relative to the checkout."""

MOVES = "moved.tf"
"""File with the `moved` blocks of a stack, beside its `cdk.tf.json`; there is none without moves."""

PRIVATE = ".infra"
"""Directory of saved plans, relative to the checkout; ignored by git."""

REHEARSED_AT_ONCE = 30
"""Operations at a time in the sandbox, where terraform's 10 do little but wait: no limit on requests is in force."""

_INITIALIZED = "initialized"
"""File in the private directory with the digest of what terraform init was run for."""


@dataclass(frozen=True)
class Options:
    """What all commands that run terraform can be told."""

    sandbox: bool = False
    lock_timeout_seconds: int = 0
    parallelism: int | None = None
    arguments: tuple[str, ...] = ()
    """Passed on to terraform plan."""


@dataclass(frozen=True)
class Workspace:
    """A stack and where it is."""

    settings: Settings
    stack: str
    directory: Path
    """Where terraform runs."""
    store: Path
    """Where the saved plan is; only its owner may enter."""
    records: Chain
    terraform: Terraform
    is_sandbox: bool

    @property
    def environment(self) -> str:
        """The environment's name."""
        return self.settings.environment

    @property
    def realm(self) -> str:
        """`aws` or `sandbox`."""
        return "sandbox" if self.is_sandbox else "aws"

    @property
    def home(self) -> Path:
        """Where the saved plan of the stack and the apply that goes on are; a run in private has another `store`."""
        return self.store.parent / self.stack

    @property
    def saved(self) -> Path:
        """The directory of the saved plan."""
        return self.store / "saved"

    @property
    def configuration(self) -> Path:
        """The stack's `cdk.tf.json`, where terraform reads it."""
        return self.directory / CONFIGURATION

    def synthesis(self) -> str:
        """Digest of what was synthesized, where terraform reads it."""
        moves = self.directory / MOVES
        return json_digest([file_digest(path) for path in (self.configuration, moves) if path.is_file()])

    def init(self) -> bool:
        """Run terraform init, unless it was run for this very stack; whether the committed lock file decides versions.

        The sandbox takes the provider that is there, so it has a lock file of its own.
        """
        is_locked = not self.is_sandbox and COMMITTED.is_file()
        if is_locked:
            write_whole(self.directory / LOCK_FILE, COMMITTED.read_bytes())
        done, wanted = self.store / _INITIALIZED, self._initialization()
        made = self.directory / ".terraform" / ("providers" if (self.directory / LOCK_FILE).is_file() else "")
        if not (made.is_dir() and done.is_file() and done.read_text() == wanted):
            done.unlink(missing_ok=True)
            self.terraform.init(readonly_lock=is_locked)
            write_whole(done, self._initialization().encode(), owner_only=True)
        return is_locked

    def _initialization(self) -> str:
        """Digest of what terraform init depends on: the program, the `terraform` blocks, the lock file."""
        blocks = [json.loads(path.read_bytes()).get("terraform") for path in sorted(self.directory.glob("*.tf.json"))]
        lock = self.directory / LOCK_FILE
        return json_digest([str(self.terraform.program), blocks, lock.read_text() if lock.is_file() else ""])


def stack_name(settings: Settings, *, is_bootstrap: bool) -> str:
    """The name of an environment's stack, or of its bootstrap stack."""
    return f"{settings.environment}{BOOTSTRAP}" if is_bootstrap else settings.environment


def records_of(environment: str, *, sandbox: bool) -> Chain:
    """The records of an environment. Starts nothing."""
    if sandbox:
        from cli.core.sandbox.state_directory import StateDirectory

        return Chain(StateDirectory.of(environment).directory / RECORDS)
    return Chain(ROOT / RECORDS / environment)


@contextlib.contextmanager
def opened(
    settings: Settings,
    synthesized: Path,
    options: Options,
    progress: ProgressReporter,
    *,
    is_bootstrap: bool = False,
    is_private: bool = False,
    variables: Mapping[str, str] = os.environ,
) -> Iterator[Workspace]:
    """Put a synthesized stack where terraform runs, and hold it: one run at a time on this machine.

    ``synthesized`` is the directory that the environment was synthesized to. With ``is_private`` terraform runs in a
    directory that is removed in the end, and nothing else is written: for looking, and for plans of what no file says.
    Raises ``TerraformMissing`` and ``SandboxError``.
    """
    program = binary.find(variables)
    stack = stack_name(settings, is_bootstrap=is_bootstrap)
    source = synthesized / "stacks" / stack
    environ: Mapping[str, str] = variables
    base = ROOT
    sandbox = None
    if options.sandbox:
        progress.step("starting the sandbox")
        sandbox = rehearsal(settings.environment, settings.account_id)
        environ, base = sandbox.environ, sandbox.state_directory.directory
    with _store(base / PRIVATE, stack, progress, is_private=is_private) as store:
        if is_private:
            directory = owner_only_directory(owner_only_directory(store / "stacks") / stack)
            usual = sandbox.state_directory.stacks / stack if sandbox else ROOT / OUTPUT / "stacks" / stack
            _take_initialization(usual, base / PRIVATE / stack, directory, store)
            if sandbox is None:
                write_whole(directory / CONFIGURATION, (source / CONFIGURATION).read_bytes())
            else:
                sandbox.stack(source, into=directory)
        elif sandbox is None:
            directory = _publish(settings, synthesized, progress) / "stacks" / stack
        else:
            directory = sandbox.stack(source)
        _copy_moves(source, directory)
        yield Workspace(
            settings=settings,
            stack=stack,
            directory=directory,
            store=store,
            records=records_of(settings.environment, sandbox=options.sandbox),
            terraform=Terraform(
                program,
                directory,
                settings.environment,
                environ,
                store,
                progress,
                options.lock_timeout_seconds,
                options.parallelism or (REHEARSED_AT_ONCE if options.sandbox else None),
            ),
            is_sandbox=options.sandbox,
        )


@contextlib.contextmanager
def _store(private: Path, stack: str, progress: ProgressReporter, *, is_private: bool) -> Iterator[Path]:
    """Hold the private directory of a stack, or one that is empty and is removed in the end."""

    def waiting() -> None:
        progress.note(f"another run works on {stack}; waiting for it")

    if not is_private:
        store = owner_only_directory(owner_only_directory(private) / stack)
        with locked(store / "lock", waiting=waiting):
            yield store
        return
    store = private / f"promotion-{stack}"
    with locked(store / "lock", waiting=waiting):
        owner_only_directory(private)
        owner_only_directory(store)
        shutil.rmtree(store / "stacks", ignore_errors=True)  # of a run that was killed
        try:
            yield store
        finally:
            shutil.rmtree(store)
            with contextlib.suppress(OSError):  # there is something else in it
                private.rmdir()


def _take_initialization(usual: Path, home: Path, directory: Path, store: Path) -> None:
    """Give a run in private what terraform init made in the usual directory of the stack, if it has been run there.

    Providers are links, as in a plug-in cache: what has to be installed besides goes into the new directory. Whether
    init has to be run again is up to `Workspace.init`.
    """
    made = Path(".terraform")
    for package in usual.glob(str(made / "providers" / "*" / "*" / "*" / "*" / "*")):
        link = directory / package.relative_to(usual)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(package.resolve())
    files = {usual / LOCK_FILE: directory / LOCK_FILE, home / _INITIALIZED: store / _INITIALIZED}
    backend = made / "terraform.tfstate"
    if (directory / made).is_dir():
        files[usual / backend] = directory / backend
    for source, copy in files.items():
        if source.is_file():
            shutil.copy(source, copy)


def _copy_moves(source: Path, directory: Path) -> None:
    """Put the moves of a stack where terraform runs, or take away those of an earlier run."""
    moves = source / MOVES
    if moves.is_file():
        write_whole(directory / MOVES, moves.read_bytes())
    else:
        (directory / MOVES).unlink(missing_ok=True)


def _publish(settings: Settings, synthesized: Path, progress: ProgressReporter) -> Path:
    """Put what was synthesized where `infra synth` puts it, and return that directory."""
    from envs.load import environments

    def copy(_settings: Settings, to: Path) -> bool:
        shutil.copytree(synthesized, to, dirs_exist_ok=True)
        return True

    out = ROOT / OUTPUT

    def ignore(_done: Any) -> None: ...

    synthesize(
        [settings],
        out,
        write=copy,
        known=environments(),
        started=ignore,
        finished=ignore,
        waiting=lambda: progress.note(f"another run is writing to {OUTPUT}; waiting for it"),
    )
    return out
