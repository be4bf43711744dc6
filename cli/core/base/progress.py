"""Progress messages: what core functions report while they work, and whoever shows it implements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ProgressReporter:
    """Receives progress messages. This one drops them; the command line has one that prints them."""

    def step(self, text: str) -> None:
        """A step begins."""

    def clear(self) -> None:
        """The step is over; a line that showed it becomes empty."""

    def note(self, text: str) -> None:
        """A message that stays on the screen."""

    def event(self, event: Mapping[str, Any]) -> None:
        """An event of a terraform command, as `terraform ... -json` prints it."""

    def interrupted(self, is_passed_on: bool) -> None:
        """A signal came while terraform runs; whether it was passed on."""
