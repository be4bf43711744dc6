"""The status of a sandbox."""

from __future__ import annotations

from typing import Any

from cli.core.sandbox import process
from cli.core.sandbox.state_directory import StateDirectory
from cli.core.terraform.lockfile import LOCK_FILE, providers


def provider_version(state_directory: StateDirectory) -> str | None:
    """The version of the AWS provider that terraform took when it was last initialized here; None before that."""
    files = sorted(state_directory.stacks.glob(f"*/{LOCK_FILE}"), key=lambda path: path.stat().st_mtime)
    return providers(files[-1].parent).get("hashicorp/aws") if files else None


def status(environment: str) -> dict[str, Any]:
    """Whether a sandbox runs and where, what it remembers and which faults are set; for JSON."""
    state_directory = StateDirectory.of(environment)
    record = state_directory.running()
    data: dict[str, Any] = {
        "endpoint": record and record.endpoint,
        "pid": record and record.pid,
        "account_id": record and record.account_id,
        "remembers": state_directory.memory.exists(),
        "provider": provider_version(state_directory),
        "directory": str(state_directory.directory),
    }
    if record is not None:
        status = process.ask(record, "status")
        idle_seconds = status.pop("idle_seconds")
        data |= {"stops_in_minutes": round(record.idle_minutes - idle_seconds / 60, 1), **status}
    return data
