"""A sandbox of its own for each test, and a client for any AWS service in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.inventory import client_of
from cli.core.sandbox import process
from cli.core.sandbox.state_directory import DIRECTORY_VARIABLE, ServerRecord, StateDirectory
from tests.support.sandbox import ACCOUNT_ID, Client


@pytest.fixture
def state_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StateDirectory]:
    """The place of dev's sandbox in a directory of its own; what was started there is stopped."""
    monkeypatch.setenv(DIRECTORY_VARIABLE, str(tmp_path / "sandbox"))
    state_directory = StateDirectory.of("dev")
    yield state_directory
    process.reset(state_directory)


@pytest.fixture
def record(state_directory: StateDirectory) -> ServerRecord:
    """A running sandbox."""
    return process.up(state_directory, ACCOUNT_ID)


@pytest.fixture(scope="session")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StateDirectory, ServerRecord]]:
    """A sandbox that no test stops; each test uses resources of its own."""
    state_directory = StateDirectory(tmp_path_factory.mktemp("sandbox") / "dev")
    yield state_directory, process.up(state_directory, ACCOUNT_ID)
    process.reset(state_directory)


@pytest.fixture
def shared(lasting: tuple[StateDirectory, ServerRecord]) -> Client:
    """Clients of the sandbox that no test stops."""
    return lambda service: client_of(lasting[1], service)
