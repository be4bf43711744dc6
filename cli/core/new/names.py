"""Names that are given to additions: what is allowed, and the settings that they are checked against."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from cli.core.new.addition import Files
from cli.core.new.refusals import BadName
from envs.load import load
from envs.settings import Settings
from envs.settings.types import Spelling


def checked(spelling: Any, value: str, what: str) -> str:
    """A value of an annotated type. Raises `BadName` with what the type allows."""
    for rule in (each for each in get_args(spelling)[1:] if isinstance(each, Spelling)):
        try:
            rule.check(value)
        except ValueError:
            raise BadName(f"received the {what} {value!r}; allowed: {rule.allowed}") from None
    return value


def new_name(spelling: Any, name: str) -> str:
    """A name of a type. Raises `BadName`."""
    return checked(spelling, name, "name")


def environments(files: Files) -> dict[str, Settings]:
    """The settings of every environment, by the path of its file. Raises `SettingsError`."""
    directory = files.root / "envs"
    return {path: load(Path(path).stem, directory=directory) for path in files.environments}
