"""The gate's child process, seen from here: started early, told what to scan, never trusted to have done it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, TypeAlias

from cli.core.base.project import ROOT
from cli.core.base.trace import note_program
from cli.core.gate import verdict
from cli.core.gate.model import Problem
from cli.core.gate.protocol import BETWEEN_JOBS, Answer, Job, Loaded, decode_answer, decode_loaded, encode

CHECKS = ROOT / "policies" / "checks"
"""The directory of our rules."""

TIMEOUT = 600.0
"""Seconds that checkov may take after it was told everything; 5,000 resources need about 20."""

_LAST_WORDS = 2.0
"""Seconds for answering what is done, when there is no more time."""

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPYCACHEPREFIX")
"""Variables that the child inherits. checkov's own, of which several make it find less, are not among them."""

_FIXED = {
    "BC_SKIP_MAPPING": "TRUE",  # no call to a platform
    "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true",  # none to PyPI
    "CHECKOV_PARALLELIZATION_TYPE": "none",  # no further processes, whose errors would be lost
    "PYTHONHASHSEED": "0",
    "PYTHONPATH": str(ROOT),
}

_Answers: TypeAlias = tuple[Loaded | None, tuple[Answer, ...], tuple[Problem, ...]]


class ScannerProcess:
    """checkov in a process of its own, from its start on. Leaving the context ends it."""

    def __init__(self, checks: Path = CHECKS) -> None:
        self._output = bytearray()
        self._more = threading.Condition()
        self._is_closed = False
        self._jobs = 0
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed on leaving the context)
        reading, writing = os.pipe()
        self._command = [sys.executable, "-P", "-m", "cli.core.gate.worker.scan", str(writing), str(checks)]
        self._started = time.monotonic()
        try:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env={name: os.environ[name] for name in _KEPT if name in os.environ} | _FIXED,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=[writing],
                process_group=0,  # so that its forks can be ended with it
            )
        finally:
            os.close(writing)
        self._reader = threading.Thread(target=self._read, args=[reading], daemon=True)
        self._reader.start()
        self._to_write: SimpleQueue[bytes | None] = SimpleQueue()
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def submit(self, *jobs: Job) -> None:
        """Hand over jobs, for one fork of the child. A child that is dead is noticed when answers are asked for."""
        self._jobs += len(jobs)
        self._to_write.put(BETWEEN_JOBS.join(encode(job).rstrip() for job in jobs) + b"\n")

    def answers(self, timeout: float = TIMEOUT, *, is_last: bool = True) -> _Answers:
        """What the child loaded, its answers in the order of the jobs as far as it came, and what went wrong.

        It ends with that, unless more jobs are to come and it has answered every one so far.
        """
        if not is_last and self._has_answered(timeout):
            return self._answers(None)
        self._to_write.put(None)
        deadline = time.monotonic() + timeout
        self._reader.join(timeout)
        try:
            ending = verdict.ending(self._process.wait(max(0.0, deadline - time.monotonic())), self._last_errors())
        except subprocess.TimeoutExpired:
            self._process.terminate()  # it answers what it has done
            self._reader.join(_LAST_WORDS)
            self._end()
            text = f"checkov's process was not done after {timeout:g} s and was ended"
            ending = Problem("scanner-timed-out", text)
        return self._answers(ending)

    def _answers(self, ending: Problem | None) -> _Answers:
        """What there is by now, given how the child ended if that was not well."""
        loaded: Loaded | None = None
        answers: list[Answer] = []
        problems = [ending] if ending else []
        for line in bytes(self._output).splitlines():
            try:
                if loaded is None:
                    loaded = decode_loaded(line)
                else:
                    answers.append(decode_answer(line))
            except ValueError:
                problems.append(verdict.garbled(line[:80].decode(errors="replace")))
                break
        if not problems and (loaded is None or len(answers) != self._jobs):
            text = f"checkov's process answered {len(answers)} of {self._jobs} jobs"
            problems.append(Problem("scanner-incomplete", text))
        return loaded, tuple(answers), tuple(problems)

    def _end(self) -> None:
        """End the child and its forks."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join()

    def __enter__(self) -> ScannerProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        self._to_write.put(None)
        self._writer.join()
        self._errors.close()
        note_program(self._command, self._started, ROOT)

    def _write(self) -> None:
        """Give the child its jobs as it takes them, which it does only once it has loaded checkov."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            while (jobs := self._to_write.get()) is not None:
                self._process.stdin.write(jobs)
                self._process.stdin.flush()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()

    def _read(self, descriptor: int) -> None:
        """Take what the child writes, so that it never waits."""
        with os.fdopen(descriptor, "rb") as file:
            while chunk := file.read1(1 << 16):
                with self._more:
                    self._output += chunk
                    self._more.notify_all()
        with self._more:
            self._is_closed = True
            self._more.notify_all()

    def _has_answered(self, timeout: float) -> bool:
        """Wait until there is a line for what was loaded and for each job; False when they do not come."""

        def is_complete() -> bool:
            return self._output.count(b"\n") > self._jobs

        with self._more:
            self._more.wait_for(lambda: is_complete() or self._is_closed, timeout)
            return is_complete()

    def _last_errors(self) -> Sequence[str]:
        """The end of what the child wrote to standard error."""
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-5:]
