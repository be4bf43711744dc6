"""A sandbox that the tests of a file ask, and write to by AWS's own client library."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.inventory import client_of
from cli.core.preconditions.reader import AccountReader
from cli.core.sandbox import process
from cli.core.sandbox.state_directory import ServerRecord, StateDirectory
from tests.support.sandbox import ACCOUNT_ID, Client


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerRecord]:
    """A running sandbox of dev's account."""
    state_directory = StateDirectory(tmp_path_factory.mktemp("sandbox") / "dev")
    yield process.up(state_directory, ACCOUNT_ID)
    process.reset(state_directory)


@pytest.fixture(scope="module")
def reads(record: ServerRecord) -> AccountReader:
    """Asks the sandbox."""
    return AccountReader(ACCOUNT_ID, "us-east-1", sandbox_endpoint=record.endpoint)


@pytest.fixture(scope="module")
def client(record: ServerRecord) -> Client:
    """Writes to the sandbox."""
    return lambda service: client_of(record, service)
