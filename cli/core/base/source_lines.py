"""The Python lines that make each resource, which `modules/runtime/source_lines.py` notes in the Terraform."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

_NOTE = re.compile(
    rb'(?<=",)\n *"sourceLines": \[\n(?: *"[^"\n]*",?\n)+ *\],(?=\n *"uniqueId": )',
)


class SourceLine(NamedTuple):
    """A line of the project's own Python."""

    file: Path
    """Relative to the project."""
    line: int

    def __str__(self) -> str:
        return f"{self.file.as_posix()}:{self.line}"


def source_lines(document: Mapping[str, Any]) -> dict[str, tuple[SourceLine, ...]]:
    """The lines of each resource and data source of a synthesized stack, by address: `data.aws_ami.a`.

    The first line is that of the resource's part. A second one is that of the construct, in another folder, which makes
    it for the part. An address is left out where nothing is noted.
    """
    return dict(_noted(document))


def without_source_lines(content: bytes) -> bytes:
    """A synthesized stack as if nothing were noted, so that a moved line of Python changes no digest."""
    return _NOTE.sub(b"", content)


def lines_in(body: object) -> tuple[SourceLine, ...]:
    """The lines that the body of a resource notes; none where there is no such note."""
    match body:
        case {"//": {"metadata": {"sourceLines": [*lines]}}}:
            places = (str(line).rpartition(":") for line in lines)
            return tuple(SourceLine(Path(file), int(line)) for file, _, line in places if file and line.isdecimal())
    return ()


def _noted(document: Mapping[str, Any]) -> Iterator[tuple[str, tuple[SourceLine, ...]]]:
    """Each address with its lines."""
    for section, prefix in (("resource", ""), ("data", "data.")):
        for type_, blocks in (document.get(section) or {}).items():
            for name, body in blocks.items():
                if lines := lines_in(body):
                    yield f"{prefix}{type_}.{name}", lines
