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
from cli.core.terraform.events import Diagnostic, diagnostic, read
from cli.core.terraform.process import Ended, run, wait_for_earlier

APPLY_LOG = "apply.log"
"""What terraform says while it applies, in the directory of logs: the events, also those that nobody heard."""

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
    """Somebody asked for an end, and terraform ended in order."""


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
    """A directory that exists, for what terraform says; only its owner may enter it."""
    progress: ProgressReporter = field(default_factory=ProgressReporter)
    lock_timeout_seconds: int = 0
    """How long to wait for the lock of the state."""
    parallelism: int | None = None
    """Operations at the same time; None: terraform's own default, 10."""

    def init(self, *, readonly_lock: bool) -> None:
        """Fetch the provider and connect to the state; with ``readonly_lock`` only what the lock file allows."""
        arguments = ["-input=false", "-no-color", "-reconfigure"]
        said: list[str] = []
        ended = self._run("init", [*arguments, *(["-lockfile=readonly"] if readonly_lock else [])], plain=said)
        self._check("init", ended, [], f"{''.join(said)}\n{ended.errors}" if ended.code else "")

    def plan(self, out: Path, *, mode: Mode = "normal", extra: Sequence[str] = ()) -> bool:
        """Write a plan to ``out``; whether there is anything to do. Extra arguments are passed on as they are."""
        arguments = ["-json", "-input=false", "-detailed-exitcode", f"-out={out}", *self._locking(), *self._speed()]
        if mode != "normal":
            arguments.append(f"-{mode}")
        found: list[Diagnostic] = []
        ended = self._run("plan", [*arguments, *extra], diagnostics=found)
        if ended.code not in (0, 2):
            self._check("plan", ended, found, ended.errors)
        if ended.interrupted:
            raise Interrupted
        return ended.code == 2

    def show(self, plan: Path) -> bytes:
        """A saved plan as JSON."""
        said: list[str] = []
        ended = self._run("show", ["-json", str(plan)], plain=said)
        self._check("show", ended, [], ended.errors)
        return "".join(said).encode()

    def apply(self, plan: Path) -> Applied:
        """Do exactly what a saved plan says. Never raises for what terraform says: what was done has to be recorded."""
        arguments = ["-json", "-input=false", *self._locking(), *self._speed(), str(plan)]
        found: list[Diagnostic] = []
        ended = self._run("apply", arguments, diagnostics=found)
        return Applied(ended.code, ended.interrupted, tuple(found), ended.errors)

    def position(self) -> Position:
        """Lineage and serial of the state, and what is in it."""
        said: list[str] = []
        ended = self._run("state", ["pull"], plain=said)
        self._check("state pull", ended, [], ended.errors)
        text = "".join(said).strip()
        if not text:
            return Position("", 0)
        state = json.loads(text)
        there = dict(_instances(state))
        return Position(
            str(state["lineage"]),
            int(state["serial"]),
            {address: str(each["attributes"].get("id", "")) for address, each in there.items()},
            frozenset(address for address, each in there.items() if each.get("status") == "tainted"),
            frozenset(address for address, each in there.items() if each.get("create_before_destroy")),
        )

    def outputs(self) -> Mapping[str, Mapping[str, Any]]:
        """The outputs in the state: of each `value`, `type` and `sensitive`."""
        said: list[str] = []
        ended = self._run("output", ["-json"], plain=said)
        self._check("output", ended, [], ended.errors)
        found: Mapping[str, Mapping[str, Any]] = json.loads("".join(said))
        return found

    def lock_holder(self) -> failures.Lock | None:
        """Who holds the lock of the state; None when nobody does.

        terraform shows it to whoever wants to take away another lock than the one that is there.
        """
        said: list[str] = []
        ended = self._run("force-unlock", ["-force", _NO_LOCK], plain=said)
        text = failures.plain(f"{''.join(said)}\n{ended.errors}")
        holder = failures.lock_in(text)
        if holder is None and not failures.says_unlocked(text):
            raise failures.failure(f"{self.program.name} force-unlock", self.environment, [], text, ended.code)
        return holder

    def force_unlock(self, lock_id: str) -> None:
        """Take the lock of the state away, if it has this id."""
        said: list[str] = []
        ended = self._run("force-unlock", ["-force", lock_id], plain=said)
        self._check("force-unlock", ended, [], f"{''.join(said)}\n{ended.errors}")

    def push_state(self, path: Path) -> None:
        """Put a state where it belongs; terraform refuses one of another lineage, and one that is older."""
        said: list[str] = []
        ended = self._run("state", ["push", *self._locking(), str(path)], plain=said)
        self._check("state push", ended, [], ended.errors)

    def untaint(self, address: str) -> None:
        """Have a resource that was made half-way completed, and not replaced."""
        said: list[str] = []
        ended = self._run("untaint", ["-no-color", *self._locking(), address], plain=said)
        self._check("untaint", ended, [], ended.errors)

    def forget(self, address: str) -> None:
        """Take a resource out of the state; nothing in AWS is changed."""
        said: list[str] = []
        ended = self._run("state", ["rm", *self._locking(), address], plain=said)
        self._check("state rm", ended, [], ended.errors)

    def wait_for_earlier(self, note: Callable[[str], None]) -> None:
        """Wait for a terraform that goes on although the run that started it was killed."""

        def waiting(process: str) -> None:
            note(
                f"terraform (process {process}) still works on {self.environment} for a run that was killed; waiting "
                "for its end. Ctrl-C leaves it alone"
            )

        wait_for_earlier(self.logs, waiting)

    def lock_providers(self, platforms: Sequence[str], extra: Sequence[str]) -> None:
        """Write the dependency lock file for platforms such as `linux_arm64`."""
        said: list[str] = []
        arguments = ["lock", *(f"-platform={platform}" for platform in platforms), *extra]
        ended = self._run("providers", arguments, plain=said)
        self._check("providers lock", ended, [], ended.errors)

    def _locking(self) -> list[str]:
        return [f"-lock-timeout={self.lock_timeout_seconds}s"]

    def _speed(self) -> list[str]:
        return [] if self.parallelism is None else [f"-parallelism={self.parallelism}"]

    def _run(
        self,
        command: str,
        arguments: Sequence[str],
        *,
        plain: list[str] | None = None,
        diagnostics: list[Diagnostic] | None = None,
    ) -> Ended:
        """Run a command; what it says is added to ``plain``, or read as events, of which diagnostics are kept."""

        def each(line: bytes) -> None:
            if plain is not None:
                plain.append(line.decode("utf-8", errors="replace"))
                return
            event = read(line)
            if event is None:
                return
            told = diagnostic(event)
            if told is not None and diagnostics is not None:
                diagnostics.append(told)
            self.progress.event(event)

        kept = {name: value for name, value in self.environ.items() if not _STEERING.fullmatch(name)}
        output = self.logs / f"{command}.log"
        ended = run(
            [self.program.path, command, *arguments],
            directory=self.directory,
            environ={**kept, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"},
            output=output,
            line=each,
            interrupted=self.progress.interrupted,
        )
        if plain is not None:
            output.unlink()  # states and plans in plain text: nothing to keep
        return ended

    def _check(self, command: str, ended: Ended, diagnostics: Sequence[Diagnostic], errors: str) -> None:
        """Raise what a command's end calls for."""
        if ended.code == 0 and not ended.interrupted:
            return
        if ended.interrupted:
            raise Interrupted
        raise failures.failure(f"{self.program.name} {command}", self.environment, diagnostics, errors, ended.code)


def _instances(state: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is in a state, with the addresses, without what was replaced and is still to go. Format: its version 4."""
    for each in state.get("resources") or ():
        if each["mode"] != "managed":
            continue
        module = f"{each['module']}." if each.get("module") else ""
        for instance in each["instances"]:
            if "deposed" in instance:
                continue
            key = instance.get("index_key")
            index = "" if key is None else f"[{json.dumps(key)}]"
            yield f"{module}{each['type']}.{each['name']}{index}", instance
