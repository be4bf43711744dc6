"""The bucket of the Terraform state exists and can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from cli.core.preconditions.model import Body, Judgement, Precondition, Reads, Subject, missing, ok


def preconditions(subject: Subject) -> Iterator[Precondition[Body | None]]:
    """Where the state is in S3."""
    if "s3" in subject.environment.get("terraform", {}).get("backend", {}):
        yield Precondition(
            name="state bucket",
            why="terraform keeps the state in it, and finds nothing without it",
            actions=("s3:ListBucket",),
            ask=_ask,
            judge=judge,
        )


def _ask(subject: Subject, reads: Reads) -> Body | None:
    bucket = subject.settings.state_bucket
    return reads.ask(
        "s3",
        "head_bucket",
        absent=("404", "NoSuchBucket"),
        Bucket=bucket,
        ExpectedBucketOwner=reads.account_id,
    )


def judge(subject: Subject, answer: Body | None) -> Judgement:
    """Whether there is an answer."""
    if answer is None:
        return missing(
            f"there is no bucket {subject.settings.state_bucket}",
            f"infra bootstrap {subject.settings.environment}, once per environment",
        )
    return ok(subject.settings.state_bucket)
