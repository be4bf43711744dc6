"""The gate's worker: checkov, with its built-in rules and ours, on what it is told to scan.

    python -m cli.core.gate.worker.scan RESULTS CHECKS

writes to the file descriptor RESULTS first what it loaded from the directory CHECKS and then an answer to each job on
standard input; `protocol` says what these look like. It decides nothing: it reports what checkov did, also what checkov
itself does not tell (rules that raised, results that are neither passed nor failed), and `verdict` judges.

What makes it fast changes no result (tests compare it with the stock command): jobs run in forks, one more than there
are processors, so that none is idle at the end; small root modules share a fork; garbage is collected seldom, since a
fork ends with its jobs, and often enough that a large one ends at all; debug messages are not formatted; and five
patches of checkov, each with its price on top: `import_stubs`, `json_runner`, `json_paths`, `evaluations`,
`module_files`.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from dataclasses import replace
from pathlib import Path

from cli.core.gate.protocol import ScanFailure, decode_job, encode
from cli.core.gate.worker.forks import processors, serve, write
from cli.core.gate.worker.import_stubs import install_stubs
from policies.library.rule import described
from policies.library.terraform.inputs import BadInput

_SELDOM = 50_000
"""Objects that are made between two collections of garbage: seventy times Python's default, at no cost in time."""


class Errors(logging.Handler):
    """Collects what checkov logs as errors."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message, with the exception that it is about."""
        error = record.exc_info[1] if record.exc_info else None
        self.messages.append(record.getMessage() + (f": {described(error)}" if error else ""))


def main(results: int, checks: Path) -> None:
    """Load checkov and the rules, then answer jobs."""
    logging.disable(logging.WARNING)
    install_stubs()
    from cli.core.gate.worker.scanner import Scanner  # imports checkov, from which the stubs keep modules out

    errors = Errors()
    logging.getLogger().addHandler(errors)
    scanner = Scanner(checks)
    write(results, encode(scanner.loaded(errors.messages)))

    def run(job: bytes) -> bytes:
        gc.enable()
        errors.messages.clear()
        try:
            return encode(replace(scanner.scan(decode_job(job)), errors=tuple(errors.messages)))
        except BadInput as error:
            return encode(ScanFailure(error=str(error), is_input=True))
        except Exception as error:
            return encode(ScanFailure(error=f"{type(error).__name__}: {error}"))

    gc.freeze()
    gc.set_threshold(_SELDOM, 10, 10)
    serve(run, results, most=processors() + 1)


if __name__ == "__main__":
    gc.disable()
    os.dup2(2, 1)  # what rules and libraries print does not mix with results
    main(int(sys.argv[1]), Path(sys.argv[2]))
    sys.stderr.flush()
    os._exit(0)  # without taking everything down piece by piece
