"""How an apply in a sandbox is cut off at a given operation."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from cli.core.sandbox import process
from cli.core.sandbox.state_directory import StateDirectory

PATIENCE = 240.0
"""Seconds within which a thing that must happen has happened, on whatever machine."""


def tell(state_directory: StateDirectory, account_id: str, **faults: str) -> None:
    """Tell a sandbox, started where it is gone, what is to happen from now on, or that nothing is."""
    record = process.up(state_directory, account_id)
    process.ask(record, "faults", {"fail_at": None, "die_at": None, "hold_at": None, **faults})


def wait_until_held(state_directory: StateDirectory, run: subprocess.Popen[str]) -> bool:
    """Wait until a sandbox that was told to holds its clients; False when a run ended before that."""
    end = time.monotonic() + PATIENCE
    while run.poll() is None:
        record = state_directory.running()
        assert record is not None, "the sandbox is gone"
        if process.ask(record, "status")["hold_at"] == "now":
            return True
        assert time.monotonic() < end, "the sandbox was not asked for so many changes"
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def held(state_directory: StateDirectory, account_id: str, run: subprocess.Popen[str]) -> Iterator[bool]:
    """A run while the sandbox, told to before, holds its clients; whether it came so far. In the end all goes on."""
    try:
        yield wait_until_held(state_directory, run)
    finally:
        tell(state_directory, account_id)


def kill_provider(state_directory: StateDirectory, stack: str) -> None:
    """Kill the provider alone, of which terraform then learns that it does not answer."""
    group = int((state_directory.directory / ".infra" / stack / "running.lock").read_text())
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # a process that has ended
            process_id = int(command.parent.name)
            if b"terraform-provider-" in command.read_bytes() and os.getpgid(process_id) == group:
                os.kill(process_id, signal.SIGKILL)


def kill_terraform(state_directory: StateDirectory, stack: str) -> None:
    """Kill the terraform of a stack and its provider, as the kernel does when memory is short."""
    os.killpg(int((state_directory.directory / ".infra" / stack / "running.lock").read_text()), signal.SIGKILL)
