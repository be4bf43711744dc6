"""Records in a directory, whatever they say: each is a file that is named by its content and names those before it.

`000007-3f2a9c41d07b.json` holds its `sequence`, the digests of the records before it as `parents`, the `data`, and its
own `digest`: SHA-256 of the rest as canonical JSON, whose beginning is in the name. Two branches that both add a record
have two files that follow the same one; git merges them without a conflict, and the next record follows both. So
nothing in the chain can be changed, swapped or taken out without a later record showing it. That the last records
were taken away does not show here (`anchors`, `heads`).

The sequence is one more than the highest of the parents. `000007.json` is the older form, from when every record had
exactly one before it, whose digest it holds as `previous`; it is read, verified and never written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.core.base.digests import json_digest, short_id
from cli.core.base.errors import InfraError
from cli.core.base.files import create_whole

FILE_NAME = r"\d{6,}(?:-[0-9a-f]{12})?\.json"
"""A regular expression for the name of a record's file."""

_NAME = re.compile(FILE_NAME)


class BrokenChain(InfraError):
    """A record was changed, is missing, or is not readable; the text names it."""


@dataclass(frozen=True, slots=True)
class Link:
    """One record, as it is in its file."""

    name: str
    """Of its file."""
    sequence: int
    """1, 2...; two records that did not know of each other may have the same."""
    parents: tuple[str, ...]
    """Digests of the records before it; none for the first."""
    digest: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chain:
    """The records in a directory, which need not exist."""

    directory: Path

    def read(self) -> tuple[Link, ...]:
        """All records, verified, each after those that it follows. Raises `BrokenChain`."""
        links = [_read(path) for path in self._paths()]
        by_digest = {link.digest: link for link in links}
        for link in links:
            _require_parents(self.directory / link.name, link, by_digest)
        return tuple(links)

    def append(self, data: Mapping[str, Any]) -> Link:
        """Add a record after all that are there, whole or not at all. Raises `BrokenChain`, `OSError`."""
        self.directory.mkdir(parents=True, exist_ok=True)
        while True:
            link = self.next(data)
            if create_whole(self.directory / link.name, content(link)):
                return link

    def next(self, data: Mapping[str, Any]) -> Link:
        """The record that `append` would add. Raises `BrokenChain`."""
        links = self.read()
        parents = tuple(sorted(heads(links)))
        sequence = 1 + max((link.sequence for link in links), default=0)
        data = json.loads(json.dumps(data))  # as it will be read again
        digest = json_digest({"sequence": sequence, "parents": parents, "data": data})
        name = f"{sequence:06}-{short_id(digest)}.json"
        return Link(name=name, sequence=sequence, parents=parents, digest=digest, data=data)

    def _paths(self) -> Iterator[Path]:
        """The files of records by sequence; temporary files of runs that died are none."""
        if self.directory.is_dir():
            names = (path for path in self.directory.iterdir() if _NAME.fullmatch(path.name))
            yield from sorted(names, key=lambda path: (int(path.stem.partition("-")[0]), path.name))


def heads(links: Iterable[Link]) -> frozenset[str]:
    """The digests of the records that no other one follows."""
    links = tuple(links)
    return frozenset(link.digest for link in links) - {parent for link in links for parent in link.parents}


def content(link: Link) -> bytes:
    """What the file of a new record holds."""
    document = {"sequence": link.sequence, "parents": link.parents, "data": link.data, "digest": link.digest}
    return json.dumps(document, indent=2).encode() + b"\n"


def _read(path: Path) -> Link:
    """The record in a file, which must be what was written. Raises `BrokenChain`."""
    try:
        document = json.loads(path.read_bytes())
        sequence, digest, data = int(document["sequence"]), str(document["digest"]), dict(document["data"])
        before = _before(document)
        rest = json_digest({name: value for name, value in document.items() if name != "digest"})
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BrokenChain(f"{path}: cannot be read as a record: {type(error).__name__}: {error}") from error
    if len(document) != 4:
        raise BrokenChain(f"{path}: has other keys than a record")
    if digest != rest:
        raise BrokenChain(f"{path}: was changed after it was written: its digest does not fit")
    if path.name != (f"{sequence:06}.json" if "previous" in document else f"{sequence:06}-{short_id(digest)}.json"):
        raise BrokenChain(f"{path}: is record {sequence} ({short_id(digest)}): the file was renamed, or replaced")
    return Link(name=path.name, sequence=sequence, parents=before, digest=digest, data=data)


def _before(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The digests of the records before one. Raises `LookupError`, `TypeError`."""
    if "previous" in document:
        return (str(document["previous"]),) if document["previous"] else ()
    if not isinstance(document["parents"], list):
        raise TypeError("parents is not a list")
    return tuple(map(str, document["parents"]))


def _require_parents(path: Path, link: Link, by_digest: Mapping[str, Link]) -> None:
    """Raise `BrokenChain` unless the records before one are there, and have lower numbers."""
    for parent in link.parents:
        if parent not in by_digest:
            number = f"record {link.sequence - 1}" if len(link.parents) == 1 else "a record"
            raise BrokenChain(
                f"{path}: {number} ({short_id(parent)}), which it follows, is missing: it was deleted, changed or "
                "replaced"
            )
    if link.sequence != 1 + max((by_digest[parent].sequence for parent in link.parents), default=0):
        raise BrokenChain(f"{path}: record {link.sequence - 1}, which it should follow, is missing")
