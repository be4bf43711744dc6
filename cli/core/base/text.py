"""Words that reports share."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def escaped(text: str) -> str:
    """Markdown: text that it takes for nothing else, also in a table."""
    for sign in "\\`*_{}[]<>|#$~":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def code(text: str) -> str:
    """Markdown: code, also in a table. Addresses and construct paths hold no backtick that would end it."""
    return f"`{text.replace('|', chr(92) + '|').replace('`', '')}`"


def cut(text: str, longest: int) -> str:
    """A text, cut at its end where it is long."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def cut_pair(before: str, after: str, longest: int) -> tuple[str, str]:
    """Two different texts, cut where they are long so that the first place where they differ stays."""
    if max(len(before), len(after)) <= longest:
        return before, after
    same = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), None)
    start = max(0, (min(len(before), len(after)) if same is None else same) - _CONTEXT)
    return _from(before, start, longest), _from(after, start, longest)


_CONTEXT = 20
"""Characters that are shown before the first one that differs."""


def _from(text: str, start: int, longest: int) -> str:
    return cut(f"...{text[start:]}" if start > 3 else text, longest)
