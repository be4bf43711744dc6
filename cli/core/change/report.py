"""A change in the formats of `infra change`. Nothing is computed here."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cli.core.base.text import escaped
from cli.core.change.model import ChangeProof, Effect
from cli.core.change.text import acknowledgement, changes, examples, headlines

VERSION = 1
"""Of the JSON document."""

WIDTH = 80
_BAD = ("Opens", "May open", "Destroys", "May destroy")
_LONGEST = 60_000
"""Bytes; GitHub takes comments of 65,536 characters."""


def marker(name: str) -> str:
    """The first line of the Markdown, by which a comment is found again and replaced."""
    return f"<!-- infra-change: {name} -->"


def data(proof: ChangeProof) -> Mapping[str, Any]:
    """Everything, for programs."""
    return {
        "version": VERSION,
        "before": proof.before,
        "after": proof.after,
        "headlines": list(headlines(proof)),
        "cost": proof.cost,
        "proof": {**proof.data(), "digest": proof.digest()},
    }


def as_json(proof: ChangeProof) -> str:
    """Everything, for programs."""
    return json.dumps(data(proof), indent=2, ensure_ascii=False) + "\n"


def as_table(proof: ChangeProof) -> str:
    """For people, 80 columns wide: the first lines, then an example of all that opens."""
    lines = [*headlines(proof), *filter(None, [changes(proof)])]
    shown, more = examples(proof)
    for effect in shown:
        lines += ["", effect.text, *(f"  {line}" for line in effect.witness)] if effect.witness else []
    lines += ["", more] if more else []
    lines += ["", acknowledgement(proof)] if proof.id else []
    return "\n".join([*map(wrapped, [f"{proof.before} -> {proof.after}", *lines]), ""])


def wrapped(line: str, width: int = WIDTH) -> str:
    """A line of several, of which all but the first stand further in; names are not cut."""
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(
        line.strip(),
        width,
        initial_indent=indent,
        subsequent_indent=f"{indent}    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def as_markdown(proof: ChangeProof) -> str:
    """For a pull request: the first lines, then everything else folded."""
    head = list(markdown_headlines(proof))
    lines = [marker(proof.after), f"### {escaped(proof.before)} → {escaped(proof.after)}", "", *head, ""]
    return _short("\n".join([*lines, *markdown_details(proof, how_to_accept=acknowledgement(proof)), ""]))


def markdown_headlines(proof: ChangeProof) -> Iterator[str]:
    """The first lines, each a paragraph or the items below it."""
    for line in headlines(proof):
        is_item = line.startswith(" ")
        is_bad = line.startswith(("Opens", "May open", "Destroys", "May destroy")) and not line.startswith(
            "Opens nothing"
        )
        text = escaped(line)
        yield f"- {text}" if is_item else f"**{text}**  " if is_bad else f"{text}  "


def markdown_details(proof: ChangeProof, how_to_accept: str = "") -> Iterator[str]:
    """Examples of what opens, how to accept it where that is possible, and what differs, folded."""
    if proof.opens:
        shown, more = examples(proof)
        yield from _folded("How: one example of each", [*_witnesses(shown), *([more] if more else [])])
    if how_to_accept:
        yield from (escaped(how_to_accept), "")
    if proof.changed:
        yield from _folded(escaped(changes(proof)), [f"- `{each}`" for each in proof.changed])


def _witnesses(effects: Sequence[Effect]) -> list[str]:
    lines: list[str] = []
    for effect in effects:
        lines += [f"- {escaped(effect.text)}", "", "  ```", *(f"  {line}" for line in effect.witness), "  ```", ""]
    return lines


def _folded(title: str, lines: Sequence[str]) -> list[str]:
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>", ""]


def _short(text: str) -> str:
    """The text without what is folded, where it is too long for a comment."""
    if len(text.encode()) <= _LONGEST:
        return text
    return text.partition("<details>")[0] + "The rest is too long for a comment; `infra change` shows it.\n"


FORMATS: Mapping[str, Callable[[ChangeProof], str]] = {"table": as_table, "json": as_json, "markdown": as_markdown}
"""The formats by name."""
