"""EBS volumes, by themselves and of instances."""

from __future__ import annotations

from collections.abc import Iterable

from cli.core.cost.model import Range, Unsaid, Use, exactly
from cli.core.cost.reading import Reading, Uses, whole
from policies.library.model import Block, Resource

_INCLUDED = {"gp3": (3000, 125)}
"""IOPS and MiB/s that the price of the storage includes (Amazon EBS User Guide, "General Purpose SSD volumes")."""


def _volume(block: Block, count: Range, *, kind: str, size: int | None) -> Uses:
    """So many volumes of a type and size, with the IOPS and the throughput that a block asks for."""
    if size is None:
        yield Unsaid(f"{block.place}: the size of the volume is that of a snapshot or an image")
        return
    if not kind:
        yield Unsaid(f"{block.place}: the type of the volume is that of an image")
        return
    yield Use("AmazonEC2", f"{kind} storage", count.times(size))
    if kind == "standard":
        yield Unsaid("the table has no price of requests to magnetic volumes")
    if kind in ("io1", "io2") and not block.has("iops"):
        yield Unsaid(f"{block.place}: it says no IOPS")
    iops, throughput = _INCLUDED.get(kind, (0, 0))
    if kind in ("gp3", "io1", "io2") and (extra := whole(block, "iops", iops) - iops) > 0:
        yield Use("AmazonEC2", f"{kind} IOPS", count.times(extra))
    if kind == "gp3" and (extra := whole(block, "throughput", throughput) - throughput) > 0:
        yield Use("AmazonEC2", "gp3 throughput", count.times(extra))


def attached(blocks: Iterable[Block], count: Range, default: str = "") -> Uses:
    """The volumes that the blocks of an instance or a launch template describe.

    What says no type has that of the image, unless the image does not have the volume; then EC2 takes the default.
    """
    for block in blocks:
        yield from _volume(block, count, kind=block.text("volume_type", default), size=block.number("volume_size"))


def single(_: Reading, resource: Resource) -> Uses:
    """A volume that is a resource."""
    yield from _volume(resource, exactly(1), kind=resource.text("type", "gp2"), size=resource.number("size"))
