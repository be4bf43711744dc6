"""The credentials belong to the environment's account."""

from __future__ import annotations

from collections.abc import Iterator

from cli.core.preconditions.model import Judgement, Precondition, Reads, Subject, missing, ok

NAME = "account"


def preconditions(_: Subject) -> Iterator[Precondition[str]]:
    """Always."""
    yield Precondition(
        name=NAME,
        why="what is applied to another account is in the wrong place; the provider refuses it",
        actions=("sts:GetCallerIdentity",),
        ask=ask,
        judge=judge,
    )


def ask(_: Subject, reads: Reads) -> str:
    """The account of the credentials."""
    answer = reads.ask("sts", "get_caller_identity")
    assert answer is not None
    return str(answer["Account"])


def judge(subject: Subject, account_id: str) -> Judgement:
    """Compare the account of the credentials with that of the settings."""
    wanted = subject.settings.account_id
    if account_id == wanted:
        return ok(wanted)
    return missing(
        f"the credentials belong to {account_id}, the environment to {wanted}",
        f"take credentials of {wanted}, or correct account_id in envs/{subject.settings.environment}.yaml",
    )
