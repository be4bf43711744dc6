"""The gate's child process: checkov, with its built-in rules and ours, on what it is told to scan.

    python -m cli.core.gate.worker.scan RESULTS CHECKS

reads jobs from standard input, one JSON document per line, and writes to the file descriptor RESULTS first what it
loaded from the directory CHECKS and then an answer to each job. It decides nothing: it reports what checkov did, also
what checkov itself does not tell (rules that raised, results that are neither passed nor failed), and `verdict` judges.

What makes it fast changes no result (tests compare it with the stock command): checkov's imports start with the
process and are fewer (`left_out`), nothing is collected as garbage, debug messages are not formatted, JSON is read by
libyaml, and some functions of checkov's are replaced (`faster`).
"""

from __future__ import annotations

import contextlib
import datetime
import gc
import json
import logging
import os
import select
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from cli.core.gate.worker.import_stubs import leave_out
from cli.core.gate.worker.preparations import PREPARATIONS


class Errors(logging.Handler):
    """Collects what checkov logs as errors."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message, with the exception that it is about."""
        error = record.exc_info[1] if record.exc_info else None
        self.messages.append(record.getMessage() + (f": {type(error).__name__}: {error}" if error else ""))

    def take(self) -> list[str]:
        """What was logged since the last call."""
        messages, self.messages = self.messages, []
        return messages


def main(results: TextIO, checks: Path) -> None:
    """Load checkov and the rules, then answer jobs."""
    errors = Errors()
    logging.disable(logging.WARNING)
    leave_out()
    from cli.core.gate.worker.scanner import Scanner

    logging.getLogger().addHandler(errors)
    scanner = Scanner(checks)
    _say(results, {**scanner.loaded(), "errors": errors.take()})
    gc.freeze()
    for line in _lines():
        job = json.loads(line)
        answer: Mapping[str, Any]
        try:
            answer = scanner.scan(
                job["framework"],
                root=Path(job["root"]),
                files=[Path(file) for file in job["files"]],
                only=job["only"],
                skip=job["skip"],
                today=datetime.date.fromisoformat(job["today"]),
            )
        except Exception as error:  # told, so that the answers to other jobs are not lost with it
            answer = {"failed_scan": f"{type(error).__name__}: {error}"}
        _say(results, {**answer, "errors": errors.take()})


def _say(results: TextIO, message: Mapping[str, Any]) -> None:
    """Write a line."""
    results.write(json.dumps(message) + "\n")
    results.flush()


def _lines() -> Iterator[bytes]:
    """Standard input, line by line; while it has none, one after another of the preparations is made."""
    preparations = list(PREPARATIONS)
    held = b""
    while True:
        while preparations and not select.select([0], [], [], 0)[0]:
            with contextlib.suppress(Exception):  # what it is for will say so
                preparations.pop(0)()
        chunk = os.read(0, 1 << 16)
        *lines, held = (held + chunk).split(b"\n")
        yield from lines
        if not chunk:
            return


if __name__ == "__main__":
    gc.disable()
    with os.fdopen(int(sys.argv[1]), "w", encoding="utf-8") as channel:
        os.dup2(2, 1)  # what rules and libraries print does not mix with results
        main(channel, Path(sys.argv[2]))
    sys.stderr.flush()
    os._exit(0)  # without taking everything down piece by piece
