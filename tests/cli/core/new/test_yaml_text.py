"""Adding to YAML: what was there stays as it was, and the data has one thing more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from cli.core.new.refusals import DoesNotFit
from cli.core.new.yaml_text import with_entry, with_item

TEXT = """\
# The first comment.
servers:
  core: {size: 1} # of core
  agent: false

# About the last.
channels:
  - {name: one}
  - name: two # of two
    domains:
      - a.example

groups: {flow: [a, b], empty: []}
"""


def data(text: str) -> object:
    return YAML(typ="safe").load(text)


def test_an_entry_comes_last_in_its_mapping() -> None:
    new = with_entry(TEXT, ("servers",), "own: {size: 2}\n")
    assert new.splitlines()[2:5] == ["  core: {size: 1} # of core", "  agent: false", "  own: {size: 2}"]


def test_missing_keys_are_made() -> None:
    new = with_entry(TEXT, ("servers", "groups"), "own:\n  size: 2\n")
    assert new.splitlines()[4:7] == ["  groups:", "    own:", "      size: 2"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("channels",), [{"name": "one"}, {"name": "two", "domains": ["a.example"]}, "x"]),
        (("groups", "flow"), ["a", "b", "x"]),
        (("groups", "empty"), ["x"]),
        (("servers", "list"), ["x"]),
    ],
)
def test_an_item_comes_last_in_its_list(path: tuple[str, ...], expected: list[object]) -> None:
    found = data(with_item(TEXT, path, "x"))
    for step in path:
        assert isinstance(found, dict)
        found = found[step]
    assert found == expected


@pytest.mark.parametrize(("path", "key"), [(("groups",), "groups"), (("servers", "core"), "servers.core")])
def test_a_mapping_on_one_line_is_left_alone(path: tuple[str, ...], key: str) -> None:
    with pytest.raises(DoesNotFit, match=rf"^{key} is not written as lines"):
        with_entry(TEXT, path, "x: 1\n")


def test_what_is_no_list_takes_no_item() -> None:
    with pytest.raises(DoesNotFit, match=r"servers\.agent is no list"):
        with_item(TEXT, ("servers", "agent"), "x")


NAMES = st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True)
COMMENTS = st.sampled_from(("", " # said", "\n  # above"))


@given(st.dictionaries(NAMES, st.integers(), min_size=1), COMMENTS, st.sampled_from(("", "\n", "\n\n# end\n")))
def test_every_line_stays_and_the_data_has_one_more(entries: dict[str, int], comment: str, end: str) -> None:
    lines = "".join(f"  {name}: {value}{comment}\n" for name, value in entries.items())
    text = f"part:\n{lines.rstrip()}{end}"
    new = with_entry(text, ("part",), "added-one: 1\n")
    assert data(new) == {"part": {**entries, "added-one": 1}}
    rest = [line for line in new.splitlines() if line != "  added-one: 1"]
    assert rest == text.splitlines()
