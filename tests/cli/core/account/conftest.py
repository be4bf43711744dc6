"""The account of dev in a sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cli.core.account.account import Account
from tests.support.accounts import sandbox_account


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """The account, for a file of tests."""
    with sandbox_account(tmp_path_factory.mktemp("sandbox")) as account:
        yield account
