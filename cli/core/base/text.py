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
