"""Every server template in turn, with its settings."""

from functools import reduce
from typing import Any

import pytest

from envs.settings import Settings
from tests.support.servers import SERVERS, Server


@pytest.fixture(params=SERVERS, ids=lambda server: server.name)
def server(request: pytest.FixtureRequest) -> Server:
    template: Server = request.param
    return template


@pytest.fixture
def server_settings(settings: Settings, server: Server) -> Any:
    return reduce(getattr, server.settings.split("."), settings)
