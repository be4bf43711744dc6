"""Asking all preconditions at once, within a time limit."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

from cli.core.preconditions.model import (
    Judgement,
    NotAllowed,
    NotKnown,
    Precondition,
    PreconditionResult,
    PreconditionState,
    Reads,
    Subject,
)

TIME_LIMIT_SECONDS = 20.0
"""For all of it. Each request has its own, shorter limit."""


def run(
    preconditions: Sequence[Precondition[Any]],
    subject: Subject,
    reads: Reads,
    *,
    time_limit_seconds: float = TIME_LIMIT_SECONDS,
) -> tuple[PreconditionResult, ...]:
    """The result of each precondition, in their order. What takes too long is not known, and does not hold up the
    command: its thread ends with the process."""
    judgements: dict[int, Judgement | BaseException] = {}

    def answer(index: int, precondition: Precondition[Any]) -> None:
        try:
            judgements[index] = judge(precondition, subject, reads)
        except BaseException as error:  # raised again below, in the thread of the command
            judgements[index] = error

    threads = [
        threading.Thread(target=answer, args=(index, precondition), daemon=True)
        for index, precondition in enumerate(preconditions)
    ]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + time_limit_seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    late = Judgement(PreconditionState.UNKNOWN, f"no answer within {time_limit_seconds:g} s")
    results = []
    for index, precondition in enumerate(preconditions):
        judgement = judgements.get(index, late)
        if isinstance(judgement, BaseException):
            raise judgement
        results.append(_result(precondition, judgement))
    return tuple(results)


def judge(precondition: Precondition[Any], subject: Subject, reads: Reads) -> Judgement:
    """Ask one precondition, and judge the answer."""
    try:
        answer = precondition.ask(subject, reads)
    except NotAllowed as error:
        remedy = f"allow {', '.join(precondition.actions)}, or ask with other credentials"
        return Judgement(PreconditionState.NOT_ALLOWED, str(error), remedy)
    except NotKnown as error:
        return Judgement(PreconditionState.UNKNOWN, str(error))
    return precondition.judge(subject, answer)


def _result(precondition: Precondition[Any], judgement: Judgement) -> PreconditionResult:
    return PreconditionResult(
        name=precondition.name,
        state=judgement.state,
        found=judgement.found,
        why=precondition.why,
        remedy=judgement.remedy,
        is_fatal=judgement.is_fatal,
    )
