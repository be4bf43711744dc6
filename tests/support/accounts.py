"""The account of dev in a sandbox, for tests that ask AWS."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.core.account.account import Account, open_account
from cli.core.artifacts.published import ArtifactBucket
from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.sandbox import process
from cli.core.sandbox.state_directory import DIRECTORY_VARIABLE, StateDirectory
from envs.load import load


@contextlib.contextmanager
def sandbox_account(directory: Path) -> Iterator[Account]:
    """The account of dev in a sandbox of its own, which is gone afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DIRECTORY_VARIABLE, str(directory))
        patch.setenv("AWS_PROFILE", "of-a-shell")  # is neither used nor seen
        state_directory = StateDirectory.of("dev")
        yield open_account(load("dev"), Target.SANDBOX, ProgressReporter())
        process.reset(state_directory)


@contextlib.contextmanager
def artifact_bucket(account: Account) -> Iterator[ArtifactBucket]:
    """The bucket of artifacts, which is gone afterwards."""
    client, name = account.client("s3"), account.settings.artifacts_bucket
    client.create_bucket(Bucket=name)
    yield ArtifactBucket.of(account)
    for item in client.list_objects_v2(Bucket=name).get("Contents", ()):
        client.delete_object(Bucket=name, Key=item["Key"])
    client.delete_bucket(Bucket=name)
