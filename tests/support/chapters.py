"""Tests that are the chapters of a story: each continues where the one before it in the file ends."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

_PLAYED: dict[Callable[..., Any], BaseException | None] = {}
"""How each chapter ended in this process; None for passed."""


def is_chapter(item: pytest.Function) -> bool:
    """Whether a test is in a file that says `IS_STORY = True`, and has no parameters."""
    return getattr(item.module, "IS_STORY", False) and item.function in _chapters(item.module)


def play(item: pytest.Function) -> None:
    """Run a chapter after the chapters before it, each once: so any choice and any order of tests works."""
    chapters = _chapters(item.module)
    for chapter in chapters[: chapters.index(item.function) + 1]:
        if chapter not in _PLAYED:
            fixtures = {name: item._request.getfixturevalue(name) for name in inspect.signature(chapter).parameters}
            try:
                chapter(**fixtures)
                _PLAYED[chapter] = None
            except BaseException as error:
                _PLAYED[chapter] = error
        outcome = _PLAYED[chapter]
        if outcome is not None:
            raise outcome


def _chapters(module: ModuleType) -> list[Callable[..., Any]]:
    """The tests of a file that have no parameters, in its order."""
    tests = [value for name, value in vars(module).items() if name.startswith("test_")]
    return [test for test in tests if not any(mark.name == "parametrize" for mark in getattr(test, "pytestmark", ()))]
