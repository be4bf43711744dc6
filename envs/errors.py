"""What is wrong with settings, as data and as text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys and list indices from the root of the settings to a value."""


_LONGEST_SHOWN = 60


def dotted(path: Path) -> str:
    """The path of a value as people write it, such as ``network.zones[2]``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{on_one_line(step)}" for step in path).removeprefix(".")


def on_one_line(text: str) -> str:
    """A text as it can stand in a message: quoted when it is not plain, shortened when it is long."""
    return shortened(text) if text and text.isprintable() and text == text.strip() else quoted(text)


def quoted(text: str) -> str:
    """A text in quotes, with what is not printable escaped, shortened when it is long."""
    return shortened(json.dumps(text, ensure_ascii=not text.isprintable()))


def shortened(text: str) -> str:
    """A text cut to what a message has room for."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


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
