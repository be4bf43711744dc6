"""Environments by the names that people type."""

from __future__ import annotations

from cli.core.base.errors import UnknownEnvironment
from envs import load
from envs.settings import Settings


def load_settings(name: str) -> Settings:
    """The settings of an environment. Raises `UnknownEnvironment`, and `SettingsError` for an invalid file."""
    known = load.environments()
    if name not in known:
        raise UnknownEnvironment(name, known)
    return load.load(name)
