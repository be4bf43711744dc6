"""The typed records of a directory, in their chain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from cli.core.records.chain import BrokenChain, Chain, Link
from cli.core.records.model import Part
from cli.core.records.upgrade import upgraded

Data = TypeVar("Data", bound=Part)
Data_co = TypeVar("Data_co", bound=Part, covariant=True)


@dataclass(frozen=True, slots=True)
class Record(Generic[Data_co]):
    """A record in its place in the chain."""

    sequence: int
    """1, 2..."""
    digest: str
    """Of the record as it was written, in the version of that time."""
    data: Data_co

    def as_json(self) -> dict[str, Any]:
        """The record for programs, in the current version."""
        return {"sequence": self.sequence, "digest": self.digest, **self.data.model_dump(mode="json")}


@dataclass(frozen=True, slots=True)
class Records(Generic[Data]):
    """The records in a directory, which need not exist."""

    directory: Path
    adapter: TypeAdapter[Data]
    """Of the kinds of records that the directory has."""

    def read(self) -> tuple[Record[Data], ...]:
        """All records, first to last, verified and in the current version. Raises `BrokenChain`."""
        return tuple(map(self._typed, Chain(self.directory).read()))

    def append(self, data: Data) -> Record[Data]:
        """Add a record, whole or not at all. Of two at once each gets a place. Raises `BrokenChain`, `OSError`."""
        return self._typed(Chain(self.directory).append(data.model_dump(mode="json")))

    def parse(self, data: Mapping[str, Any]) -> Data:
        """Data of a record of any version. Raises `ValueError`, `LookupError` and `TypeError` for anything else."""
        return self.adapter.validate_json(json.dumps(upgraded(data)))

    def _typed(self, link: Link) -> Record[Data]:
        try:
            return Record(link.sequence, link.digest, self.parse(link.data))
        except (ValidationError, LookupError, TypeError, AttributeError) as error:
            raise BrokenChain(f"{self.directory / link.name}: is not a record of version 1 or 2: {error}") from error
