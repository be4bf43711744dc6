"""The partition of texts by patterns: exact, finite, and small."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.access import atoms
from policies.access.atoms import TooManyAtoms, first_bit, listed, partition
from policies.access.globs import arn_glob, glob, literal, regular
from policies.access.text import FIELD_WILDCARD

PATTERNS = st.lists(st.text(f"ab:/*?{FIELD_WILDCARD}", max_size=6), max_size=5)


def matching(pattern: str, texts: tuple[str, ...]) -> int:
    return sum(1 << at for at, text in enumerate(texts) if re.fullmatch(regular(glob(pattern)), text, re.DOTALL))


@given(PATTERNS, st.text("abx:/", max_size=8))
@settings(max_examples=300, deadline=None)
def test_each_text_is_in_the_one_atom_with_its_matches(patterns: list[str], text: str) -> None:
    made = partition(map(glob, patterns))
    matched = {each for each in patterns if re.fullmatch(regular(glob(each)), text)}
    mask = made.everything
    for each in patterns:
        mask &= made.mask(glob(each)) if each in matched else ~made.mask(glob(each))
    assert mask.bit_count() == 1


@given(PATTERNS)
@settings(max_examples=200, deadline=None)
def test_an_example_matches_what_its_atom_says(patterns: list[str]) -> None:
    made = partition(map(glob, patterns))
    for each in patterns:
        assert made.mask(glob(each)) == matching(each, made.examples)


@given(PATTERNS, PATTERNS)
@settings(max_examples=200, deadline=None)
def test_a_text_with_a_name_is_of_the_same_atom(patterns: list[str], universe: list[str]) -> None:
    made = partition(map(glob, [*universe, *patterns]), map(glob, universe))
    for at in range(len(made.examples)):
        text = made.named(1 << at)
        assert {each for each in patterns if matching(each, (text,))} == {
            each for each in patterns if made.mask(glob(each)) >> at & 1
        }


def test_an_object_has_a_name() -> None:
    made = partition(map(glob, ("arn:aws:s3:::data", "arn:aws:s3:::data/*", "arn:aws:s3:::data/in/")))
    assert made.named(made.mask(glob("arn:aws:s3:::data/*"))) == "arn:aws:s3:::data/example"
    assert made.named(made.mask(glob("arn:aws:s3:::data/in/"))) == "arn:aws:s3:::data/in/"


@given(PATTERNS, PATTERNS)
@settings(max_examples=200, deadline=None)
def test_a_universe_leaves_out_all_other_texts(patterns: list[str], universe: list[str]) -> None:
    whole = partition(map(glob, [*patterns, *universe]))
    part = partition(map(glob, patterns), map(glob, universe))
    assert len(part.examples) == whole.union(map(glob, universe)).bit_count()
    assert part.union(map(glob, universe)) == part.everything


@given(PATTERNS, st.lists(st.text("ab:*", max_size=5), max_size=5))
@settings(max_examples=200, deadline=None)
def test_of_listed_texts_each_is_an_atom(patterns: list[str], texts: list[str]) -> None:
    made = listed(texts, map(glob, patterns))
    assert made.examples == tuple(dict.fromkeys(texts))
    for each in patterns:
        assert made.mask(glob(each)) == matching(each, made.examples)


def test_parts_of_arns_are_told_apart() -> None:
    narrow = arn_glob("arn:aws:iam::*:role/a")
    assert narrow is not None
    made = partition([narrow, glob("arn:aws:iam::1:*:role/a"), literal("arn:aws:iam::1:role/a")])
    assert made.mask(narrow) & made.mask(glob("arn:aws:iam::1:*:role/a")) == 0
    assert made.mask(literal("arn:aws:iam::1:role/a")) & made.mask(narrow)


def test_patterns_as_people_write_them_make_an_atom_each() -> None:
    patterns = [f"service{at}:Action{at}" for at in range(200)] + [f"service{at}:*" for at in range(200)]
    made = partition(map(glob, patterns))
    assert len(made.examples) == 401


def test_too_many_atoms_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atoms, "MOST_STATES", 1000)
    with pytest.raises(TooManyAtoms, match="12 patterns make more than 1000 states"):
        partition(glob(f"*{letter}*") for letter in "abcdefghijkl")


def test_the_empty_set_has_no_first_atom() -> None:
    assert first_bit(0b1100) == 2
    with pytest.raises(ValueError, match="empty set"):
        first_bit(0)
