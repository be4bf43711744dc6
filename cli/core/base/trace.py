"""What a command does and how long each part takes: for `--verbose` and `--debug`, which show it.

Nothing is kept when nobody asked. Whoever shows it hides what looks like a secret.
"""

from __future__ import annotations

import logging
import shlex
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

TRACE = logging.getLogger("infra")
"""INFO for the steps of a command, DEBUG for the programs that it runs."""


@contextmanager
def traced_program(command: Sequence[str | Path], directory: Path | None = None) -> Iterator[None]:
    """Note that a program ran, for how long, and where if that is said. It runs as long as the context lasts."""
    started = time.monotonic()
    try:
        yield
    finally:
        note_program(command, started, directory)


def note_program(command: Sequence[str | Path], started: float, directory: Path | None = None) -> None:
    """Note that a program ran from ``started``, as `time.monotonic` had it, until now."""
    place = f"  in {directory}" if directory else ""
    TRACE.debug("%7.2f s  $ %s%s", time.monotonic() - started, shlex.join(map(str, command)), place)
