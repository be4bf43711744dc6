"""What differs between two values: lists of blocks by key, sets as sets, never two sides that look alike."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.core.base.text import cut_pair
from cli.core.plans.model import Attribute
from cli.core.plans.report.text import arrow, attribute_lines
from cli.core.plans.structure import differing, shown
from cli.core.plans.values import differences


def names(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    return [(shown(path, by_key=True), one, other) for path, one, other in differing(before, after)]


def test_one_block_more_is_one_difference() -> None:
    old = [{"name": name, "port": port} for name, port in (("a", 1), ("b", 2), ("c", 3))]
    new = [{"name": "aa", "port": 9}, *old]
    assert names({"x": old}, {"x": new}) == [("x[aa]", None, {"name": "aa", "port": 9})]
    assert names({"x": new}, {"x": old}) == [("x[aa]", {"name": "aa", "port": 9}, None)]


def test_blocks_are_told_apart_by_key() -> None:
    old = [{"name": "a", "port": 1}, {"name": "b", "port": 2}]
    new = [{"name": "b", "port": 3}, {"name": "a", "port": 1}, {"name": "c", "port": 2}]
    assert names(old, new) == [("[b].port", 2, 3), ("[c]", None, {"name": "c", "port": 2})]


def test_blocks_without_a_key_are_paired_by_what_they_have_in_common() -> None:
    old = [{"p": 1, "q": 1, "r": 1}, {"p": 2, "q": 2, "r": 2}]
    new = [{"p": 2, "q": 2, "r": 9}, {"p": 1, "q": 1, "r": 8}]
    assert sorted(names(old, new)) == [("[0].r", 2, 9), ("[1].r", 1, 8)]


def test_true_is_not_one() -> None:
    assert names({"x": 1}, {"x": True}) == [("x", 1, True)]


BLOCKS = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from("abcdef"), "port": st.integers(0, 3)}),
    unique_by=lambda block: block["name"],
    max_size=6,
)


@given(BLOCKS, st.randoms(use_true_random=False))
def test_the_order_of_blocks_does_not_matter(blocks: list[dict[str, Any]], order: random.Random) -> None:
    mixed = list(blocks)
    order.shuffle(mixed)
    assert names(blocks, mixed) == []


@given(BLOCKS, BLOCKS)
def test_no_difference_is_lost_and_none_is_of_equal_values(one: list[Any], other: list[Any]) -> None:
    found = names({"x": one}, {"x": other})
    assert all(before != after for _, before, after in found)
    in_order = [sorted(blocks, key=lambda block: str(block["name"])) for blocks in (one, other)]
    assert bool(found) is (in_order[0] != in_order[1])


@given(st.text("ab", max_size=200), st.text("ab", max_size=200), st.integers(30, 80))
def test_cut_values_never_look_alike(one: str, other: str, longest: int) -> None:
    before, after = cut_pair(one, other, longest)
    assert (before == after) is (one == other)
    assert max(len(before), len(after)) <= longest


def changed(before: Any, after: Any) -> Attribute:
    (attribute,) = differences({"before": {"x": before}, "after": {"x": after}})
    return attribute


def test_a_set_is_shown_by_what_it_loses_and_gets() -> None:
    hosts = [f"host-{number}.example" for number in range(20)]
    attribute = changed(hosts, [*hosts[1:], "new.example"])
    assert list(attribute_lines([attribute])) == [("", "x:"), ("-", '"host-0.example"'), ("+", '"new.example"')]
    assert list(attribute_lines([changed(["a"], ["a", "b"])])) == [("", 'x: ["a"] -> ["a", "b"]')]
    order = changed(hosts, hosts[::-1])
    assert list(attribute_lines([order])) == [("", "x:"), ("~", "the same in another order")]


@pytest.mark.parametrize("same", [50, 500])
def test_long_values_are_cut_to_what_differs(same: int) -> None:
    text = arrow(changed(f"{'x' * same}one{'y' * 90}", f"{'x' * same}two{'y' * 90}"))
    before, _, after = text.partition(" -> ")
    assert ("one" in before, "two" in after, len(text) < 140) == (True, True, True)


def test_only_masked_sides_look_alike_and_then_it_is_said() -> None:
    marks = {"x": True}
    change = {"before": {"x": "a"}, "after": {"x": "b"}, "before_sensitive": marks, "after_sensitive": marks}
    assert arrow(*differences(change)) == "(sensitive), changed"
