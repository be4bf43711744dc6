"""Every environment, one after the other."""

from collections.abc import Mapping

import pytest

from envs.load import load
from envs.settings import Settings
from tests.support.helpers import Document


@pytest.fixture(params=["dev", "staging", "prod"])
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def document(synthesized: Mapping[str, Document], environment: str) -> Document:
    return synthesized[environment]


@pytest.fixture
def settings(environment: str) -> Settings:
    return load(environment)
