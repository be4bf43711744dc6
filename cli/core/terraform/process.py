"""One run of a program that must not be cut off: what it writes goes to a file, and signals reach it once.

A pipe would end terraform with us: once nobody reads it, its next line is its last (SIGPIPE), and what it has made is
in no state. So it writes to a file, which is read as it grows, and it runs in a session of its own: Ctrl-C comes to us
alone and is passed on as one SIGINT, upon which terraform finishes what it is at, writes its state and ends.

It outlives us when we are killed. So it inherits a lock, which is held as long as it lives, and whoever comes next can
wait for its end (`wait_for_earlier`).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

from cli.core.base.trace import traced_program

_POLL_SECONDS = 0.03
DEAF_SECONDS = 120.0
"""For how long a further signal is not passed on: a second one makes terraform drop what it is doing, half made. CI
sends SIGINT and SIGTERM when a workflow is cancelled, seconds apart (GitHub Actions, "Canceling a workflow")."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_RUNNING = "running.lock"
"""Beside the output: held by the program that runs; in it is the number of its process."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended."""

    code: int
    """Its exit code; negative for the signal that ended it."""
    interrupted: bool
    """Whether somebody asked for an end before it came."""
    errors: str
    """What it wrote to standard error."""


def run(
    command: Sequence[str],
    *,
    directory: Path,
    environ: Mapping[str, str],
    output: Path,
    line: Callable[[bytes], None],
    interrupted: Callable[[bool], None],
) -> Ended:
    """Run a program, handing over each line that it writes to standard output, which is kept in the file `output`.

    ``interrupted`` is called for each signal (SIGINT, SIGTERM, SIGHUP), with whether it was passed on: see
    `DEAF_SECONDS`. Returns after the program has ended, whatever happens: an exception in a callback interrupts it, and
    is raised when it is done.
    """
    errors = output.with_name(f"{output.name}.stderr")
    with (
        _owner_only(output) as output_file,
        _owner_only(errors) as errors_file,
        output.open("rb") as reading,
        _running(output.parent) as lock,
        traced_program(command, directory),
    ):
        process = subprocess.Popen(
            command,
            cwd=directory,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output_file,
            stderr=errors_file,
            start_new_session=True,
            umask=0o077,  # a state that terraform cannot write where it belongs has secrets in it
            pass_fds=[lock.fileno()],
        )
        with contextlib.suppress(OSError):  # a full disk; it is for people only
            lock.truncate(0)
            lock.write(str(process.pid).encode())
        with _Forwarding(process, interrupted) as forwarding:
            try:
                while process.poll() is None:
                    if not _read(reading, line):
                        time.sleep(_POLL_SECONDS)
                _read(reading, line, rest=True)
            except BaseException:
                if process.poll() is None:
                    process.send_signal(signal.SIGINT)
                    process.wait()
                raise
    stderr = errors.read_text(encoding="utf-8", errors="replace")
    errors.unlink()
    return Ended(process.returncode, forwarding.passed_on_at is not None, stderr)


def wait_for_earlier(directory: Path, waiting: Callable[[str], None]) -> None:
    """Return when no program runs any more whose output is in a directory.

    To be called where nobody else starts one there: what still runs then was left by a run that was killed.
    ``waiting`` is called once, with the number of its process, when there is one.
    """
    try:
        file = (directory / _RUNNING).open("rb")
    except FileNotFoundError:
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting(file.read().decode())
            fcntl.flock(file, fcntl.LOCK_EX)


@contextlib.contextmanager
def _running(directory: Path) -> Iterator[IO[bytes]]:
    """The file whose lock a program inherits."""
    with (directory / _RUNNING).open("ab", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield file


class _Forwarding:
    """While this context lasts, signals to us are passed on as SIGINT. In the main thread; elsewhere none arrive."""

    def __init__(self, process: subprocess.Popen[bytes], interrupted: Callable[[bool], None]) -> None:
        self.passed_on_at: float | None = None
        """When the last signal was passed on."""
        self._process = process
        self._interrupted = interrupted
        self._before: dict[signal.Signals, Any] = {}

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        is_passed_on = self.passed_on_at is None or now - self.passed_on_at >= DEAF_SECONDS
        if is_passed_on:
            self.passed_on_at = now
            if self._process.returncode is None:
                self._process.send_signal(signal.SIGINT)
        self._interrupted(is_passed_on)

    def __enter__(self) -> _Forwarding:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def _owner_only(path: Path) -> IO[bytes]:
    """A new, empty file that only its owner may read: terraform's output may hold secrets."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _read(file: IO[bytes], line: Callable[[bytes], None], *, rest: bool = False) -> bool:
    """Hand over the complete lines that are new, and with ``rest`` what follows the last of them; whether any was."""
    is_any = False
    while text := file.readline():
        if not text.endswith(b"\n") and not rest:
            file.seek(-len(text), os.SEEK_CUR)
            break
        line(text)
        is_any = True
    return is_any
