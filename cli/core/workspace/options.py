"""How to run terraform. Nothing slow is imported here: the command line starts with it."""

from __future__ import annotations

from dataclasses import dataclass

from cli.core.base.target import Target


@dataclass(frozen=True)
class Options:
    """How to run terraform."""

    target: Target = Target.AWS
    lock_timeout_seconds: int = 0
    """How long to wait for the lock of the state."""
    parallelism: int | None = None
    """Operations at a time; None: the default of the target."""
    arguments: tuple[str, ...] = ()
    """Passed on to terraform plan."""
