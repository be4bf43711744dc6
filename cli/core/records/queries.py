"""Questions to records: what was applied last, since when, what is frozen or overridden. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeGuard

from cli.core.base.digests import short_id
from cli.core.base.project import RECORDS
from cli.core.base.target import Target
from cli.core.records.model import (
    ApplyRecord,
    FreezeRecord,
    LogRecord,
    Override,
    PromotionRecord,
    RecoverRecord,
    ReleaseData,
    Result,
    StackRecord,
    ThawRecord,
)
from cli.core.records.store import Record

CLOCK_TOLERANCE = datetime.timedelta(minutes=5)
"""By how much the clocks of two machines may differ."""


def of_stack(records: Iterable[Record[StackRecord]], stack: str) -> list[Record[StackRecord]]:
    """The records of a stack, first to last; an environment's records are also those of its bootstrap stack."""
    return [record for record in records if record.data.stack == stack]


def is_applied(record: Record[StackRecord]) -> TypeGuard[Record[ApplyRecord]]:
    """Whether it is the record of an apply that succeeded."""
    data = record.data
    return isinstance(data, ApplyRecord) and data.kind == "apply" and data.result is Result.SUCCEEDED


def successful_applies(records: Iterable[Record[StackRecord]], stack: str) -> list[Record[ApplyRecord]]:
    """The applies of a stack that succeeded, first to last."""
    return [record for record in of_stack(records, stack) if is_applied(record)]


def last_apply(records: Iterable[Record[StackRecord]], stack: str) -> Record[ApplyRecord] | None:
    """The last apply of a stack, whatever came of it."""
    applies = [record for record in of_stack(records, stack) if record.data.kind == "apply"]
    return applies[-1] if applies else None  # type: ignore[return-value]


def last_destroy(records: Iterable[Record[StackRecord]], stack: str) -> Record[ApplyRecord] | None:
    """The last destroy of a stack, whatever came of it: it may have destroyed a part only."""
    destroys = [record for record in of_stack(records, stack) if record.data.kind == "destroy"]
    return destroys[-1] if destroys else None  # type: ignore[return-value]


def since_destroy(records: Iterable[Record[StackRecord]], stack: str) -> list[Record[StackRecord]]:
    """The records of a stack after its last destroy."""
    done = of_stack(records, stack)
    destroy = last_destroy(done, stack)
    return done[done.index(destroy) + 1 :] if destroy else done


def applied_release(records: Iterable[Record[StackRecord]], stack: str) -> ReleaseData | None:
    """The release of the last successful apply since the last destroy; None where there is none."""
    applies = successful_applies(since_destroy(records, stack), stack)
    return applies[-1].data.release if applies else None


def irregularity(records: Sequence[Record[StackRecord]], stack: str) -> str:
    """What does not fit in the records of a stack, in words: times that go backwards, and writes of the state that no
    record has. Empty if all fits."""
    before: Record[StackRecord] | None = None
    for record in of_stack(records, stack):
        begun, ended = _times(record.data)
        if before is not None and begun < _times(before.data)[1] - CLOCK_TOLERANCE:
            return f"record {record.name} begins before record {before.name} ends: a clock, or a record, is wrong"
        if ended < begun:
            return f"record {record.name} ends before it begins: a clock, or a record, is wrong"
        at = _state_before(record.data)
        if before is not None and at is not None and (known := state_after(before)) is not None and at != known:
            return (
                f"between records {before.name} and {record.name} the state went from serial {known[1]} to {at[1]}, "
                "and no record says why"
            )
        before = record
    return ""


def state_after(record: Record[StackRecord]) -> tuple[str, int] | None:
    """Lineage and serial of the state after an action; None where it could not be read."""
    data = record.data
    if isinstance(data, RecoverRecord):
        return data.lineage, data.serial
    return None if data.state.serial_after is None else (data.state.lineage, data.state.serial_after)


def lost_state(records: Sequence[Record[StackRecord]], stack: str, lineage: str, serial: int) -> str:
    """How the state of a stack falls behind what the last record left, in words; empty if it does not.

    After a destroy of everything there is nothing to lose. Records of another machine may be newer, so that the state
    is; that is for `irregularity`.
    """
    done = of_stack(records, stack)
    known = state_after(done[-1]) if done else None
    if known is None or not known[0] or (done[-1].data.kind == "destroy" and done[-1].data.result is Result.SUCCEEDED):
        return ""
    left = f"record {done[-1].name} left it at serial {known[1]}"
    if not lineage:
        return f"there is no state, and {left}"
    if lineage != known[0]:
        return f"the state is another one (lineage {lineage}), and {left} of lineage {known[0]}"
    return f"the state is at serial {serial}, and {left}" if serial < known[1] else ""


def _state_before(data: StackRecord) -> tuple[str, int] | None:
    """Of the first apply there is no state before, and a recovery does not say."""
    if isinstance(data, RecoverRecord) or not data.state.lineage or not data.state.serial_before:
        return None
    return data.state.lineage, data.state.serial_before


def _times(data: StackRecord) -> tuple[datetime.datetime, datetime.datetime]:
    return (data.at, data.at) if isinstance(data, RecoverRecord) else (data.started, data.finished)


def releases(records: Iterable[Record[StackRecord]], stack: str) -> dict[str, list[Record[ApplyRecord]]]:
    """The successful applies of each release, by the release's id."""
    by_id: dict[str, list[Record[ApplyRecord]]] = {}
    for record in successful_applies(records, stack):
        by_id.setdefault(record.data.release.id, []).append(record)
    return by_id


def applied_commit(records: Iterable[Record[StackRecord]], stack: str) -> str:
    """The commit of the last successful apply since the last destroy; empty without one, or if no commit has it."""
    applies = successful_applies(since_destroy(records, stack), stack)
    made_from = applies[-1].data.made_from if applies else None
    return "" if made_from is None or made_from.dirty else made_from.commit


def apply_before(
    records: Iterable[Record[StackRecord]], stack: str, values: Mapping[str, Any]
) -> Record[ApplyRecord] | None:
    """The last successful apply of a release with other values than these."""
    others = [record for record in successful_applies(records, stack) if record.data.release.values != values]
    return others[-1] if others else None


def applied_since(records: Sequence[Record[StackRecord]], stack: str) -> datetime.datetime | None:
    """When the release of the last successful apply was first applied, without another release, a failure or a destroy
    since."""
    since = None
    release = None
    for record in reversed(since_destroy(records, stack)):
        if not is_applied(record):
            if release is None:
                continue
            break
        if release is None:
            release = record.data.release.id
        elif record.data.release.id != release:
            break
        since = record.data.finished
    return since


def done_since(
    records: Iterable[Record[StackRecord]], stack: str, release: ReleaseData | None
) -> tuple[Record[StackRecord], ...]:
    """The records of a stack after it had a release; all of them where the release is None.

    For a stack that never had the release, those after it had its values, with other code; where it did not have these
    either, the last one.
    """
    done = of_stack(records, stack)
    if release is None:
        return tuple(done)
    same: tuple[Callable[[ReleaseData], bool], ...] = (
        lambda other: other.id == release.id,
        lambda other: other.values == release.values,
    )
    for is_same in same:
        having = [place for place, record in enumerate(done) if is_applied(record) and is_same(record.data.release)]
        if having:
            return tuple(done[having[-1] + 1 :])
    return tuple(done[-1:])


def latest(
    records: Sequence[Record[LogRecord]], is_relevant: Callable[[LogRecord], bool]
) -> tuple[Record[LogRecord], ...]:
    """The relevant records that no other relevant one follows: several, where branches did not know of each other."""
    bits = {record.digest: 1 << place for place, record in enumerate(records)}
    before: dict[str, int] = {}
    for record in records:
        before[record.digest] = 0
        for parent in record.parents:
            before[record.digest] |= bits[parent] | before[parent]
    found: list[Record[LogRecord]] = []
    for record in reversed(records):
        if is_relevant(record.data) and not any(before[later.digest] & bits[record.digest] for later in found):
            found.append(record)
    return tuple(reversed(found))


def before(records: Sequence[Record[LogRecord]], digests: Iterable[str]) -> frozenset[str]:
    """The digests of records and of all that those follow."""
    parents = {record.digest: record.parents for record in records}
    found, waiting = set[str](), [digest for digest in digests if digest in parents]
    while waiting:
        digest = waiting.pop()
        if digest not in found:
            found.add(digest)
            waiting.extend(parents[digest])
    return frozenset(found)


def last_promotions(
    records: Sequence[Record[LogRecord]], environment: str, target: Target
) -> tuple[Record[PromotionRecord], ...]:
    """The last promotion to an environment, or its last rollback, that rests on evidence of a target.

    More than one where branches promoted different releases and did not know of each other: then none holds, until a
    promotion that follows them all decides.
    """

    def is_relevant(data: LogRecord) -> bool:
        return isinstance(data, PromotionRecord) and data.environment == environment and data.target == target

    last: tuple[Record[PromotionRecord], ...] = latest(records, is_relevant)  # type: ignore[assignment]
    return last if len({record.data.release.id for record in last}) > 1 else last[-1:]


def missing_evidence(log: Iterable[Record[LogRecord]], environment: str, records: Iterable[Record[StackRecord]]) -> str:
    """Which record of an environment a promotion on AWS rested on, and is not there now, in words; empty for none."""
    digests = {record.digest for record in records}
    for record in log:
        if not isinstance(record.data, PromotionRecord) or record.data.target is not Target.AWS:
            continue
        evidence = record.data.evidence
        if evidence and evidence.records == f"{RECORDS}/{environment}" and evidence.digest not in digests:
            return (
                f"record {evidence.sequence}-{short_id(evidence.digest)} of {environment}, on which the "
                f"{record.data.kind} of record {record.name} rests, is missing"
            )
    return ""


def promotions_of(
    records: Iterable[Record[LogRecord]], environment: str, target: Target, release_id: str
) -> list[Record[PromotionRecord]]:
    """The promotions of a release to an environment, first to last, without rollbacks."""
    return [
        record  # type: ignore[misc]
        for record in records
        if isinstance(record.data, PromotionRecord)
        and (record.data.kind, record.data.environment) == ("promotion", environment)
        and (record.data.target, record.data.release.id) == (target, release_id)
    ]


def freezes_in_force(
    records: Sequence[Record[LogRecord]], environment: str, now: datetime.datetime
) -> tuple[FreezeRecord, ...]:
    """The freezes that an environment is under.

    A freeze ends by its time, or by a thaw or another freeze that has seen it: what was recorded on another branch,
    without knowledge of it, ends nothing.
    """

    def is_relevant(data: LogRecord) -> bool:
        return data.environment == environment and isinstance(data, FreezeRecord | ThawRecord)

    last = [record.data for record in latest(records, is_relevant)]
    return tuple(data for data in last if isinstance(data, FreezeRecord) and now < data.until)


def overrides_in_force(
    records: Iterable[Record[LogRecord | StackRecord]], environment: str, now: datetime.datetime
) -> tuple[Override, ...]:
    """The overrides of an environment's promotions and applies that have not expired."""
    return tuple(
        override
        for record in records
        if record.data.environment == environment and isinstance(record.data, PromotionRecord | ApplyRecord)
        for override in record.data.overrides
        if now < override.expires
    )
