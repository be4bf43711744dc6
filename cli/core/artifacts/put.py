"""Putting an archive where its server looks. A version's content never changes: what is there is never replaced."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from cli.core.account.account import AwsRefused, aws_errors, error_code
from cli.core.artifacts.archive import Archive
from cli.core.artifacts.published import CHECKSUM, ArtifactBucket, archive_key, base64_checksum, expected_digests
from cli.core.base.digests import bytes_digest
from cli.core.base.errors import ExitCode, InfraError, Refusal
from cli.core.base.progress import ProgressReporter

_EXISTS = ("PreconditionFailed", "412")
_RACE = "ConditionalRequestConflict"
"""S3's answers to `If-None-Match: *`: the object is there; somebody is writing it right now (Amazon S3 API reference,
PutObject)."""


class OtherContent(Refusal, kind="other-content"):
    """The bucket or the release has another content under this version."""


class UploadConflict(InfraError, kind="upload-conflict", exit_code=ExitCode.LOCKED):
    """Somebody else uploads the same version right now."""


@dataclass(frozen=True)
class PutResult:
    """An archive that is in the bucket."""

    key: str
    digest: str
    size: int
    is_new: bool
    """Whether it was not there before."""


def put_archive(
    bucket: ArtifactBucket, archive: Archive, progress: ProgressReporter, *, server: str, version: str
) -> PutResult:
    """Put an archive and its checksum file under a version; the same content again changes nothing.

    First the archive, whose presence decides: a run that is interrupted between the two is repeated. Raises
    `OtherContent`, `UploadConflict`, and what `aws_errors` raises.
    """
    settings = bucket.account.settings
    expected = expected_digests(settings, version).get(server)
    if expected and expected != archive.digest:
        raise OtherContent(
            f"the release of {settings.environment} names sha256 {expected} for {server} {version}, and {archive.path} "
            f"has {archive.digest}: put the archive that the release was made with, or begin a release with another "
            "version"
        )
    key = archive_key(server, version)
    with UploadFile(archive, lambda percent: progress.step(f"uploading {key}: {percent} %")) as file:
        is_new = _put(bucket, key, file, digest=archive.digest, content_type="application/gzip")
    if not is_new:
        _require_same(bucket, archive, progress, server=server, version=version)
    text = f"{archive.digest}  {version}.tar.gz\n".encode()
    if not _put(bucket, key + CHECKSUM, io.BytesIO(text), digest=bytes_digest(text), content_type="text/plain"):
        published = bucket.published_checksum(server, version)
        if published != archive.digest:
            raise OtherContent(
                f"{key}{CHECKSUM} says {published!r}, and the archive has {archive.digest}: remove that file from "
                f"s3://{bucket.name} and run this again"
            )
    progress.clear()
    return PutResult(key, archive.digest, archive.size, is_new)


def _put(bucket: ArtifactBucket, key: str, body: Any, *, digest: str, content_type: str) -> bool:
    """Upload an object unless there is one; whether there was none. S3 refuses it when its content is not the digest's.

    One request, so S3 keeps the SHA-256 of the whole content: of an upload in parts it keeps one of the parts' digests.
    """
    with aws_errors():
        try:
            bucket.client.put_object(
                **bucket.arguments(key),
                Body=body,
                ChecksumAlgorithm="SHA256",
                ChecksumSHA256=base64_checksum(digest),
                ContentType=content_type,
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error_code(error) in _EXISTS:
                return False
            if error_code(error) == _RACE:
                raise UploadConflict(f"somebody else uploads {key} right now: run this again") from error
            if error_code(error) == "BadDigest":
                raise AwsRefused(f"the file changed while it was uploaded to {key}: run this again") from error
            raise
    return True


def _require_same(
    bucket: ArtifactBucket, archive: Archive, progress: ProgressReporter, *, server: str, version: str
) -> None:
    """Raise `OtherContent` unless what is in the bucket is the archive."""
    there = bucket.archive(server, version)
    digest = there.digest if there else ""
    if there is not None and not digest:
        progress.step(f"reading what is at {archive_key(server, version)}")
        digest = bucket.content_digest(server, version)
    if digest != archive.digest:
        raise OtherContent(
            f"{server} {version} of {bucket.account.settings.environment} is there with another content: sha256 "
            f"{digest}, and {archive.path} has {archive.digest}. A version never changes: give the build another one"
        )


class UploadFile(io.FileIO):
    """An archive that says how many percent of it have been read."""

    def __init__(self, archive: Archive, moved: Callable[[int], None]) -> None:
        super().__init__(archive.path, "rb")
        self._size = archive.size
        self._moved = moved
        self._percent = -1

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, and say where the file stands then, once per percent."""
        content = super().read(-1 if size is None else size)
        percent = self.tell() * 100 // self._size
        if percent != self._percent:
            self._percent = percent
            self._moved(percent)
        return content
