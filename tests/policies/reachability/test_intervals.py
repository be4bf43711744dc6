"""Intervals are sets of numbers: every operation against Python's own sets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.reachability.intervals import NOTHING, Intervals

spans = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=5)
intervals = spans.map(Intervals.of)


def numbers(found: Intervals) -> set[int]:
    """The same as a Python set."""
    return {number for first, last in found.spans for number in range(first, last + 1)}


@given(spans)
def test_of(given: list[tuple[int, int]]) -> None:
    assert numbers(Intervals.of(given)) == {number for first, last in given for number in range(first, last + 1)}


@given(intervals)
def test_spans_are_in_order_and_apart(found: Intervals) -> None:
    assert all(first <= last for first, last in found.spans)
    assert all(one[1] + 1 < two[0] for one, two in zip(found.spans, found.spans[1:], strict=False))


@given(intervals, intervals)
def test_operations(one: Intervals, two: Intervals) -> None:
    mine, theirs = numbers(one), numbers(two)
    assert numbers(one | two) == mine | theirs
    assert numbers(one & two) == mine & theirs
    assert numbers(one - two) == mine - theirs
    assert numbers(Intervals.union([one, two, one])) == mine | theirs
    assert (one <= two) == (mine <= theirs)
    assert (one >= two) == (mine >= theirs)
    assert bool(one) == bool(mine)
    assert one.size == len(mine)


@given(intervals, intervals)
def test_equal_sets_are_equal_objects(one: Intervals, two: Intervals) -> None:
    """However they were made: what is kept by a set as its key relies on it."""
    assert (one == two) == (numbers(one) == numbers(two))
    assert (one - two) | (one & two) == one
    assert hash((one - two) | (one & two)) == hash(one)


@given(intervals, st.integers(-1, 26))
def test_contains(found: Intervals, number: int) -> None:
    assert (number in found) == (number in numbers(found))


def test_first() -> None:
    assert Intervals.of([(7, 9), (3, 4)]).first == 3
    with pytest.raises(IndexError):
        _ = NOTHING.first


def test_swapped_ends_hold_nothing() -> None:
    assert Intervals.of([(5, 4)]) == NOTHING
