"""Writing a release into a file: the release is there, and nothing else has changed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from cli.core.releases.edit import with_release
from cli.core.releases.refusals import NotRewritable
from envs.load import load, parse
from tests.support.helpers import ENVIRONMENTS

VALUES: dict[str, Any] = {
    "ami": "ami-0123456789abcdef0",
    "application_version": "2.0.0",
    "broker_engine_version": "4.2",
    "kafka_version": "3.9.x",
    "features": {"meal_swaps": True, "gifts": False},
}

LONG = f"release:\n  a: x\n  m:\n    b: {60 * 'c'}\n    d: {60 * 'e'}\n"
"""A new map that is too long for one line."""

names = st.from_regex(r"[a-z][a-z0-9]{0,8}(_[a-z0-9]{1,5}){0,2}", fullmatch=True)
texts = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20),
    st.sampled_from(["true", "null", "1.0", "3.8.x", "a: b", "# c", "'", '"', "- x", "", " x ", "[", "{a}", "*a", "~"]),
)
releases = st.fixed_dictionaries(
    {"ami": texts, "application_version": texts},
    optional={"features": st.dictionaries(names, st.booleans(), max_size=4), "more": texts},
)


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_the_release_that_is_there_changes_no_byte(environment: str) -> None:
    text = (ENVIRONMENTS / f"{environment}.yaml").read_text()
    assert with_release(text, load(environment).release.model_dump(mode="json")) == text


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_lines_outside_of_the_release_stay(environment: str) -> None:
    text = (ENVIRONMENTS / f"{environment}.yaml").read_text()
    written = with_release(text, VALUES)
    settings = parse(written.encode(), environment=environment, file="x.yaml")
    assert settings.release.model_dump(mode="json") == VALUES
    changed = set(text.splitlines()) ^ set(written.splitlines())
    words = ("ami:", "application_version:", "broker_engine_version:", "kafka_version:", "meal_swaps:", "gifts:")
    assert all(line.strip().startswith(words) for line in changed)


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        ("release:\n  a: 1 # why\n", {"a": 2}, "release:\n  a: 2 # why\n"),
        ("release:\n  a: '1'\n  b: x\n", {"a": "2", "b": "x"}, "release:\n  a: '2'\n  b: x\n"),
        ('release:\n  a: "1"\n', {"a": "2"}, 'release:\n  a: "2"\n'),
        ("release:\n  a: x\nz: 1\n", {"a": "x", "b": True}, "release:\n  a: x\n  b: true\nz: 1\n"),
        ("release:\n  a: x\n  b: y # gone\nz: 1\n", {"a": "x"}, "release:\n  a: x\nz: 1\n"),
        ("release:\n  f: {a: true}\n", {"f": {"a": True, "b": False}}, "release:\n  f: {a: true, b: false}\n"),
        (
            "release:\n  f:\n    a: true\n",
            {"f": {"a": True, "b": False}},
            "release:\n  f:\n    a: true\n    b: false\n",
        ),
        ("release:\n  a: x", {"a": "x", "b": "y"}, "release:\n  a: x\n  b: y\n"),
        ("release:\n  a: x\n", {"a": "x", "m": {"b": 60 * "c", "d": 60 * "e"}}, LONG),
        ("release:\n  a: x\n", {"a": "true"}, 'release:\n  a: "true"\n'),
        ("release:\n  a: x\n", {"a": "3.10"}, 'release:\n  a: "3.10"\n'),
    ],
)
def test_what_is_written(before: str, values: dict[str, Any], after: str) -> None:
    assert with_release(before, values) == after


@given(releases, releases)
def test_any_release_is_read_as_it_was_written(first: dict[str, Any], second: dict[str, Any]) -> None:
    text = "# head\na: 1\n\nrelease: # here\n  ami: x # image\n  application_version: y\n# tail\nz: [1, 2]\n"
    written = with_release(with_release(text, first), second)
    data = YAML(typ="safe").load(written)
    assert data == {"a": 1, "release": second, "z": [1, 2]}
    assert written.startswith("# head\na: 1\n\nrelease: # here\n")
    assert written.endswith("# tail\nz: [1, 2]\n")
    assert with_release(written, second) == written


@pytest.mark.parametrize("text", ["a: 1\n", "release: {a: 1}\n", "release: x\n", "- 1\n"])
def test_a_file_without_a_block_of_keys_is_refused(text: str) -> None:
    with pytest.raises(NotRewritable, match="write release: with its keys on lines of their own"):
        with_release(text, {"a": 1})
