"""Environments changed by a few keys, read the way a file is."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from ruamel.yaml import YAML

from envs.errors import Problem, SettingsError
from envs.load import parse
from envs.settings import Settings
from tests.support.helpers import ENVIRONMENTS

REMOVED = object()
"""As a changed value: the key is taken out of the file."""


def changed_text(environment: str, changes: Mapping[str, Any]) -> bytes:
    """The text of an environment's file with the values at dotted keys (numbers are list indices) replaced."""
    yaml = YAML()
    yaml.representer.ignore_aliases = lambda _data: True  # environment files have no anchors
    data = yaml.load(ENVIRONMENTS / f"{environment}.yaml")
    for key, value in changes.items():
        *above, last = [int(step) if step.isdigit() else step for step in key.split(".")]
        node = data
        for step in above:
            node = node[step] if isinstance(step, int) else node.setdefault(step, {})
        if value is REMOVED:
            del node[last]
        elif isinstance(last, int) and last == len(node):
            node.append(value)
        else:
            node[last] = value
    buffer = io.StringIO()
    yaml.dump(data, buffer)
    return buffer.getvalue().encode()


@pytest.fixture
def removed() -> object:
    return REMOVED


@pytest.fixture
def settings_with() -> Callable[..., Settings]:
    """Settings of an environment (prod unless told otherwise) with the values at dotted keys replaced."""

    def read(changes: Mapping[str, Any], environment: str = "prod") -> Settings:
        return parse(changed_text(environment, changes), environment=environment, file=f"{environment}.yaml")

    return read


@pytest.fixture
def problems_with(settings_with: Callable[..., Settings]) -> Callable[..., tuple[Problem, ...]]:
    """What is wrong with an environment once the values at dotted keys are replaced; nothing when it is fine."""

    def read(changes: Mapping[str, Any], environment: str = "prod") -> tuple[Problem, ...]:
        try:
            settings_with(changes, environment)
        except SettingsError as error:
            return error.problems
        return ()

    return read


@pytest.fixture
def problems_in() -> Callable[[str | bytes], tuple[Problem, ...]]:
    """What is wrong with a text as the file of prod; nothing when it is fine."""

    def read(text: str | bytes) -> tuple[Problem, ...]:
        try:
            parse(text.encode() if isinstance(text, str) else text, environment="prod", file="prod.yaml")
        except SettingsError as error:
            return error.problems
        return ()

    return read
