"""Runs jobs in processes forked from this one, which has loaded everything: several at once, answers in their order.

A fork ends with its job, and its memory with it. What it writes to standard output or error, or how it dies, concerns
no other job: it is the answer to its own. On SIGTERM what is done is answered, and what is not is ended and answered as
such.
"""

from __future__ import annotations

import os
import selectors
import signal
import tempfile
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from cli.core.gate.protocol import ScanEnd, encode

_SHOWN_LINES = 5
_SHOWN_BYTES = 80
_CHUNK = 1 << 16


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(eq=False)
class _Fork:
    """A process at work on a job."""

    pid: int
    channel: int
    """What it answers is read from here."""
    errors: IO[bytes]
    """Its standard output and error."""
    output: bytearray = field(default_factory=bytearray)
    answer: bytes = b""
    """The line to pass on; empty while it works."""

    def end(self) -> None:
        """Wait for the process; its answer is what it wrote if that is one whole line and it ended well."""
        os.close(self.channel)
        _, status = os.waitpid(self.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == 0 and self.output.find(b"\n") == len(self.output) - 1 >= 0:
            self.answer = bytes(self.output)
        else:
            self.errors.seek(0)
            lines = self.errors.read().decode(errors="replace").strip().splitlines()
            output = self.output[:_SHOWN_BYTES].decode(errors="replace")
            self.answer = encode(ScanEnd(code=code, output=output, errors=tuple(lines[-_SHOWN_LINES:])))
        self.errors.close()


class _Stopped(Exception):
    """There is no more time."""


def _stop(_signal: int, _frame: object) -> None:
    raise _Stopped


_ENDED = encode(ScanEnd(code=0, output="", errors=(), is_timeout=True))


def serve(run: Callable[[bytes], bytes], results: int, most: int) -> None:
    """Answer the jobs on standard input, a line each, until its end, or until SIGTERM.

    ``run`` makes an answer of a job, in a fork in which ``results`` leads to this process; ``most`` forks work at once.
    """
    signal.signal(signal.SIGTERM, _stop)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    waiting: deque[bytes] = deque()
    unanswered: deque[_Fork] = deque()
    at_work: dict[int, _Fork] = {}
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(0, selectors.EVENT_READ)
        while selector.get_map():
            try:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})  # nowhere else: no answer is cut in two
                ready = selector.select()
                signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
            except _Stopped:
                for fork in at_work.values():
                    os.kill(fork.pid, signal.SIGKILL)
                write(results, b"".join(fork.answer or _ENDED for fork in unanswered) + _ENDED * len(waiting))
                return
            for key, _ in ready:
                chunk = os.read(key.fd, _CHUNK)
                if not chunk:
                    selector.unregister(key.fd)
                if key.fd == 0:
                    *jobs, rest = (rest + chunk).split(b"\n")
                    waiting += jobs
                elif chunk:
                    at_work[key.fd].output += chunk
                else:
                    at_work.pop(key.fd).end()
            while waiting and len(at_work) < most:
                fork = _start(run, waiting.popleft(), results)
                unanswered.append(fork)
                at_work[fork.channel] = fork
                selector.register(fork.channel, selectors.EVENT_READ)
            while unanswered and unanswered[0].answer:
                write(results, unanswered.popleft().answer)


def write(descriptor: int, data: bytes) -> None:
    """Write all of it."""
    while data:
        data = data[os.write(descriptor, data) :]


def _start(run: Callable[[bytes], bytes], job: bytes, results: int) -> _Fork:
    """Fork a process for a job. The other side never returns."""
    reading, writing = os.pipe()
    errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the fork has ended)
    pid = os.fork()
    if pid:
        os.close(writing)
        return _Fork(pid, reading, errors)
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(errors.fileno(), 1)
        os.dup2(errors.fileno(), 2)
        os.dup2(writing, results)
        os.close(writing)
        write(results, run(job))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
