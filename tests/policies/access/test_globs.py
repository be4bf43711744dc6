"""Patterns of policies: what they match, and what two of them have in common."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.access.globs import Glob, arn_glob, glob, is_literal, is_within, literal, meet, regular
from policies.access.text import FIELD_WILDCARD

TEXTS = st.text("ab:", max_size=6)
PATTERNS = st.text("ab:*?", max_size=5)


def matches(pattern: Glob | None, text: str) -> bool:
    return pattern is not None and re.fullmatch(regular(pattern), text, re.DOTALL) is not None


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("s3:Get*", "s3:GetObject", True),
        ("s3:Get?bject", "s3:GetObject", True),
        ("s3:Get?", "s3:GetObject", False),
        ("a${*}b", "a*b", True),
        ("a${*}b", "axb", False),
        ("a${?}b", "a?b", True),
        ("${$}{x}", "${x}", True),
        (f"a{FIELD_WILDCARD}b", "a-1b", True),
        (f"a{FIELD_WILDCARD}b", "a:b", False),
        (f"a{FIELD_WILDCARD}b", "a/b", False),
        ("", "", True),
    ],
)
def test_wildcards_and_escapes(pattern: str, text: str, expected: bool) -> None:
    assert matches(glob(pattern), text) is expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("arn:aws:iam::*:role/a", "arn:aws:iam::123456789012:role/a", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x:y", True),
        ("arn:aws:*:role/a", "arn:aws:iam::123456789012:role/a", False),
        ("arn:*:*:*:*:*", "arn:aws:iam::123456789012:role/a", True),
        ("*", "arn:aws:iam::123456789012:role/a", True),
    ],
)
def test_wildcards_of_arn_operators_stay_in_their_part(pattern: str, text: str, expected: bool) -> None:
    assert matches(arn_glob(pattern), text) is expected


def test_what_has_too_few_parts_is_no_arn() -> None:
    assert arn_glob("arn:aws:iam::*") is None


def test_case_counts_unless_it_is_folded() -> None:
    assert not matches(glob("Prod*"), "prod-1")
    assert matches(glob("Prod*", folds_case=True), "pROD-1")
    assert matches(literal("A*", folds_case=True), "a*")
    assert not matches(literal("A*", folds_case=True), "ab")


def test_only_a_text_without_wildcards_is_literal() -> None:
    assert is_literal(glob("a${*}"))
    assert not is_literal(glob("a*"))
    assert not is_literal(literal("a", folds_case=True))


@given(PATTERNS, PATTERNS)
@settings(max_examples=200, deadline=None)
def test_patterns_meet_if_a_short_text_matches_both(one: str, other: str) -> None:
    texts = [""]
    for text in texts:
        if len(text) < 7:
            texts += [text + each for each in "ab:"] if len(text) < len(one) + len(other) and len(texts) < 4000 else []
    common = any(matches(glob(one), text) and matches(glob(other), text) for text in texts)
    assert meet(glob(one), glob(other)) or not common


@given(TEXTS, PATTERNS)
def test_a_text_meets_what_matches_it(text: str, pattern: str) -> None:
    assert meet(literal(text), glob(pattern)) is matches(glob(pattern), text)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a*", "a*", True),
        ("ab*", "a*", True),
        ("a*", "ab*", False),
        ("a*", "?*", True),
        ("*", "??", False),
        ("a?c", "a*", True),
        ("a*", "a?", False),
        ("ab", "a?", True),
        ("arn:aws:iam::1:role/*", "arn:aws:iam::1:*", True),
        ("arn:aws:iam::*:role/x", "arn:aws:iam::1:*", False),
    ],
)
def test_whether_a_pattern_is_within_another(one: str, other: str, expected: bool) -> None:
    assert is_within(glob(one), glob(other)) is expected
