"""Tables: as wide as they need in a pipe; on a narrow terminal a block of lines per row, so that nothing is cut."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence

from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

_UNLIMITED = 10_000
"""Columns of a pipe: more than any row has."""


def blocks(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Lines under what they are about, named once for all that follow each other.

    As wide as the terminal, `COLUMNS` or 80, in a pipe too; a name is never broken.
    """
    width = shutil.get_terminal_size().columns
    last = None
    for head, line in rows:
        if head != last:
            yield from textwrap.wrap(head, width, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False)
            last = head
        yield from textwrap.wrap(
            line,
            width,
            initial_indent="  ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )


def wrapped(lines: Iterable[str]) -> Iterator[str]:
    """Lines as wide as those of `blocks`; what goes on stands deeper than where it began."""
    width = shutil.get_terminal_size().columns
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        yield from textwrap.wrap(
            line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]


def table(titles: Sequence[str], rows: Iterable[Sequence[str | Text]], *, right: Collection[str] = ()) -> str:
    """Rows under their titles. The columns in ``right`` are aligned to the right; without titles there is no heading.

    A terminal that is too narrow for a row as a line gets a block for each: its first value, with those that have no
    title, then a line for each title and value.
    """
    console = Console(width=None if sys.stdout.isatty() else _UNLIMITED, highlight=False)
    texts = [[value if isinstance(value, Text) else Text(value) for value in row] for row in rows]
    lines = _grid(show_header=any(titles))
    for title in titles:
        lines.add_column(title, justify="right" if title in right else "left")
    for row in texts:
        lines.add_row(*row)
    if Measurement.get(console, console.options.update(width=_UNLIMITED), lines).maximum <= console.width:
        return _rendered(console, lines)
    blocks = []
    for row in texts:
        head = [value for title, value in zip(titles, row, strict=True) if not title or value is row[0]]
        block = _grid(show_header=False)
        block.add_column()
        block.add_column(overflow="fold")
        for title, value in zip(titles, row, strict=True):
            if title and value is not row[0]:
                block.add_row(Text(f"  {title}"), value)
        blocks.append(f"{_rendered(console, Text('  ').join(head))}\n{_rendered(console, block)}")
    return "\n".join(blocks)


def _grid(*, show_header: bool) -> Table:
    return Table(box=None, pad_edge=False, show_header=show_header, header_style="bold", padding=(0, 2, 0, 0))


def _rendered(console: Console, content: RenderableType) -> str:
    with console.capture() as capture:
        console.print(content)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())
