"""Path patterns: the part of a set of patterns that lies below a prefix."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.edge.path_patterns import not_within, within

PREFIX = "/ab"
patterns = st.lists(st.text("/ab*?", max_size=7).map(lambda text: f"/{text}"), max_size=4)
paths = st.text("/abc", max_size=7).map(lambda text: f"/{text}")


def matches(pattern: str, path: str) -> bool:
    """Whether Elastic Load Balancing would match `path`."""
    translated = "".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern)
    return re.fullmatch(translated, path) is not None


@given(patterns, paths)
def test_within_matches_what_begins_with_the_prefix_and_matches_a_pattern(given_patterns, path):
    expected = path.startswith(PREFIX) and any(matches(each, path) for each in given_patterns)
    assert any(matches(each, path) for each in within(PREFIX, given_patterns)) is expected


@given(patterns, paths)
def test_not_within_matches_every_other_path_that_matches_a_pattern(given_patterns, path):
    expected = any(matches(each, path) for each in given_patterns)
    if not path.startswith(PREFIX):
        assert any(matches(each, path) for each in not_within(PREFIX, given_patterns)) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("/account*", []),
        ("/ordering/admin*", ["/ordering/admin*"]),
        ("/ordering", ["/ordering"]),
        ("/order", []),
        ("/*", ["/ordering*"]),
        ("/o*", ["/ordering*"]),
        ("/*/admin", ["/ordering*/admin"]),
        ("/?rdering/x", ["/ordering/x"]),
        ("/*ring/x", ["/ordering*ring/x", "/ordering/x"]),
    ],
)
def test_within_ordering(pattern, expected):
    assert within("/ordering", [pattern]) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"), [("/account*", ["/account*"]), ("/ordering/admin*", []), ("/*/admin", ["/*/admin"])]
)
def test_not_within_ordering(pattern, expected):
    assert not_within("/ordering", [pattern]) == expected
