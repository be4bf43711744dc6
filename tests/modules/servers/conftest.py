"""Every environment, one after the other."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

import pytest

from envs.load import load
from envs.settings import Settings
from tests.support.helpers import Document
from tests.support.servers import SERVERS, Server


@pytest.fixture(params=["dev", "staging", "prod"])
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def document(synthesized: Mapping[str, Document], environment: str) -> Document:
    return synthesized[environment]


@pytest.fixture
def settings(environment: str) -> Settings:
    return load(environment)


@pytest.fixture(params=SERVERS, ids=lambda server: server.name)
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.param
    return found


@pytest.fixture
def server_settings(settings: Settings, server: Server) -> Any:
    return reduce(getattr, server.settings.split("."), settings)
