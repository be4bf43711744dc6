"""Environments by the names that people type."""

from __future__ import annotations

from collections.abc import Sequence

from cli.core.base.errors import NoCheckout, UnknownEnvironment
from cli.core.base.project import IS_CHECKOUT
from envs import load
from envs.settings import Settings


def load_settings(name: str) -> Settings:
    """The settings of an environment. Raises `UnknownEnvironment`, and `SettingsError` for an invalid file."""
    (selected,) = select_environments([name])
    return load.load(selected)


def select_environments(names: Sequence[str]) -> tuple[str, ...]:
    """The environments of these names, each once and in the order of promotion; all of them when there is no name.

    Raises `UnknownEnvironment`, `NoCheckout`, and `SettingsError` for a file that ends in .yml.
    """
    if not IS_CHECKOUT:
        raise NoCheckout(f"there is nothing at the path {names[0]!r}" if names else "there is no path")
    known = load.environments()
    for name in names:
        if name not in known:
            if name in {path.stem for path in load.DIRECTORY.glob("*.yml")}:
                load.load(name)
            raise UnknownEnvironment(name, known)
    return tuple(name for name in known if not names or name in names)


def load_selected(names: Sequence[str]) -> tuple[Settings, ...]:
    """The settings of the environments of these names, of all of them when there is no name.

    All of them are checked beside each other too. Raises `UnknownEnvironment`, and `SettingsError` for invalid files.
    """
    selected = select_environments(names)
    return load.load_all() if selected == load.environments() else tuple(map(load.load, selected))
