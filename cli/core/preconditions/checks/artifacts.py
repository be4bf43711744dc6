"""The archive that each server starts from is in the artifacts bucket, with its checksum beside it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from cli.core.preconditions.model import Judgement, Precondition, Reads, Subject, missing, ok, unknown

_ABSENT = ("NoSuchBucket",)


class ArtifactObjects(NamedTuple):
    """What is in the bucket for a server."""

    archive: bool
    checksum: bool
    digest: str = ""
    """SHA-256 of the archive's content, as S3 computed it; empty where nobody needs it or S3 does not know it."""


def preconditions(subject: Subject) -> Iterator[Precondition[ArtifactObjects]]:
    """One for each server of the stack."""
    for server in servers(subject):
        yield Precondition(
            name=f"artifact of {server}",
            why="a server without its archive ends its start, and its scaling group replaces it for ever",
            actions=("s3:ListBucket", *(("s3:GetObject",) if wanted_digest(subject, server) else ())),
            ask=partial(_ask, server=server),
            judge=partial(judge, server=server),
        )


def servers(subject: Subject) -> tuple[str, ...]:
    """The names of the servers: those of the launch templates, without the environment's prefix."""
    prefix = f"{subject.settings.project}-{subject.settings.environment}-"
    names = (str(body.get("name", "")) for body in subject.resources("aws_launch_template"))
    return tuple(sorted(name.removeprefix(prefix) for name in names if name.startswith(prefix)))


def bucket(subject: Subject) -> str:
    """The artifacts bucket, as modules/common/names.py names it."""
    settings = subject.settings
    return f"{settings.project}-{settings.environment}-artifacts-{settings.account_id}"


def key(subject: Subject, server: str) -> str:
    """The object key of a server's archive in this release."""
    return f"{server}/{subject.settings.release.application_version}.tar.gz"


def wanted_digest(subject: Subject, server: str) -> str:
    """The digest that the release names for a server; empty where the checksum file decides."""
    return next((value for name, value in subject.settings.release.artifacts.items() if name == server), "")


def _ask(subject: Subject, reads: Reads, *, server: str) -> ArtifactObjects:
    archive = key(subject, server)
    answer = reads.ask("s3", "list_objects_v2", absent=_ABSENT, Bucket=bucket(subject), Prefix=archive) or {}
    keys = {body["Key"] for body in answer.get("Contents", [])}
    objects = ArtifactObjects(archive in keys, f"{archive}.sha256" in keys)
    if not objects.archive or not wanted_digest(subject, server):
        return objects
    head = reads.ask("s3", "head_object", Bucket=bucket(subject), Key=archive, ChecksumMode="ENABLED") or {}
    return objects._replace(digest=base64.b64decode(head.get("ChecksumSHA256", "").partition("-")[0]).hex())


def judge(subject: Subject, objects: ArtifactObjects, *, server: str) -> Judgement:
    """Whether a server can start what is there: the content of the release, or one that its checksum file names."""
    archive, wanted = key(subject, server), wanted_digest(subject, server)
    remedy = f"infra artifact put {subject.settings.environment} {server} FILE"
    lacking = [] if objects.archive else [archive]
    if not objects.checksum and not wanted:
        lacking.append(f"{archive}.sha256")
    if lacking:
        return missing(f"s3://{bucket(subject)} lacks {' and '.join(lacking)}", remedy)
    if not wanted:
        return ok(f"{archive}, with its checksum")
    if not objects.digest:
        verify = f"infra artifact verify {subject.settings.environment} reads it"
        return unknown(f"S3 has no SHA-256 of {archive}", verify)
    if objects.digest != wanted:
        return missing(f"{archive} has SHA-256 {objects.digest}, the release {wanted}", remedy)
    return ok(f"{archive}, with the content of the release")
