"""What may be done over the internet may be done from anywhere: that somebody may use an endpoint too gives nothing.

Source: VPC user guide, "Gateway endpoints": requests go another way, with the same permissions.
"""

from __future__ import annotations

from collections.abc import Sequence

from policies.access.boxes import Tests
from policies.access.model import ABSENT, Position
from policies.access.statements import Space

_OF_NETWORKS = (
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:vpcsourceip",
)
"""The keys of a request that its way decides."""


def is_anywhere(position: Position) -> bool:
    """Whether a place is the internet, over which requests come from anywhere."""
    held = position.context.get("aws:sourceip")
    is_outside = position.context.get("aws:sourcevpce") == ABSENT and held is not None and not held.may_be_absent
    return is_outside and not (position.endpoint or position.through or position.to or position.assumption)


def from_anywhere(
    space: Space, facts: Tests, groups: Sequence[Sequence[Tests]], refusals: Sequence[Tests]
) -> tuple[list[Sequence[Tests]], tuple[Tests, ...]]:
    """What grants and refuses requests over the internet, of which `facts` hold, said of requests by any way: a grant
    counts that each of them has, whatever its address, and a Deny that may be about any."""
    network = {space.keys[name].dimension for name in _OF_NETWORKS if name in space.keys}
    box = space.search().box(facts)
    if box is None:
        return [()], ()

    def rest(tests: Tests) -> Tests:
        return tuple(each for each in tests if each.dimension not in network)

    granting: list[Sequence[Tests]] = [
        [rest(tests) for tests in group if all(box.implies(each) for each in tests if each.dimension in network)]
        for group in groups
    ]
    refusing = (
        rest(tests)
        for tests in refusals
        if all(box.within(each) is not None for each in tests if each.dimension in network)
    )
    return [*granting, [rest(facts)]], tuple(refusing)
