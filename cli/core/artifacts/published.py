"""The archives in the bucket of an environment, as they are there: content, checksum file, what the release expects.

S3 computes the SHA-256 of an object that is uploaded with one, refuses it if they differ, and keeps it. So the content
of an archive is known without reading it. An archive that somebody uploaded without, or in several parts, is read.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from cli.core.account.account import Account, BucketMissing, aws_errors, error_code
from cli.core.base.progress import ProgressReporter
from envs.settings import Settings

ARCHIVE = ".tar.gz"
CHECKSUM = ".sha256"
_CHUNK = 1024 * 1024
_CHECKSUM_BYTES = 4096
"""Of a checksum file, as many are read."""


@dataclass(frozen=True)
class PublishedArchive:
    """An archive in the bucket."""

    server: str
    version: str
    size: int
    uploaded: datetime.datetime
    digest: str
    """SHA-256 of its content, as hexadecimal text; empty where S3 does not know it and nobody read the archive."""


@dataclass(frozen=True)
class ArtifactStatus:
    """Whether a server can start the archive of a version."""

    server: str
    key: str
    digest: str
    """SHA-256 of the archive; empty where there is none."""
    problem: str
    """What is wrong and what to do, for people; empty for nothing."""

    @property
    def is_ok(self) -> bool:
        """Whether a server can start it."""
        return not self.problem


def archive_key(server: str, version: str) -> str:
    """The key of an archive, where its server looks."""
    return f"{server}/{version}{ARCHIVE}"


@dataclass(frozen=True)
class ArtifactBucket:
    """The bucket of artifacts of an environment."""

    account: Account
    client: Any

    @classmethod
    def of(cls, account: Account) -> ArtifactBucket:
        """The bucket of an account's environment. Raises `BucketMissing`, and what `aws_errors` raises."""
        bucket = cls(account, account.client("s3"))
        with aws_errors():
            try:
                bucket.client.head_bucket(**bucket.arguments())
            except ClientError as error:
                if error_code(error) not in ("404", "NoSuchBucket"):
                    raise
                name, option = account.settings.environment, account.target.option
                raise BucketMissing(
                    f"the bucket of artifacts of {name}, {bucket.name}, does not exist: run infra bootstrap "
                    f"{name}{option}"
                ) from error
        return bucket

    @property
    def name(self) -> str:
        """The bucket's name."""
        return self.account.settings.artifacts_bucket

    def arguments(self, key: str | None = None) -> dict[str, str]:
        """What names the bucket, or an object in it, in a request. AWS refuses a bucket of another account."""
        names = {"Bucket": self.name, "ExpectedBucketOwner": self.account.settings.account_id}
        return names if key is None else {**names, "Key": key}

    def archives(self) -> Iterator[PublishedArchive]:
        """The archives of all servers, in the order of servers, the newest version first."""
        for server in self.account.settings.server_names:
            with aws_errors():
                pages = self.client.get_paginator("list_objects_v2").paginate(**self.arguments(), Prefix=f"{server}/")
                objects = [each for page in pages for each in page.get("Contents", ())]
            for each in sorted(objects, key=lambda item: item["LastModified"], reverse=True):
                version = each["Key"].removeprefix(f"{server}/").removesuffix(ARCHIVE)
                archive = self.archive(server, version) if each["Key"] == archive_key(server, version) else None
                if archive is not None:
                    yield archive

    def archive(self, server: str, version: str) -> PublishedArchive | None:
        """An archive, without reading it; None where there is none."""
        with aws_errors():
            try:
                head = self.client.head_object(**self.arguments(archive_key(server, version)), ChecksumMode="ENABLED")
            except ClientError as error:
                if error_code(error) in ("404", "NoSuchKey"):
                    return None
                raise
        return PublishedArchive(
            server=server,
            version=version,
            size=head["ContentLength"],
            uploaded=head["LastModified"],
            digest=hexadecimal(head.get("ChecksumSHA256", "")),
        )

    def content_digest(self, server: str, version: str) -> str:
        """The digest of an archive, by reading it in pieces."""
        digest = hashlib.sha256()
        with aws_errors():
            body = self.client.get_object(**self.arguments(archive_key(server, version)))["Body"]
            for chunk in body.iter_chunks(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def published_checksum(self, server: str, version: str) -> str | None:
        """The first word of the file beside an archive, as a server reads it; None where there is no file."""
        with aws_errors():
            try:
                answer = self.client.get_object(**self.arguments(archive_key(server, version) + CHECKSUM))
            except ClientError as error:
                if error_code(error) in ("404", "NoSuchKey"):
                    return None
                raise
            text: str = answer["Body"].read(_CHECKSUM_BYTES).decode(errors="replace")
        return text.split(" ", 1)[0].strip()


def artifact_statuses(
    account: Account,
    version: str,
    progress: ProgressReporter,
    *,
    expected: Mapping[str, str],
    servers: Sequence[str] | None = None,
    is_downloading: bool = False,
) -> tuple[ArtifactStatus, ...]:
    """Whether each server can start a version: the archive is there, and its checksum file says the same.

    ``expected`` are the digests that a release names, by server (`expected_digests`). ``is_downloading`` reads every
    archive instead of taking S3's word. Raises `BucketMissing`, and what `aws_errors` raises.
    """
    bucket = ArtifactBucket.of(account)
    statuses = []
    for server in servers or account.settings.server_names:
        progress.step(f"looking at {archive_key(server, version)}")
        archive = bucket.archive(server, version)
        digest = archive.digest if archive else ""
        if archive and (is_downloading or not digest):
            progress.step(f"reading {archive_key(server, version)}")
            digest = bucket.content_digest(server, version)
        checksum = bucket.published_checksum(server, version)
        put = f"infra artifact put {account.settings.environment} {server} FILE{account.target.option}"
        problem = _problem(put, archive, digest=digest, checksum=checksum, expected=expected.get(server, ""))
        statuses.append(ArtifactStatus(server, archive_key(server, version), digest, problem))
    progress.clear()
    return tuple(statuses)


def expected_digests(settings: Settings, version: str) -> Mapping[str, str]:
    """The digests that the release of an environment names for a version, by server; none for another version."""
    release = settings.release
    return release.artifacts if version == release.application_version else {}


def _problem(put: str, archive: PublishedArchive | None, *, digest: str, checksum: str | None, expected: str) -> str:
    """What keeps a server from starting an archive, and what to do; empty for nothing."""
    if archive is None:
        return f"not there; {put}"
    if archive.digest and digest != archive.digest:
        return f"its content has sha256 {digest}, and S3 keeps {archive.digest} for it"
    if expected and expected != digest:
        return f"its content has sha256 {digest}, and the release names {expected}"
    if checksum is None:
        return f"{CHECKSUM} is missing beside it; {put} with the same archive adds it"
    if checksum != digest:
        return f"{CHECKSUM} beside it says {checksum[:64]!r}; remove that, and {put} with the same archive adds it"
    return ""


def hexadecimal(checksum: str) -> str:
    """S3's SHA-256 of an object as hexadecimal text; empty for none, and for one of parts (`...-3`), which is no digest
    of the content."""
    try:
        decoded = base64.b64decode(checksum, validate=True)
    except binascii.Error:
        return ""
    return decoded.hex() if len(decoded) == hashlib.sha256().digest_size else ""


def base64_checksum(digest: str) -> str:
    """A digest as S3 spells it."""
    return base64.b64encode(bytes.fromhex(digest)).decode()
