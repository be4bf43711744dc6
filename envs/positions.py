"""YAML text to plain data with the place of each value.

Only what settings need is read: mappings with text keys, lists, text, whole numbers, decimals, true, false,
null, as in the core schema of YAML 1.2. Anchors, aliases, merge keys and tags are refused, so a value is
always written where it is used, a file cannot grow when it is read, and a file can be rewritten key by key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from ruamel.yaml.reader import ReaderError

from envs.errors import Path, Problem, SettingsError, dotted, on_one_line, quoted, shortened

MOST_BYTES = 1 << 20
"""Largest file that is read: a hundred times what an environment needs."""
DEEPEST = 16
"""Deepest nesting that is read: four times what an environment needs."""

_LONGEST_NUMBER = 18
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class Place(NamedTuple):
    """Where a value stands in its file, both counted from 1, and how it is written there, shortened."""

    line: int
    column: int
    text: str


@dataclass(frozen=True)
class Document:
    """A file's data and the place of each of its values."""

    file: str
    data: dict[str, Any]
    values: dict[Path, Place]
    keys: dict[Path, Place]
    inherited: Mapping[Path, tuple[str, Place]] = field(default_factory=dict)
    """Of values that the file takes from another one: that file, and the place there."""

    def source(self, path: Path) -> tuple[str, Place]:
        """The file that a value comes from, and its place there; of the nearest value around it where none has it."""
        return self.inherited.get(path) or (self.file, self.value_place(path))

    def value_place(self, path: Path) -> Place:
        """The place of a value; of the nearest value around it when the file does not have it."""
        while path not in self.values:
            path = path[:-1]
        return self.values[path]

    def key_place(self, path: Path) -> Place:
        """The place of a value's key; of the value itself in a list."""
        return self.keys.get(path) or self.value_place(path)


def shown(value: object) -> str:
    """A value as YAML would write it, on one line and shortened."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, (list, tuple)):
        return shortened(f"[{', '.join(map(str, value))}]")
    return shortened(str(value))


def read(content: bytes, *, file: str) -> Document:
    """Read one YAML document whose root is a mapping.

    Raises ``SettingsError`` with what keeps the text from being read; it reports all duplicate keys at once.
    """
    if len(content) > MOST_BYTES:
        raise _refused(file, f"{len(content)} bytes", f"at most {MOST_BYTES} bytes")
    return _Reader(file).read(_decoded(content, file))


def _refused(
    file: str, received: str, allowed: str, hint: str = "", *, line: int = 0, column: int = 0
) -> SettingsError:
    return SettingsError([Problem(file, line, column, "", received, allowed, hint)])


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        raise _refused(
            file,
            f"byte 0x{content[error.start]:02x}, which is not UTF-8",
            "UTF-8 text",
            "Save the file as UTF-8.",
            line=before.count(b"\n") + 1,
            column=error.start - (before.rfind(b"\n") + 1) + 1,
        ) from None


def _written(event: ScalarEvent) -> str:
    text = str(event.value)
    if event.style is not None:
        return quoted(text)
    return on_one_line(text) if text else "nothing"


def _scalar(event: ScalarEvent) -> str | int | float | bool | None:
    text = str(event.value)
    if event.style is not None:
        return text
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _WHOLE.fullmatch(text) and len(text) <= _LONGEST_NUMBER:
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _NO_NUMBER.fullmatch(text):
        return float(text.replace(".", ""))
    return text


@dataclass
class _Level:
    """A mapping or list that is being read."""

    path: Path
    container: dict[str, Any] | list[Any]
    key: str | None = None
    """The key whose value comes next; None where a key is expected, and always in a list."""


@dataclass
class _Reader:
    """Builds the data from the parser's events, without recursion."""

    file: str
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    root: Any = None
    documents: int = 0

    def read(self, text: str) -> Document:
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                self._take(event)
        except ReaderError as error:
            before = text[: error.position]
            raise _refused(
                self.file,
                f"the character {text[error.position]!a}",
                "printable characters",
                line=before.count("\n") + 1,
                column=len(before) - before.rfind("\n"),
            ) from None
        except MarkedYAMLError as error:
            raise self._syntax(error, text) from None
        except YAMLError as error:
            raise _refused(self.file, f"text that is not YAML ({error})", "YAML") from None
        if self.problems:
            raise SettingsError(self.problems)
        if not isinstance(self.root, dict):
            received = "nothing" if self.root is None else "a list" if isinstance(self.root, list) else shown(self.root)
            raise _refused(self.file, received, "a mapping: lines such as `environment: dev`")
        return Document(self.file, self.root, self.values, self.keys)

    def _syntax(self, error: MarkedYAMLError, text: str) -> SettingsError:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        lines = text.split("\n")
        rest = lines[line - 1][column - 1 :] if 0 < line <= len(lines) else ""
        hint = "YAML is indented with spaces, not with tabs." if rest.startswith("\t") else ""
        what = " ".join(str(part) for part in (error.context, error.problem) if part)
        return _refused(self.file, f"text that is not YAML ({what})", "YAML", hint, line=line, column=column)

    def _take(self, event: object) -> None:
        match event:
            case StreamStartEvent() | StreamEndEvent() | DocumentEndEvent():
                return
            case DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise self._refuse(event, "a second YAML document", "one document", "Remove the line `---`.")
            case MappingEndEvent() | SequenceEndEvent():
                self.levels.pop()
            case AliasEvent():
                raise self._refuse(
                    event,
                    f"the alias *{event.anchor}",
                    "the value itself",
                    "Write it out; in quotes if it starts with *.",
                )
            case ScalarEvent() | MappingStartEvent() | SequenceStartEvent():
                self._take_node(event)

    def _take_node(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent) -> None:
        if event.anchor:
            raise self._refuse(
                event,
                f"the anchor &{event.anchor}",
                "the value itself",
                "Write the value out where it is used.",
            )
        if (event.tag is not None and not event.implicit) or (
            isinstance(event, ScalarEvent) and not any(event.implicit)
        ):
            raise self._refuse(event, "a tag", "the value itself", "Remove the word that starts with `!`.")
        level = self.levels[-1] if self.levels else None
        if level and isinstance(level.container, dict) and level.key is None:
            self._take_key(event, level)
            return
        if isinstance(event, ScalarEvent):
            self._add(event, level, _scalar(event), _written(event))
        elif len(self.levels) == DEEPEST:
            raise self._refuse(event, "a value nested too deeply", f"at most {DEEPEST} levels")
        else:
            container: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
            path = self._add(event, level, container, "a mapping" if isinstance(container, dict) else "a list")
            self.levels.append(_Level(path, container))

    def _take_key(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent, level: _Level) -> None:
        if not isinstance(event, ScalarEvent):
            raise self._refuse(event, "a mapping or list as a key", "text as a key")
        level.key = str(event.value)
        path = (*level.path, level.key)
        if path in self.keys:
            first = self.keys[path]
            self.problems.append(
                self._problem(
                    event,
                    f"the key a second time (first on line {first.line})",
                    "each key once",
                    key=dotted(path),
                )
            )
        self.keys.setdefault(path, self._place(event, on_one_line(level.key)))

    def _add(self, event: object, level: _Level | None, value: Any, text: str) -> Path:
        if level is None:
            path: Path = ()
            self.root = value
        elif isinstance(level.container, list):
            path = (*level.path, len(level.container))
            level.container.append(value)
        else:
            assert level.key is not None
            path = (*level.path, level.key)
            level.container[level.key] = value
            level.key = None
        self.values[path] = self._place(event, text)
        return path

    @staticmethod
    def _place(event: Any, text: str) -> Place:
        return Place(event.start_mark.line + 1, event.start_mark.column + 1, text)

    def _problem(self, event: Any, received: str, allowed: str, hint: str = "", *, key: str = "") -> Problem:
        line, column, _ = self._place(event, "")
        return Problem(self.file, line, column, key, received, allowed, hint)

    def _refuse(self, event: Any, received: str, allowed: str, hint: str = "") -> SettingsError:
        return SettingsError([*self.problems, self._problem(event, received, allowed, hint)])
