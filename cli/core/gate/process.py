"""The gate's child process, seen from here: started early, told what to scan, never trusted to have done it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from cli.core.base.project import ROOT
from cli.core.gate.model import Message, Problem

CHECKS = ROOT / "policies" / "checks"
"""The directory of our rules."""

TIMEOUT = 600.0
"""Seconds that checkov may take after it was told everything; 5,000 resources need about 20."""

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPYCACHEPREFIX")
"""Variables that the child inherits. checkov's own, of which several make it find less, are not among them."""

_FIXED = {
    "BC_SKIP_MAPPING": "TRUE",  # no call to a platform
    "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true",  # none to PyPI
    "CHECKOV_PARALLELIZATION_TYPE": "none",  # no further processes, whose errors would be lost
    "PYTHONHASHSEED": "0",
    "PYTHONPATH": str(ROOT),
}

_FIRST_KEYS = {"checkov", "builtin", "external", "own", "suppressions", "errors"}
_KEYS = {"parsed", "unparsed", "resources", "modules", "passed", "failed", "skipped", "judged", "raised", "unknown"}


class ScannerProcess:
    """checkov in a process of its own, from its start on. Leaving the context ends it."""

    def __init__(self, checks: Path = CHECKS) -> None:
        self._output = bytearray()
        self._more = threading.Condition()
        self._is_closed = False
        self._jobs = 0
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed on leaving the context)
        reading, writing = os.pipe()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "cli.core.gate.worker.scan", str(writing), str(checks)],
                cwd=ROOT,
                env={name: os.environ[name] for name in _KEPT if name in os.environ} | _FIXED,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=[writing],
            )
        finally:
            os.close(writing)
        self._reader = threading.Thread(target=self._read, args=[reading], daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def submit(self, job: Mapping[str, Any]) -> None:
        """Hand over a job; see `scan`. A child that is dead is noticed when the answers are asked for."""
        assert self._process.stdin is not None
        self._jobs += 1
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            self._process.stdin.flush()

    def answers(
        self, timeout: float = TIMEOUT, *, is_last: bool = True
    ) -> tuple[Message | None, tuple[Message, ...], tuple[Problem, ...]]:
        """What the child loaded, its answers in the order of the jobs as far as it came, and what went wrong.

        It ends with that, unless more jobs are to come and it has answered every one so far.
        """
        assert self._process.stdin is not None
        if not is_last and self._has_answered(timeout):
            return self._answers(None)
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        deadline = time.monotonic() + timeout
        self._reader.join(timeout)
        try:
            code: int | None = self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            self._reader.join()
            code = None
        return self._answers(self._ending(code, timeout))

    def _answers(self, ending: Problem | None) -> tuple[Message | None, tuple[Message, ...], tuple[Problem, ...]]:
        """What there is by now, given how the child ended if that was not well."""
        messages, garbled = self._messages()
        problems = [problem for problem in (ending, garbled) if problem]
        if not problems and len(messages) != self._jobs + 1:
            text = f"checkov's process answered {max(0, len(messages) - 1)} of {self._jobs} jobs"
            problems.append(Problem("scanner-incomplete", text))
        return (messages[0] if messages else None), tuple(messages[1:]), tuple(problems)

    def __enter__(self) -> ScannerProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._errors.close()

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

    def _ending(self, code: int | None, timeout: float) -> Problem | None:
        """How the child ended, if it did not end well."""
        if code == 0:
            return None
        if code is None:
            return Problem("scanner-timed-out", f"checkov's process was not done after {timeout:g} s and was ended")
        if code == -signal.SIGKILL:
            text = "checkov's process was killed (SIGKILL), as the kernel does when memory runs out"
        elif code < 0:
            text = f"checkov's process was ended by signal {signal.Signals(-code).name}"
        else:
            text = f"checkov's process ended with exit code {code}"
        return Problem("scanner-died", "\n".join([text, *self._last_errors()]))

    def _last_errors(self) -> Sequence[str]:
        """The end of what the child wrote to standard error."""
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return [f"  {line}" for line in lines[-5:]]

    def _messages(self) -> tuple[list[Message], Problem | None]:
        """The lines that the child wrote, as far as they are what it should write."""
        messages: list[Message] = []
        for line in bytes(self._output).splitlines():
            try:
                message = json.loads(line)
            except ValueError:
                message = None
            wanted = _KEYS if messages else _FIRST_KEYS
            if not isinstance(message, dict) or not (wanted <= message.keys() or "failed_scan" in message):
                shown = line[:80].decode(errors="replace")
                return messages, Problem("scanner-garbled", f"checkov's process wrote something else: {shown!r}")
            messages.append(message)
        return messages, None
