"""The account of dev in a sandbox, and its bucket of artifacts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cli.core.account.account import Account
from cli.core.artifacts.published import ArtifactBucket
from tests.support.accounts import artifact_bucket, sandbox_account


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """The account, for a file of tests."""
    with sandbox_account(tmp_path_factory.mktemp("sandbox")) as account:
        yield account


@pytest.fixture
def bucket(account: Account) -> Iterator[ArtifactBucket]:
    """The bucket, empty for each test."""
    with artifact_bucket(account) as bucket:
        yield bucket
