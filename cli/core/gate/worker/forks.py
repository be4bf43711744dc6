"""Runs jobs in processes forked from this one, which has loaded everything: several at once, answers in their order.

A fork ends with its batch of jobs, and its memory with it. What it writes to standard output or error, or how it dies,
concerns no other job: a batch in which that happens is run again, each job in a fork of its own, and there it is the
answer to the job. On SIGTERM what is done is answered, and what is not is ended and answered as such.
"""

from __future__ import annotations

import os
import selectors
import signal
import tempfile
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from cli.core.gate.protocol import BETWEEN_JOBS, ScanEnd, encode

_SHOWN_LINES = 5
_SHOWN_BYTES = 80
_CHUNK = 1 << 16


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(eq=False)
class _Fork:
    """A process at work on a batch of jobs."""

    pid: int
    channel: int
    """What it answers is read from here."""
    errors: IO[bytes]
    """Its standard output and error."""
    jobs: Sequence[int]
    """The numbers of its jobs."""
    output: bytearray = field(default_factory=bytearray)

    def answers(self) -> Mapping[int, bytes]:
        """A line for each job that it has answered, by the job's number."""
        lines = bytes(self.output).splitlines(keepends=True)
        return dict(zip(self.jobs, (line for line in lines if line.endswith(b"\n")), strict=False))

    def end(self) -> Mapping[int, bytes]:
        """Wait for the process; its answers if it wrote a whole line for each job and ended well.

        None otherwise, and for a single job how it ended.
        """
        os.close(self.channel)
        _, status = os.waitpid(self.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        with self.errors:
            if code == 0 and self.output.endswith(b"\n") and self.output.count(b"\n") == len(self.jobs):
                return self.answers()
            if len(self.jobs) > 1:
                return {}
            self.errors.seek(0)
            lines = self.errors.read().decode(errors="replace").strip().splitlines()
            output = self.output[:_SHOWN_BYTES].decode(errors="replace")
            return {self.jobs[0]: encode(ScanEnd(code=code, output=output, errors=tuple(lines[-_SHOWN_LINES:])))}


class _Queue:
    """Jobs in their order, and their answers."""

    def __init__(self) -> None:
        self._jobs: list[bytes] = []
        self._answers: dict[int, bytes] = {}
        self._written = 0
        self._waiting: deque[Sequence[int]] = deque()

    def add(self, batch: bytes) -> None:
        """Take in a line of jobs."""
        jobs = batch.split(BETWEEN_JOBS)
        self._waiting.append(range(len(self._jobs), len(self._jobs) + len(jobs)))
        self._jobs += jobs

    def take(self) -> Mapping[int, bytes]:
        """The next batch, by the numbers of the jobs; nothing if none waits."""
        return {number: self._jobs[number] for number in self._waiting.popleft()} if self._waiting else {}

    def end(self, fork: _Fork) -> None:
        """Take in what a process answered that has ended; without an answer, its jobs are next, one by one."""
        answers = fork.end()
        self._answers.update(answers)
        if not answers:
            self._waiting.extendleft([number] for number in reversed(fork.jobs))

    def kill(self, forks: Iterable[_Fork]) -> None:
        """End processes, and answer all jobs."""
        for fork in forks:
            os.kill(fork.pid, signal.SIGKILL)
            self._answers.update(fork.answers())
        for number in range(self._written, len(self._jobs)):
            self._answers.setdefault(number, _ENDED)

    def ready(self) -> bytes:
        """The answers that are next in order, each once."""
        ready = []
        while self._written in self._answers:
            ready.append(self._answers.pop(self._written))
            self._written += 1
        return b"".join(ready)


class _Stopped(Exception):
    """There is no more time."""


def _stop(_signal: int, _frame: object) -> None:
    raise _Stopped


_ENDED = encode(ScanEnd(code=0, output="", errors=(), is_timeout=True))


def serve(run: Callable[[bytes], bytes], results: int, most: int) -> None:
    """Answer the jobs on standard input, until its end, or until SIGTERM. A line there is a batch of them.

    ``run`` makes an answer of a job, in a fork in which ``results`` leads to this process; ``most`` forks work at once.
    """
    signal.signal(signal.SIGTERM, _stop)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    queue = _Queue()
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
                queue.kill(at_work.values())
                write(results, queue.ready())
                return
            for key, _ in ready:
                chunk = os.read(key.fd, _CHUNK)
                if not chunk:
                    selector.unregister(key.fd)
                if key.fd == 0:
                    *batches, rest = (rest + chunk).split(b"\n")
                    for batch in batches:
                        queue.add(batch)
                elif chunk:
                    at_work[key.fd].output += chunk
                else:
                    queue.end(at_work.pop(key.fd))
            while len(at_work) < most and (jobs := queue.take()):
                fork = _start(run, jobs, results)
                at_work[fork.channel] = fork
                selector.register(fork.channel, selectors.EVENT_READ)
            write(results, queue.ready())


def write(descriptor: int, data: bytes) -> None:
    """Write all of it."""
    while data:
        data = data[os.write(descriptor, data) :]


def _start(run: Callable[[bytes], bytes], jobs: Mapping[int, bytes], results: int) -> _Fork:
    """Fork a process for jobs. The other side never returns."""
    reading, writing = os.pipe()
    errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the fork has ended)
    pid = os.fork()
    if pid:
        os.close(writing)
        return _Fork(pid, reading, errors, tuple(jobs))
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(errors.fileno(), 1)
        os.dup2(errors.fileno(), 2)
        os.dup2(writing, results)
        os.close(writing)
        for job in jobs.values():
            write(results, run(job))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
