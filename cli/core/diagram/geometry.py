"""Where what is in a picture is drawn. Lengths are pixels, from the upper left corner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cli.core.diagram.model import Picture


@dataclass(frozen=True)
class Corner:
    """Where a line begins, turns, meets others or ends."""

    x: float
    y: float


@dataclass(frozen=True)
class Rectangle:
    """A place and a size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def overlaps(self, other: Rectangle) -> bool:
        """Whether two have a part in common, more than an edge."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: Rectangle) -> bool:
        """Whether another is within it."""
        return self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom


@dataclass(frozen=True)
class Line:
    """A line of a flow: from a source to its label, or from there to a target."""

    flow: str
    points: tuple[Corner, ...]
    is_arrow: bool
    """Whether it leads to a target."""
    junctions: tuple[Corner, ...] = ()
    """Where it meets other lines of its flow."""

    def segments(self) -> Iterator[Rectangle]:
        """Its straight parts."""
        for one, other in zip(self.points, self.points[1:], strict=False):
            yield Rectangle(min(one.x, other.x), min(one.y, other.y), abs(one.x - other.x), abs(one.y - other.y))


FrameKind: TypeAlias = Literal["account", "region", "vpc", "public tier", "private tier"]


@dataclass(frozen=True)
class Frame:
    """What is drawn around an account, a region, a VPC or a tier, with the place of its heading."""

    key: str
    kind: FrameKind
    title: str
    cells: tuple[str, ...]
    """Of a tier: two lines for each subnet that is shown."""
    subnets: tuple[str, ...]
    """Of a tier: every subnet, with zone and CIDR block."""
    place: Rectangle
    heading: Rectangle

    @property
    def description(self) -> str:
        """The whole of what the heading says."""
        return f"{self.title}: {', '.join(self.subnets)}" if self.subnets else self.title


@dataclass(frozen=True)
class Placed:
    """A picture with the place of everything in it."""

    picture: Picture
    width: float
    height: float
    boxes: Mapping[str, Rectangle]
    labels: Mapping[str, Rectangle]
    """By flow."""
    lines: tuple[Line, ...]
    frames: tuple[Frame, ...]
    """The outer ones first."""
