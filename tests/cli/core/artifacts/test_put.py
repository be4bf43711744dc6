"""Putting archives into a bucket of the sandbox: once, with what a server needs, and never another content."""

from __future__ import annotations

import hashlib
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.core.account.account import AwsRefused
from cli.core.artifacts.archive import Archive, read_archive
from cli.core.artifacts.published import ArtifactBucket, base64_checksum
from cli.core.artifacts.put import OtherContent, PutResult, put_archive
from cli.core.base.progress import ProgressReporter
from tests.support.archives import archive

KEY = "core-server/1.0.0.tar.gz"


class Steps(ProgressReporter):
    """The steps that were reported."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def step(self, text: str) -> None:
        """Keep a step."""
        self.texts.append(text)


def put(bucket: ArtifactBucket, archive: Archive, progress: ProgressReporter | None = None) -> PutResult:
    return put_archive(bucket, archive, progress or ProgressReporter(), server="core-server", version="1.0.0")


def stored(bucket: ArtifactBucket, key: str) -> bytes:
    """The content of an object."""
    content: bytes = bucket.client.get_object(Bucket=bucket.name, Key=key)["Body"].read()
    return content


def store(bucket: ArtifactBucket, key: str, content: bytes, **arguments: Any) -> None:
    """Put an object there as something else than the toolkit does."""
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=content, **arguments)


@pytest.fixture
def built(tmp_path: Path) -> Archive:
    return read_archive(archive(tmp_path / "core-server.tar.gz"))


@pytest.fixture
def other(tmp_path: Path) -> Archive:
    return read_archive(archive(tmp_path / "other.tar.gz", b"#!/bin/bash\n"))


def test_the_archive_and_its_checksum_are_where_a_server_looks(bucket: ArtifactBucket, built: Archive) -> None:
    result = put(bucket, built)
    assert result == PutResult(KEY, built.digest, built.size, is_new=True)
    assert hashlib.sha256(stored(bucket, KEY)).hexdigest() == built.digest
    assert stored(bucket, f"{KEY}.sha256") == f"{built.digest}  1.0.0.tar.gz\n".encode()


def test_s3_keeps_the_digest_of_the_whole_content(bucket: ArtifactBucket, built: Archive) -> None:
    put(bucket, built)
    published = bucket.archive("core-server", "1.0.0")
    assert published is not None
    assert published.digest == built.digest


def test_the_same_content_again_changes_nothing(bucket: ArtifactBucket, built: Archive) -> None:
    put(bucket, built)
    before = bucket.client.head_object(Bucket=bucket.name, Key=KEY)["LastModified"]
    assert not put(bucket, built).is_new
    assert bucket.client.head_object(Bucket=bucket.name, Key=KEY)["LastModified"] == before


def test_another_content_under_one_version_is_refused(bucket: ArtifactBucket, built: Archive, other: Archive) -> None:
    put(bucket, built)
    with pytest.raises(OtherContent, match=f"is there with another content: sha256 {built.digest}.*another one"):
        put(bucket, other)
    assert hashlib.sha256(stored(bucket, KEY)).hexdigest() == built.digest


def test_an_archive_without_a_digest_of_s3_is_compared(bucket: ArtifactBucket, built: Archive, other: Archive) -> None:
    store(bucket, KEY, built.path.read_bytes())
    assert not put(bucket, built).is_new
    assert stored(bucket, f"{KEY}.sha256").startswith(built.digest.encode())
    with pytest.raises(OtherContent, match="is there with another content"):
        put(bucket, other)


def test_a_put_that_was_interrupted_is_completed(bucket: ArtifactBucket, built: Archive) -> None:
    put(bucket, built)
    bucket.client.delete_object(Bucket=bucket.name, Key=f"{KEY}.sha256")
    assert not put(bucket, built).is_new
    assert stored(bucket, f"{KEY}.sha256").startswith(built.digest.encode())


def test_a_wrong_checksum_file_is_reported(bucket: ArtifactBucket, built: Archive) -> None:
    store(bucket, f"{KEY}.sha256", b"0000  1.0.0.tar.gz\n")
    with pytest.raises(OtherContent, match=r"1\.0\.0\.tar\.gz\.sha256 says '0000'.*remove that file"):
        put(bucket, built)


def test_a_file_that_changed_meanwhile_is_refused(bucket: ArtifactBucket, built: Archive, other: Archive) -> None:
    with pytest.raises(AwsRefused, match="the file changed while it was uploaded"):
        put(bucket, replace(built, digest=other.digest))
    assert bucket.archive("core-server", "1.0.0") is None


def test_what_the_release_does_not_name_is_refused(bucket: ArtifactBucket, built: Archive, other: Archive) -> None:
    settings = bucket.account.settings
    release = settings.release.model_copy(update={"artifacts": {"core-server": other.digest}})
    account = replace(bucket.account, settings=settings.model_copy(update={"release": release}))
    with pytest.raises(OtherContent, match=f"names sha256 {other.digest} for core-server 1.0.0"):
        put(ArtifactBucket(account, bucket.client), built)
    assert bucket.archive("core-server", "1.0.0") is None


def test_a_large_archive_is_streamed_and_reports_progress(bucket: ArtifactBucket, tmp_path: Path) -> None:
    path = archive(tmp_path / "large.tar.gz")
    with path.open("ab") as file:
        file.truncate(64 * 1024**2)
    steps = Steps()
    tracemalloc.start()
    try:
        built = read_archive(path)
        put(bucket, built, steps)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16 * 1024**2
    assert {f"uploading {KEY}: 50 %", f"uploading {KEY}: 100 %"} <= set(steps.texts)


def test_spellings_of_a_digest_are_the_same() -> None:
    assert base64_checksum("00" * 32) == "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
