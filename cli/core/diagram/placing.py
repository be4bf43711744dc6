"""What ELK worked out, as places in the picture, with the frames around what belongs together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cli.core.diagram import measures
from cli.core.diagram.geometry import Corner, Frame, FrameKind, Line, Placed, Rectangle
from cli.core.diagram.measures import GAP, MARGIN
from cli.core.diagram.model import Picture, RegionBox, Tier, VpcBox

_DEPTH = 4
"""Frames within each other: account, region, VPC, tier."""


def placed(picture: Picture, answer: Mapping[str, Any]) -> Placed:
    """The picture with the places and routes of ELK's answer.

    Headings get what is free in their layer. Where that is too little, all else moves to the right.
    """
    found = _drawn(picture, answer, 0)
    taken = _taken(found)
    shortage = max((_shortage(frame, taken) for frame in found.frames), default=0)
    return _drawn(picture, answer, shortage) if shortage else found


def _drawn(picture: Picture, answer: Mapping[str, Any], shift: float) -> Placed:
    left = _DEPTH * GAP + 2 * MARGIN + shift

    def place(point: Mapping[str, float]) -> Corner:
        return Corner(point["x"] + left, point["y"] + MARGIN)

    at = {
        node["id"]: Rectangle(node["x"] + left, node["y"] + MARGIN, node["width"], node["height"])
        for node in answer["children"]
    }
    lines = tuple(
        Line(
            edge["flow"],
            tuple(place(point) for point in _points(section)),
            is_arrow=edge["sources"][0].startswith(f"{edge['flow']} out"),
            junctions=tuple(map(place, edge.get("junctionPoints", ()))),
        )
        for edge in answer["edges"]
        for section in edge["sections"]
    )
    width = answer["width"] + 2 * left - shift
    frames = tuple(_frames(picture, at, width))
    whole = Placed(
        picture=picture,
        width=width,
        height=max((each.bottom for each in (*at.values(), *(frame.place for frame in frames))), default=0) + MARGIN,
        boxes={box.key: at[box.key] for box in picture.boxes()},
        labels={flow.key: at[flow.key] for flow in picture.flows},
        lines=lines,
        frames=frames,
    )
    taken = _taken(whole)
    return replace(whole, frames=tuple(replace(each, heading=_leftmost(each, taken)) for each in frames))


def _points(section: Mapping[str, Any]) -> Iterator[Mapping[str, float]]:
    yield section["startPoint"]
    yield from section.get("bendPoints", ())
    yield section["endPoint"]


def _frames(picture: Picture, at: Mapping[str, Rectangle], width: float) -> Iterator[Frame]:
    """The frames: bands across the picture, each from its heading to the last box in it."""
    for account in picture.accounts:
        inner = [frame for region in account.regions for frame in _of_region(region, at, width)]
        content = [at[account.key], *(frame.place for frame in inner)]
        yield _frame(account.key, "account", title=account.title, place=_band(1, width, content))
        yield from inner


def _of_region(region: RegionBox, at: Mapping[str, Rectangle], width: float) -> Iterator[Frame]:
    inner = [frame for vpc in region.vpcs for frame in _of_vpc(vpc, at, width)]
    content = [at[region.key], *(frame.place for frame in inner), *(at[box.key] for box in region.services)]
    yield _frame(region.key, "region", title=region.title, place=_band(2, width, content))
    yield from inner


def _of_vpc(vpc: VpcBox, at: Mapping[str, Rectangle], width: float) -> Iterator[Frame]:
    """The frame of a VPC, whose upper edge leads through the middle of its gateways."""
    tiers = [
        _frame(
            tier.key,
            "public tier" if tier.is_public else "private tier",
            title=tier.title,
            tier=tier,
            place=_band(4, width, [at[tier.key], *(at[box.key] for box in tier.boxes)]),
        )
        for tier in vpc.tiers
    ]
    gateways = [at[box.key] for box in vpc.gateways]
    heading = [replace(each, y=each.y + each.height / 2 + GAP) for each in gateways] or [at[vpc.key]]
    content = [heading[0], *gateways, *(tier.place for tier in tiers)]
    yield _frame(vpc.key, "vpc", title=vpc.title, place=_band(3, width, content))
    yield from tiers


def _frame(key: str, kind: FrameKind, *, title: str, place: Rectangle, tier: Tier | None = None) -> Frame:
    """A frame with its heading at the left."""
    cells = measures.cells(tier) if tier else ()
    subnets = (
        tuple(" ".join(filter(None, (each.name, each.zone, each.cidr_block))) for each in tier.subnets) if tier else ()
    )
    wide, high = measures.of_heading(title, cells)
    heading = Rectangle(place.x + MARGIN, place.y + GAP, wide, high)
    return Frame(key, kind, title=title, cells=cells, subnets=subnets, place=place, heading=heading)


def _band(depth: int, width: float, content: Sequence[Rectangle]) -> Rectangle:
    x = MARGIN + (depth - 1) * GAP
    y = content[0].y - GAP
    return Rectangle(x, y, width - 2 * x, max(each.bottom for each in content) + GAP - y)


def _taken(whole: Placed) -> list[Rectangle]:
    """Where something is drawn that a heading must not meet."""
    segments = [segment for line in whole.lines for segment in line.segments()]
    return [*whole.boxes.values(), *whole.labels.values(), *segments]


def _leftmost(frame: Frame, taken: Iterable[Rectangle]) -> Rectangle:
    """The place furthest to the left where a frame's heading meets nothing; at its left where there is none."""
    place = frame.heading
    for each in sorted(_beside(place, taken), key=lambda rectangle: rectangle.x):
        if each.x < place.right + GAP:
            place = replace(place, x=max(place.x, each.right + 2 * GAP))
    return place if place.right + MARGIN <= frame.place.right else frame.heading


def _shortage(frame: Frame, taken: Iterable[Rectangle]) -> float:
    """By how much a heading at the left is too wide; 0 where it meets nothing."""
    beside = _beside(frame.heading, taken)
    nearest = min((each.x for each in beside if each.right + GAP > frame.heading.x), default=frame.place.right)
    return max(0.0, frame.heading.right + GAP - nearest)


def _beside(place: Rectangle, taken: Iterable[Rectangle]) -> list[Rectangle]:
    """What is drawn at the height of a place."""
    return [each for each in taken if each.y <= place.bottom + 1 and place.y - 1 <= each.bottom]
