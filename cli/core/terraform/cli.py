"""terraform's commands as methods, run in the directory of one stack."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from cli.core.base.progress import ProgressReporter
from cli.core.terraform import failures
from cli.core.terraform.binary import Program
from cli.core.terraform.events import Diagnostic, diagnostic, read_event
from cli.core.terraform.process import Ended, run, wait_for_earlier

APPLY_LOG = "apply.log"
"""terraform's events during an apply, in the directory of logs, also those that no run has read."""

ERRORED_STATE = "errored.tfstate"
"""Where terraform puts the state, in its own directory, when it cannot write it where it belongs."""

LOCAL_STATE = "terraform.tfstate"
"""The state of a stack that keeps it in a file, in terraform's own directory. terraform empties the file and writes it
anew; beside it, with `.backup` at the end, is the state as it was before the run."""

Mode: TypeAlias = Literal["normal", "destroy", "refresh-only"]

_NO_LOCK = "00000000-0000-0000-0000-000000000000"
"""The id of no lock: terraform's are random."""

_STEERING = re.compile(r"TF_(CLI_ARGS(_.*)?|WORKSPACE|DATA_DIR|INPUT|IN_AUTOMATION)")
"""Variables that would change which state is used or what a command does; left over in a shell they mislead."""


class Interrupted(KeyboardInterrupt):
    """A signal asked for an end, and terraform ended in order."""


@dataclass(frozen=True, slots=True)
class Position:
    """Which state it is, and how often it was written."""

    lineage: str
    """Empty when there is no state yet."""
    serial: int
    ids: Mapping[str, str] = field(default_factory=dict)
    """Of the resources in it, by address."""
    tainted: frozenset[str] = frozenset()
    """Addresses of those that were made half-way, and are to be replaced."""
    made_first: frozenset[str] = frozenset()
    """Addresses of those that are replaced by making the new one first (`create_before_destroy`)."""

    @property
    def addresses(self) -> frozenset[str]:
        """Of the resources in it."""
        return frozenset(self.ids)


@dataclass(frozen=True, slots=True)
class Applied:
    """How an apply ended."""

    code: int
    interrupted: bool
    diagnostics: tuple[Diagnostic, ...]
    errors: str
    """What was written to standard error."""

    @property
    def succeeded(self) -> bool:
        """Whether all of the plan was done."""
        return self.code == 0


@dataclass(frozen=True)
class Terraform:
    """A program, the directory of a stack, and how to run the one in the other."""

    program: Program
    directory: Path
    """Where the Terraform of the stack is, and `.terraform`."""
    environment: str
    """What the stack is called in messages."""
    environ: Mapping[str, str]
    logs: Path
    """An existing directory for terraform's output; only its owner may enter it."""
    progress: ProgressReporter = field(default_factory=ProgressReporter)
    lock_timeout_seconds: int = 0
    """How long to wait for the lock of the state."""
    parallelism: int | None = None
    """Operations at the same time; None: terraform's own default, 10."""

    def init(self, *, readonly_lock: bool) -> None:
        """Fetch the provider and connect to the state; with ``readonly_lock`` only what the lock file allows."""
        arguments = ["-input=false", "-no-color", "-reconfigure"]
        lines: list[str] = []
        ended = self._run("init", [*arguments, *(["-lockfile=readonly"] if readonly_lock else [])], plain=lines)
        self._check("init", ended, [], f"{''.join(lines)}\n{ended.errors}" if ended.code else "")

    def plan(self, out: Path, *, mode: Mode = "normal", extra: Sequence[str] = ()) -> bool:
        """Write a plan to ``out``; whether it has changes. Extra arguments are passed on unchanged."""
        arguments = ["-json", "-input=false", "-detailed-exitcode", f"-out={out}", *self._locking(), *self._speed()]
        if mode != "normal":
            arguments.append(f"-{mode}")
        diagnostics: list[Diagnostic] = []
        ended = self._run("plan", [*arguments, *extra], diagnostics=diagnostics)
        if ended.code not in (0, 2):
            self._check("plan", ended, diagnostics, ended.errors)
        if ended.interrupted:
            raise Interrupted
        return ended.code == 2

    def show(self, plan: Path) -> bytes:
        """A saved plan as JSON."""
        return self._text("show", ["-json", str(plan)]).encode()

    def apply(self, plan: Path) -> Applied:
        """Apply a saved plan. terraform's errors are returned, not raised, because the apply has to be recorded."""
        arguments = ["-json", "-input=false", *self._locking(), *self._speed(), str(plan)]
        diagnostics: list[Diagnostic] = []
        ended = self._run("apply", arguments, diagnostics=diagnostics)
        return Applied(ended.code, ended.interrupted, tuple(diagnostics), ended.errors)

    def position(self) -> Position:
        """Lineage and serial of the state, and what is in it."""
        text = self._text("state pull").strip()
        if not text:
            return Position("", 0)
        state = json.loads(text)
        instances = dict(_instances(state))
        return Position(
            lineage=str(state["lineage"]),
            serial=int(state["serial"]),
            ids={address: str(instance["attributes"].get("id", "")) for address, instance in instances.items()},
            tainted=frozenset(key for key, instance in instances.items() if instance.get("status") == "tainted"),
            made_first=frozenset(key for key, instance in instances.items() if instance.get("create_before_destroy")),
        )

    def outputs(self) -> Mapping[str, Mapping[str, Any]]:
        """The outputs in the state: of each `value`, `type` and `sensitive`."""
        outputs: Mapping[str, Mapping[str, Any]] = json.loads(self._text("output", ["-json"]))
        return outputs

    def lock_holder(self) -> failures.Lock | None:
        """Who holds the lock of the state; None when nobody does.

        terraform shows the lock to whoever tries to remove one with another id.
        """
        lines: list[str] = []
        ended = self._run("force-unlock", ["-force", _NO_LOCK], plain=lines)
        text = failures.plain(f"{''.join(lines)}\n{ended.errors}")
        holder = failures.lock_in(text)
        if holder is None and not failures.says_unlocked(text):
            raise failures.failure(f"{self.program.name} force-unlock", self.environment, code=ended.code, stderr=text)
        return holder

    def force_unlock(self, lock_id: str) -> None:
        """Remove the lock of the state, if it has this id."""
        lines: list[str] = []
        ended = self._run("force-unlock", ["-force", lock_id], plain=lines)
        self._check("force-unlock", ended, [], f"{''.join(lines)}\n{ended.errors}")

    def push_state(self, path: Path) -> None:
        """Write a state to its backend; terraform refuses one of another lineage, and one that is older."""
        self._text("state push", [*self._locking(), str(path)])

    def untaint(self, address: str) -> None:
        """Let a resource whose creation failed half-way be completed, and not replaced."""
        self._text("untaint", ["-no-color", *self._locking(), address])

    def forget(self, address: str) -> None:
        """Remove a resource from the state; nothing in AWS is changed."""
        self._text("state rm", [*self._locking(), address])

    def wait_for_earlier(self, note: Callable[[str], None]) -> None:
        """Wait for a terraform that still runs although the run that started it was killed."""

        def waiting(process: str) -> None:
            note(
                f"terraform (process {process}) still works on {self.environment} for a run that was killed; waiting "
                "for its end. Ctrl-C leaves it alone"
            )

        wait_for_earlier(self.logs, waiting)

    def lock_providers(self, platforms: Sequence[str], extra: Sequence[str]) -> None:
        """Write the dependency lock file for platforms such as `linux_arm64`."""
        self._text("providers lock", [*(f"-platform={platform}" for platform in platforms), *extra])

    def _locking(self) -> list[str]:
        return [f"-lock-timeout={self.lock_timeout_seconds}s"]

    def _speed(self) -> list[str]:
        return [] if self.parallelism is None else [f"-parallelism={self.parallelism}"]

    def _text(self, command: str, arguments: Sequence[str] = ()) -> str:
        """What a command prints. Raises its failure, or `Interrupted`."""
        name, *rest = command.split()
        lines: list[str] = []
        ended = self._run(name, [*rest, *arguments], plain=lines)
        self._check(command, ended, [], ended.errors)
        return "".join(lines)

    def _run(
        self,
        command: str,
        arguments: Sequence[str],
        *,
        plain: list[str] | None = None,
        diagnostics: list[Diagnostic] | None = None,
    ) -> Ended:
        """Run a command; its output is added to ``plain``, or read as events, whose diagnostics are collected."""

        def read_line(line: bytes) -> None:
            if plain is not None:
                plain.append(line.decode("utf-8", errors="replace"))
                return
            event = read_event(line)
            if event is None:
                return
            message = diagnostic(event)
            if message is not None and diagnostics is not None:
                diagnostics.append(message)
            self.progress.event(event)

        environ = {name: value for name, value in self.environ.items() if not _STEERING.fullmatch(name)}
        output = self.logs / f"{command}.log"
        ended = run(
            [self.program.path, command, *arguments],
            directory=self.directory,
            environ={**environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"},
            output=output,
            line=read_line,
            interrupted=self.progress.interrupted,
        )
        if plain is not None:
            output.unlink()  # states and plans in plain text: nothing to keep
        return ended

    def _check(self, command: str, ended: Ended, diagnostics: Sequence[Diagnostic], stderr: str) -> None:
        """Raise the failure of a command, or `Interrupted`."""
        if ended.code == 0 and not ended.interrupted:
            return
        if ended.interrupted:
            raise Interrupted
        raise failures.failure(
            f"{self.program.name} {command}",
            self.environment,
            code=ended.code,
            diagnostics=diagnostics,
            stderr=stderr,
        )


def _instances(state: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is in a state, with the addresses, without what was replaced and is still to go. Format: its version 4."""
    for resource in state.get("resources") or ():
        if resource["mode"] != "managed":
            continue
        module = f"{resource['module']}." if resource.get("module") else ""
        for instance in resource["instances"]:
            if "deposed" in instance:
                continue
            key = instance.get("index_key")
            index = "" if key is None else f"[{json.dumps(key)}]"
            yield f"{module}{resource['type']}.{resource['name']}{index}", instance
