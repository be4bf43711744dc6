"""Which records of an environment stand between the release that another one has and the one that comes. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cli.core.records import Record


def of_stack(records: Sequence[Record], stack: str) -> list[Record]:
    """What was done to a stack, first to last; an environment's records are also those of its bootstrap stack."""
    return [each for each in records if each.data.get("stack") == stack]


def is_applied(record: Record) -> bool:
    """Whether a record is that of an apply that succeeded."""
    return (record.data["deed"], record.data["result"]) == ("apply", "succeeded")


def applied_release(records: Sequence[Record], stack: str) -> Mapping[str, Any] | None:
    """The release, see `Release.as_data`, that was applied last; None where none was."""
    done = [each for each in of_stack(records, stack) if is_applied(each)]
    release: Mapping[str, Any] | None = done[-1].data["release"] if done else None
    return release


def done_since(records: Sequence[Record], stack: str, release: Mapping[str, Any] | None) -> tuple[Record, ...]:
    """What was done to a stack after it had a release: all that was ever done where the release is None.

    A stack that never had the release may have had its values, with other code; where it did not have these either, it
    is what was done last.
    """
    done = of_stack(records, stack)
    if release is None:
        return tuple(done)
    same: tuple[Callable[[Record], bool], ...] = (
        lambda each: each.data["release"]["id"] == release["id"],
        lambda each: each.data["release"]["values"] == release["values"],
    )
    for is_it in same:
        having = [place for place, each in enumerate(done) if is_applied(each) and is_it(each)]
        if having:
            return tuple(done[having[-1] + 1 :])
    return tuple(done[-1:])


def applied_since(records: Sequence[Record], stack: str) -> datetime.datetime | None:
    """When the release of the last successful apply was first applied, without another release in between."""
    since = None
    release = None
    for record in reversed(of_stack(records, stack)):
        if not is_applied(record):
            if release is None:
                continue
            break
        if release is None:
            release = record.data["release"]["id"]
        elif record.data["release"]["id"] != release:
            break
        since = datetime.datetime.fromisoformat(record.data["finished"])
    return since


def applied_releases(records: Sequence[Record]) -> dict[str, Record]:
    """The last successful apply of each release, by the release's id."""
    return {record.data["release"]["id"]: record for record in records if is_applied(record)}


def apply_of_release(
    records: Sequence[Record], release_id: str | None, *, not_values: Mapping[str, Any]
) -> Record | None:
    """The last successful apply of a release; without an id, the last one of a release with other values."""
    if release_id is not None:
        return applied_releases(records).get(release_id)
    others = [each for each in records if is_applied(each) and each.data["release"]["values"] != not_values]
    return others[-1] if others else None
