"""An append-only chain of JSON documents in a directory, whatever they say.

`000001.json`, `000002.json`...: each holds its `sequence`, the digest of its predecessor as `previous` (empty for the
first) and its own as `digest`: SHA-256 of the record without `digest` as canonical JSON. So nothing in it can be
changed, swapped or taken out without the next record showing it. That the last records were taken away does not show
here; git's history of the directory shows it, and whoever keeps the last digest somewhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.core.base.digests import json_digest
from cli.core.base.errors import InfraError
from cli.core.base.files import create_whole

_NAME = re.compile(r"\d{6,}\.json")


class BrokenChain(InfraError):
    """A record was changed, is missing, or is not readable; the text names it."""


@dataclass(frozen=True, slots=True)
class Link:
    """One record, as it is in its file."""

    sequence: int
    """1, 2..."""
    previous: str
    """Digest of the record before; empty for the first."""
    digest: str
    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name of its file."""
        return _name(self.sequence)


@dataclass(frozen=True, slots=True)
class Chain:
    """The records in a directory, which need not exist."""

    directory: Path

    def read(self) -> tuple[Link, ...]:
        """All records, first to last, verified. Raises `BrokenChain`."""
        links: list[Link] = []
        for path in self._paths():
            links.append(_verified(path, links[-1] if links else None))
        return tuple(links)

    def append(self, data: Mapping[str, Any]) -> Link:
        """Add a record, whole or not at all. Of two at once each gets a place. Raises `BrokenChain`, `OSError`."""
        self.directory.mkdir(parents=True, exist_ok=True)
        while True:
            before = self.read()
            link = _next(before[-1] if before else None, data)
            if create_whole(self.directory / link.name, _content(link)):
                return link

    def _paths(self) -> Iterator[Path]:
        """The files of records in their order; temporary files of runs that died are none."""
        if self.directory.is_dir():
            yield from sorted(
                (path for path in self.directory.iterdir() if _NAME.fullmatch(path.name)),
                key=lambda path: int(path.stem),
            )


def _name(sequence: int) -> str:
    return f"{sequence:06}.json"


def _next(before: Link | None, data: Mapping[str, Any]) -> Link:
    """The record that follows."""
    sequence = before.sequence + 1 if before else 1
    previous = before.digest if before else ""
    data = json.loads(json.dumps(data))  # as it will be read again
    return Link(sequence, previous, _digest(sequence, previous, data), data)


def _digest(sequence: int, previous: str, data: Mapping[str, Any]) -> str:
    return json_digest({"sequence": sequence, "previous": previous, "data": data})


def _content(record: Link) -> bytes:
    document = {
        "sequence": record.sequence,
        "previous": record.previous,
        "data": record.data,
        "digest": record.digest,
    }
    return json.dumps(document, indent=2).encode() + b"\n"


def _verified(path: Path, before: Link | None) -> Link:
    """The record in a file, which must follow the one before."""
    try:
        document = json.loads(path.read_bytes())
        record = Link(
            int(document["sequence"]), str(document["previous"]), str(document["digest"]), dict(document["data"])
        )
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise BrokenChain(f"{path}: cannot be read as a record: {type(error).__name__}: {error}") from error
    if document.keys() != {"sequence", "previous", "data", "digest"}:
        raise BrokenChain(f"{path}: has other keys than a record")
    wanted = before.sequence + 1 if before else 1
    if record.sequence != wanted or path.name != _name(wanted):
        raise BrokenChain(f"{path}: record {wanted} is missing, or the files were renamed")
    if record.previous != (before.digest if before else ""):
        raise BrokenChain(f"{path}: does not follow the record before it, which was changed or replaced")
    if record.digest != _digest(record.sequence, record.previous, record.data):
        raise BrokenChain(f"{path}: was changed after it was written: its digest does not fit")
    return record
