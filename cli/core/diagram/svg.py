"""A placed picture as SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from cli.core.diagram import measures, text
from cli.core.diagram.geometry import Corner, Line, Placed
from cli.core.diagram.model import Flow

_CORNER = 5.0
"""Radius of a line's corners, in pixels."""

COLOURS = 10
"""The number of colours of lines that the template has."""


def svg(placed: Placed, prefix: str = "") -> str:
    """The document: light or dark as the reader's screen is, with text that can be selected.

    Its ids begin with a prefix, so that several can stand in one page.
    """
    return _template().render(
        prefix=prefix,
        placed=placed,
        picture=placed.picture,
        boxes=[(box, placed.boxes[box.key]) for box in placed.picture.boxes()],
        flows=[
            (flow, colour, [line for line in placed.lines if line.flow == flow.key], placed.labels[flow.key])
            for flow, colour in zip(placed.picture.flows, colours(placed.picture.flows), strict=True)
        ],
        measures=measures,
        path=_path,
    )


def colours(flows: Sequence[Flow]) -> list[int]:
    """A colour for each flow: of those with which it shares ends, as few as can be have the same one."""
    chosen: list[int] = []
    for flow in flows:
        near = Counter(
            colour
            for other, colour in zip(flows, chosen, strict=False)
            for _ in {*flow.sources, *flow.targets} & {*other.sources, *other.targets}
        )
        chosen.append(min(range(COLOURS), key=lambda colour: (near[colour], chosen.count(colour), colour)))
    return chosen


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"n": _number, "short": text.shortened}
    return environment.get_template("picture.svg.j2")


def _number(value: float) -> str:
    """A length with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def _path(line: Line) -> str:
    """The commands of a path with round corners."""
    first, *_, last = line.points
    commands = [f"M{_at(first)}"]
    for before, corner, after in zip(line.points, line.points[1:], line.points[2:], strict=False):
        commands.append(f"L{_at(_towards(corner, before))}Q{_at(corner)} {_at(_towards(corner, after))}")
    return "".join([*commands, f"L{_at(last)}"])


def _towards(corner: Corner, other: Corner) -> Corner:
    """The place near a corner where its rounding begins."""
    length = abs(other.x - corner.x) + abs(other.y - corner.y)
    part = min(_CORNER, length / 2) / length if length else 0
    return Corner(corner.x + (other.x - corner.x) * part, corner.y + (other.y - corner.y) * part)


def _at(point: Corner) -> str:
    return f"{_number(point.x)} {_number(point.y)}"
