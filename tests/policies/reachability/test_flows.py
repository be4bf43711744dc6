"""Flows are sets of packets: every operation against Python's own sets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policies.reachability import traffic
from policies.reachability.addresses import ALL, ALL_V4, ALL_V6, V4_FAMILY, network
from policies.reachability.flows import EMPTY, Box, Flows
from policies.reachability.intervals import NOTHING, Intervals

LAST = 3
sets = st.lists(st.tuples(st.integers(0, LAST), st.integers(0, LAST)), max_size=2).map(Intervals.of)
boxes = st.builds(Box, sets, sets, sets)
flows = st.lists(boxes, max_size=3).map(Flows.of)

Packets = set[tuple[int, int, int]]


def numbers(found: Intervals) -> set[int]:
    return {number for number in range(LAST + 1) if number in found}


def packets(found: Flows) -> Packets:
    """The same as a Python set."""
    return {
        (source, destination, port)
        for box in found
        for source in numbers(box.source)
        for destination in numbers(box.destination)
        for port in numbers(box.traffic)
    }


@given(st.lists(boxes, max_size=4))
def test_of_merges_without_change(given: list[Box]) -> None:
    found = Flows.of(given)
    assert packets(found) == packets(Flows(tuple(given)))
    assert len(found.boxes) <= len(given)
    assert all(found.boxes)


@given(flows, flows)
def test_operations(one: Flows, two: Flows) -> None:
    mine, theirs = packets(one), packets(two)
    assert packets(one | two) == mine | theirs
    assert packets(Flows.union([one, two])) == mine | theirs
    assert packets(one & two) == mine & theirs
    assert packets(one - two) == mine - theirs
    assert (one <= two) == (mine <= theirs)
    assert (one >= two) == (mine >= theirs)
    assert one.same(two) == (mine == theirs)
    assert bool(one) == bool(mine)


@given(boxes, boxes)
def test_pieces_of_a_difference_do_not_overlap(one: Box, two: Box) -> None:
    pieces = one - two
    assert sum(piece.source.size * piece.destination.size * piece.traffic.size for piece in pieces) == len(
        packets(Flows((one,))) - packets(Flows((two,)))
    )


@given(flows, sets)
def test_views(found: Flows, some: Intervals) -> None:
    mine = packets(found)
    assert numbers(found.sources) == {source for source, _, _ in mine}
    assert numbers(found.destinations) == {destination for _, destination, _ in mine}
    assert numbers(found.traffic) == {port for _, _, port in mine}
    assert packets(found.with_traffic(some)) == {packet for packet in mine if packet[2] in some}


def test_between_keeps_families_apart() -> None:
    found = Flows.between(ALL, ALL, traffic.TCP)
    assert found.same(Flows((Box(V4_FAMILY, V4_FAMILY, traffic.TCP), Box(ALL_V6, ALL_V6, traffic.TCP))))
    assert not Flows.between(ALL_V4, ALL_V6, traffic.ALL)
    assert not Flows.between(network("10.0.0.0/8"), NOTHING, traffic.ALL)


def test_empty() -> None:
    assert not EMPTY
    assert list(EMPTY) == []
    assert EMPTY.sources == EMPTY.destinations == EMPTY.traffic == NOTHING
