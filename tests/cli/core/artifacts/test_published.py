"""Whether servers can start what is in the bucket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from cli.core.account.account import BucketMissing
from cli.core.artifacts.archive import Archive, read_archive
from cli.core.artifacts.published import (
    ArtifactBucket,
    ArtifactStatus,
    artifact_statuses,
    expected_digests,
    hexadecimal,
)
from cli.core.artifacts.put import put_archive
from cli.core.base.progress import ProgressReporter
from envs.load import load
from envs.settings.servers import SERVER_NAMES
from tests.support.archives import archive

KEY = "core-server/1.0.0.tar.gz"


@pytest.fixture
def built(bucket: ArtifactBucket, tmp_path: Path) -> Archive:
    """The archive of every server, in the bucket."""
    built = read_archive(archive(tmp_path / "server.tar.gz"))
    for server in SERVER_NAMES:
        put_archive(bucket, built, ProgressReporter(), server=server, version="1.0.0")
    return built


def statuses(
    bucket: ArtifactBucket, expected: Mapping[str, str] | None = None, *, is_downloading: bool = False
) -> tuple[ArtifactStatus, ...]:
    return artifact_statuses(
        bucket.account, "1.0.0", ProgressReporter(), expected=expected or {}, is_downloading=is_downloading
    )


@pytest.mark.parametrize("is_downloading", [False, True])
def test_what_was_put_can_be_started(bucket: ArtifactBucket, built: Archive, is_downloading: bool) -> None:
    found = statuses(bucket, {"core-server": built.digest}, is_downloading=is_downloading)
    assert [(status.server, status.digest, status.problem) for status in found] == [
        (server, built.digest, "") for server in SERVER_NAMES
    ]


def test_an_archive_that_is_not_there_comes_with_the_command(bucket: ArtifactBucket) -> None:
    first = statuses(bucket)[0]
    assert (first.is_ok, first.key) == (False, KEY)
    assert first.problem == "not there; infra artifact put dev core-server FILE --sandbox"


def test_an_archive_without_a_checksum_file_is_a_problem(bucket: ArtifactBucket, built: Archive) -> None:
    bucket.client.delete_object(Bucket=bucket.name, Key=f"{KEY}.sha256")
    assert statuses(bucket)[0].problem.startswith(".sha256 is missing beside it")


def test_a_checksum_file_that_says_something_else_is_a_problem(bucket: ArtifactBucket, built: Archive) -> None:
    bucket.client.put_object(Bucket=bucket.name, Key=f"{KEY}.sha256", Body=b"0000  x")
    assert statuses(bucket)[0].problem.startswith(".sha256 beside it says '0000'")


def test_another_digest_than_the_release_s_is_a_problem(bucket: ArtifactBucket, built: Archive) -> None:
    problem = statuses(bucket, {"core-server": "0" * 64})[0].problem
    assert problem == f"its content has sha256 {built.digest}, and the release names {'0' * 64}"


def test_an_archive_that_s3_has_no_digest_of_is_read(bucket: ArtifactBucket, built: Archive) -> None:
    bucket.client.put_object(Bucket=bucket.name, Key=KEY, Body=built.path.read_bytes())
    assert bucket.archive("core-server", "1.0.0").digest == ""  # type: ignore[union-attr]
    assert statuses(bucket)[0] == ArtifactStatus("core-server", KEY, built.digest, "")


def test_archives_are_listed_by_server_and_the_newest_first(bucket: ArtifactBucket, built: Archive) -> None:
    put_archive(bucket, built, ProgressReporter(), server="event-store", version="1.1.0")
    bucket.client.put_object(Bucket=bucket.name, Key="event-store/notes.txt", Body=b"")
    found = [(archive.server, archive.version) for archive in bucket.archives()]
    assert [server for server, _ in found] == [
        "core-server",
        "ordering-server",
        *2 * ["event-store"],
        "purchase-gateway",
    ]
    assert {version for server, version in found if server == "event-store"} == {"1.0.0", "1.1.0"}


def test_a_bucket_that_is_not_there_names_the_bootstrap(bucket: ArtifactBucket) -> None:
    elsewhere = bucket.account.settings.model_copy(update={"project": "others"})
    with pytest.raises(
        BucketMissing, match=r"others-dev-artifacts-1{12}, does not exist: run infra bootstrap dev --san"
    ):
        ArtifactBucket.of(replace(bucket.account, settings=elsewhere))


def test_a_release_names_digests_of_its_own_version_only() -> None:
    settings = load("dev")
    release = settings.release.model_copy(update={"artifacts": {"core-server": "0" * 64}})
    settings = settings.model_copy(update={"release": release})
    assert expected_digests(settings, "1.0.0") == {"core-server": "0" * 64}
    assert expected_digests(settings, "1.0.1") == {}


@pytest.mark.parametrize("checksum", ["", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=-3", "?"])
def test_a_checksum_of_parts_is_no_digest(checksum: str) -> None:
    assert hexadecimal(checksum) == ""
