"""The typed records of a directory, in their order."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from cli.core.base.digests import short_id
from cli.core.records.chain import BrokenChain, Chain, Link
from cli.core.records.model import LogRecord, StackRecord, time_of
from cli.core.records.upgrade import upgraded

Data = TypeVar("Data", bound=StackRecord | LogRecord)
Data_co = TypeVar("Data_co", bound=StackRecord | LogRecord, covariant=True)


@dataclass(frozen=True, slots=True)
class Record(Generic[Data_co]):
    """A record in its place in the chain."""

    sequence: int
    """1, 2...; two records that did not know of each other may have the same."""
    digest: str
    """Of the record as it was written, in the version of that time."""
    parents: tuple[str, ...]
    """Digests of the records that it follows."""
    data: Data_co

    @property
    def name(self) -> str:
        """Its number and its short digest, which no other record has: `7-3f2a9c41d07b`."""
        return f"{self.sequence}-{short_id(self.digest)}"

    @property
    def file_names(self) -> frozenset[str]:
        """What its file may be called: as it is written, and as it was."""
        return frozenset((f"{self.sequence:06}-{short_id(self.digest)}.json", f"{self.sequence:06}.json"))

    def as_json(self) -> dict[str, Any]:
        """The record for programs, in the current version."""
        place = {"sequence": self.sequence, "digest": self.digest, "parents": list(self.parents)}
        return {**place, **self.data.model_dump(mode="json")}


@dataclass(frozen=True, slots=True)
class Records(Generic[Data]):
    """The records in a directory, which need not exist."""

    directory: Path
    adapter: TypeAdapter[Data]
    """Of the kinds of records that the directory has."""
    environment: str | None = None
    """Whose records they are; None for those of all environments."""

    def read(self) -> tuple[Record[Data], ...]:
        """All records, verified, in the current version and in their order. Raises `BrokenChain`."""
        return in_order(map(self.typed, Chain(self.directory).read()))

    def append(self, data: Data) -> Record[Data]:
        """Add a record after all that are there, whole or not at all. Raises `BrokenChain`, `OSError`."""
        return self.typed(Chain(self.directory).append(data.model_dump(mode="json")))

    def parse(self, data: Mapping[str, Any]) -> Data:
        """Data of a record of any version. Raises `ValueError`, `LookupError` and `TypeError` for anything else."""
        return self.adapter.validate_json(json.dumps(upgraded(data)))

    def typed(self, link: Link) -> Record[Data]:
        """A record as what it says. Raises `BrokenChain`."""
        path = self.directory / link.name
        try:
            record = Record(link.sequence, link.digest, link.parents, self.parse(link.data))
        except (ValidationError, LookupError, TypeError, AttributeError) as error:
            raise BrokenChain(f"{path}: is not a record of version 1 or 2: {error}") from error
        if self.environment not in (None, record.data.environment):
            raise BrokenChain(f"{path}: is a record of {record.data.environment}, among those of {self.environment}")
        return record


def in_order(records: Iterable[Record[Data]]) -> tuple[Record[Data], ...]:
    """Records in the order of what they record: each after those that it follows; of others, the earlier one first."""
    by_digest = {record.digest: record for record in records}
    missing = {digest: len(record.parents) for digest, record in by_digest.items()}
    following: dict[str, list[str]] = {}
    for digest, record in by_digest.items():
        for parent in record.parents:
            following.setdefault(parent, []).append(digest)
    ready = [(time_of(by_digest[digest].data), digest) for digest, number in missing.items() if not number]
    heapq.heapify(ready)
    ordered = []
    while ready:
        _, digest = heapq.heappop(ready)
        ordered.append(by_digest[digest])
        for child in following.get(digest, ()):
            missing[child] -= 1
            if not missing[child]:
                heapq.heappush(ready, (time_of(by_digest[child].data), child))
    return tuple(ordered)
