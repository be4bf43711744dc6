"""Every environment in turn, as synthesized, and prod with other settings.

Importing `modules` here makes the bindings load fast before a test file imports them, which in its imports comes
first.
"""

from __future__ import annotations

import modules  # noqa: F401 (before the bindings: they load as the project loads them, whichever test comes first)

# isort: split

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from cdktf import App, TerraformStack

from envs.load import load
from envs.settings import Settings
from modules.common.names import Names
from modules.common.provider import add_provider
from tests.support.helpers import Document


@pytest.fixture(params=("dev", "staging", "prod"))
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def document(synthesized: Mapping[str, Document], environment: str) -> Document:
    return synthesized[environment]


@pytest.fixture
def settings(environment: str) -> Settings:
    return load(environment)


@pytest.fixture
def stack(tmp_path: Path) -> TerraformStack:
    """A stack with nothing in it but the provider."""
    stack = TerraformStack(App(outdir=str(tmp_path)), "stack")
    add_provider(stack, Names.of(load("dev")))
    return stack


@pytest.fixture
def synthesize(stack: TerraformStack, tmp_path: Path) -> Callable[[], Document]:
    """A function: the document of that stack."""

    def synthesize() -> Document:
        App.of(stack).synth()
        document: Document = json.loads((tmp_path / "stacks" / "stack" / "cdk.tf.json").read_bytes())
        return document

    return synthesize


@pytest.fixture(scope="session")
def prod_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """A function that synthesizes prod with some settings changed, each by its dotted key (`broker.engine`).

    The changed settings are validated like those of a file.
    """
    from main import synthesize

    def synthesized(changes: Mapping[str, Any]) -> Mapping[str, Any]:
        values = load("prod").model_dump()
        for key, value in changes.items():
            *parents, last = key.split(".")
            part = values
            for parent in parents:
                part = part[parent]
            part[last] = value
        directory = tmp_path_factory.mktemp("variant")
        synthesize([Settings.model_validate(values)], directory)
        document: Mapping[str, Any] = json.loads((directory / "stacks" / "prod" / "cdk.tf.json").read_bytes())
        return document

    return synthesized
