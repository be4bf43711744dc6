"""How large things are drawn, in pixels."""

from __future__ import annotations

from collections.abc import Sequence

from cli.core.diagram import text
from cli.core.diagram.model import Box, Flow, Tier

TITLE = 13
LINE = 12
SMALL = 10
"""Sizes of text."""

MARGIN = 12
"""Around the text in a box, and around the picture."""
SYMBOL = 22
"""A box's symbol with the space after it."""
ROW = 15
"""From one line of text to the next."""
CHIP = 14
"""Height of the mark of a zone."""
LOCK = 14
"""The mark of an encrypted channel, with the space after it."""
LABEL = 20
"""Height of a flow's label."""
PORT = 14
"""Least distance of two lines at a box."""
HEADING = 16
CELLS = 30
"""Heights of a heading's title, and of the subnets below it."""
GAP = 8
"""Between two frames, cells or chips."""
LAYER = 4 * GAP
"""Between two layers: room for the edges of three frames, and one more."""

MOST_IN_TITLE = 36
MOST_IN_LINE = 44
MOST_IN_LABEL = 48
MOST_IN_HEADING = 60
MOST_IN_CELL = 22
"""The most characters of a title, a line, a label, a heading and a line about a subnet; `<title>` has all of them."""

MOST_CELLS = 4
"""The most that the heading of a tier shows: subnets, of which the last one may be the number of all others."""


def of_box(box: Box, lines: int) -> tuple[float, float]:
    """Width and height of a box, with so many lines on the side that has most."""
    chips = sum(chip_width(zone) + GAP / 2 for zone in box.zones)
    widest = max(
        SYMBOL + text.width(text.shortened(box.title, MOST_IN_TITLE), TITLE, is_bold=True),
        *(text.width(text.shortened(line, MOST_IN_LINE), LINE) for line in (*box.lines, "")),
        chips,
        PORT * (lines + 1) - 2 * MARGIN,
    )
    height = ROW * (1 + len(box.lines)) + (CHIP + GAP / 2 if box.zones else 0)
    return widest + 2 * MARGIN, height + 1.5 * MARGIN


def of_label(flow: Flow) -> tuple[float, float]:
    """Width and height of a flow's label."""
    return text.width(text.shortened(flow.label, MOST_IN_LABEL), LINE) + (
        LOCK if flow.is_encrypted else 0
    ) + 2 * GAP, LABEL


def of_heading(title: str, cells: Sequence[str] = ()) -> tuple[float, float]:
    """Width and height of a heading: of a tier with the cells of its subnets below the title."""
    width = text.width(text.shortened(title, MOST_IN_HEADING), TITLE, is_bold=True)
    if not cells:
        return width, HEADING
    return max(width, sum(GAP + cell_width(cell) for cell in cells) - GAP), HEADING + GAP / 2 + CELLS


def chip_width(zone: str) -> float:
    """The width of the mark of a zone."""
    return text.width(zone, SMALL) + GAP


def cells(tier: Tier) -> tuple[str, ...]:
    """What the heading of a tier says of its subnets, two lines for each."""
    number = len(tier.subnets)
    shown = tier.subnets if number <= MOST_CELLS else tier.subnets[: MOST_CELLS - 1]
    found = tuple(
        f"{text.shortened(cell.zone or cell.name, MOST_IN_CELL)}\n{text.shortened(cell.cidr_block, MOST_IN_CELL)}"
        for cell in shown
    )
    return found if len(shown) == number else (*found, f"and {number - len(shown)}\nmore")


def cell_width(cell: str) -> float:
    """The width of one of them."""
    return max(text.width(line, SMALL) for line in cell.split("\n")) + 2 * GAP
