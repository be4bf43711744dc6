"""The archive that each server starts from is in the artifacts bucket, with its checksum beside it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from cli.core.preconditions.model import Judgement, Precondition, Reads, Subject, missing, ok

_ABSENT = ("NoSuchBucket",)


class ArtifactObjects(NamedTuple):
    """Which of the two objects are there."""

    archive: bool
    checksum: bool


def preconditions(subject: Subject) -> Iterator[Precondition[ArtifactObjects]]:
    """One for each server of the stack."""
    for server in servers(subject):
        yield Precondition(
            name=f"artifact of {server}",
            why="a server without its archive ends its start, and its scaling group replaces it for ever",
            actions=("s3:ListBucket",),
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


def _ask(subject: Subject, reads: Reads, *, server: str) -> ArtifactObjects:
    archive = key(subject, server)
    answer = reads.ask("s3", "list_objects_v2", absent=_ABSENT, Bucket=bucket(subject), Prefix=archive) or {}
    keys = {body["Key"] for body in answer.get("Contents", [])}
    return ArtifactObjects(archive in keys, f"{archive}.sha256" in keys)


def judge(subject: Subject, objects: ArtifactObjects, *, server: str) -> Judgement:
    """Whether both objects are there."""
    archive = key(subject, server)
    if objects.archive and objects.checksum:
        return ok(f"{archive}, with its checksum")
    lacking = [
        name for name, there in ((archive, objects.archive), (f"{archive}.sha256", objects.checksum)) if not there
    ]
    return missing(
        f"s3://{bucket(subject)} lacks {' and '.join(lacking)}", "put it there: docs/operations.md, Artifacts"
    )
