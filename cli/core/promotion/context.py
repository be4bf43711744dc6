"""What every step of a promotion uses."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from cli.core.base.progress import ProgressReporter
from cli.core.gate.gate import Gate
from cli.core.workspace.options import Options


@dataclass(frozen=True)
class Context:
    """What every step of a promotion uses."""

    gate: Gate
    options: Options
    progress: ProgressReporter
    now: datetime.datetime
