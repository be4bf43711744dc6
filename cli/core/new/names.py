"""Names that are given to additions: what is allowed, and the settings that they are checked against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, get_args

from ruamel.yaml import YAML

from cli.core.new.addition import Files
from cli.core.new.refusals import BadName
from envs.load import load
from envs.settings import Settings
from envs.settings.types import Spelling

_VERSIONS: Final = ("1.1", "1.2")
"""Versions of YAML: `no` and `on` are texts in the later one only."""

_LONGEST: Final = 200
"""Characters of a name that a file is called after, such as `test_topic_NAME.py`: file systems allow 255 bytes."""

_KINDS: Final = {"bool": "true or false", "null": "no value", "timestamp": "a date"}
"""What YAML takes texts without quotes for, by tag; the other tags are of numbers."""


def checked(spelling: Any, value: str, what: str) -> str:
    """A value of an annotated type. Raises `BadName` with what the type allows."""
    for rule in (each for each in get_args(spelling)[1:] if isinstance(each, Spelling)):
        try:
            rule.check(value)
        except ValueError:
            raise BadName(f"received the {what} {value!r}; allowed: {rule.allowed}") from None
    return value


def new_name(spelling: Any, name: str) -> str:
    """A name of a type, which YAML of either version reads as text without quotes, and files have. Raises `BadName`."""
    checked(spelling, name, "name")
    if len(name) > _LONGEST:
        raise BadName(
            f"received a name of {len(name)} characters; allowed: at most {_LONGEST}, for its test's file has it"
        )
    for version in _VERSIONS:
        reader = YAML(typ="safe", pure=True)
        reader.version = version
        kind = reader.compose(name).tag.rpartition(":")[2]
        if kind != "str":
            raise BadName(
                f"received the name {name!r}; allowed: a name that YAML reads as text; it takes this one for "
                f"{_KINDS.get(kind, 'a number')}"
            )
    return name


def existing(what: str, value: str, *, among: Sequence[Iterable[str]], hint: str = "") -> None:
    """Raise `BadName` where something is referred to that not every environment has, given what each one has."""
    names = sorted(set.intersection(*map(set, among)))
    if value not in names:
        raise BadName(f"received the {what} {value!r}; allowed: {', '.join(names)}{hint}")


def environments(files: Files) -> dict[str, Settings]:
    """The settings of every environment, by the path of its file. Raises `SettingsError`."""
    directory = files.root / "envs"
    return {path: load(Path(path).stem, directory=directory) for path in files.environments}
