"""What is wrong with settings, as data and as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys and list indices from the root of the settings to a value."""


def dotted(path: Path) -> str:
    """The path of a value as people write it, such as ``network.zones[2]``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one environment file."""

    file: str
    line: int
    """Line of the value (or of the part that lacks it), counted from 1; 0 when it is about the file as a
    whole."""
    column: int
    """Column on that line, counted from 1; 0 when ``line`` is."""
    key: str
    """Dotted path of the key, such as ``network.zones[2]``; empty when it is about the file or its text."""
    received: str
    """What was found, as it is written there, shortened."""
    allowed: str
    """What is allowed there, as a phrase."""
    hint: str = ""
    """How to put it right, as a sentence; may be empty."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        text = f"{place}: {self.key + ': ' if self.key else ''}received {self.received}; allowed: {self.allowed}"
        return f"{text}. {self.hint}" if self.hint else text


class SettingsError(Exception):
    """Settings that cannot be used. ``problems`` holds everything that is wrong, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
