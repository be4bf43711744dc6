"""`.infra-check.yaml`: what a team asks of the gate, beside its Terraform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from cli.core.gate.model import RATINGS, OffRule, Severity
from cli.core.gate.packs import PACKS
from envs.errors import Problem, SettingsError, dotted
from envs.positions import Document, read

NAME: Final = ".infra-check.yaml"

_KEYS: Final[Mapping[str, str]] = {
    "packs": f"a list of packs: {', '.join(PACKS)}",
    "severity": f"one of {', '.join(RATINGS)}",
    "off": "a mapping: rule to the reason why it is not run",
    "private": "a list of words: what is private has one of them in its name or tags",
}
"""The keys, and what is allowed there."""


@dataclass(frozen=True)
class Profile:
    """What a file asks for. What it does not say is None or empty."""

    packs: tuple[str, ...] | None = None
    severity: Severity | None = None
    off: tuple[OffRule, ...] = ()
    private_words: tuple[str, ...] = ()


def profile_at(path: Path) -> Profile:
    """The profile in a directory, or beside a file; one that says nothing if there is none.

    Raises SettingsError with everything that is wrong with it, by line and key.
    """
    file = (path if path.is_dir() else path.parent) / NAME
    if not file.is_file():
        return Profile()
    return _profile(read(file.read_bytes(), file=str(file)))


def _profile(document: Document) -> Profile:
    problems = [*_unknown_keys(document), *_wrong_values(document)]
    if problems:
        raise SettingsError(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    data = document.data
    return Profile(
        packs=tuple(data["packs"]) if "packs" in data else None,
        severity=data.get("severity"),
        off=tuple(
            OffRule(rule, reason.strip(), f"{document.file}:{document.key_place(('off', rule)).line}")
            for rule, reason in data.get("off", {}).items()
        ),
        private_words=tuple(data.get("private", ())),
    )


def _unknown_keys(document: Document) -> Iterator[Problem]:
    for key in document.data:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, n=1)
            yield Problem(
                file=document.file,
                line=document.key_place((key,)).line,
                column=document.key_place((key,)).column,
                key=key,
                received="an unknown key",
                allowed=", ".join(_KEYS),
                hint=f"Did you mean {near[0]}?" if near else "",
            )


def _wrong_values(document: Document) -> Iterator[Problem]:
    data = document.data
    for path, is_right in _judged(data):
        if not is_right:
            line, column, text = document.value_place(path)
            allowed = "a reason: text that is not empty" if path[0] == "off" and len(path) > 1 else _KEYS[str(path[0])]
            yield Problem(
                file=document.file, line=line, column=column, key=dotted(path), received=text, allowed=allowed
            )


def _judged(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], bool]]:
    """Each value of a known key by its path, and whether it is allowed."""
    if "severity" in data:
        yield ("severity",), data["severity"] in RATINGS
    for key in ("packs", "private"):
        values = data.get(key, ["builtin"])
        yield (key,), isinstance(values, list) and bool(values)
        for index, value in enumerate(values if isinstance(values, list) else ()):
            yield (key, index), value in PACKS if key == "packs" else isinstance(value, str) and value.isalpha()
    off = data.get("off", {})
    yield ("off",), isinstance(off, dict)
    for rule, reason in off.items() if isinstance(off, dict) else ():
        yield ("off", rule), isinstance(reason, str) and bool(reason.strip())
