"""Whatever stands in a file, reading it ends with settings or with problems that have a place and words."""

from __future__ import annotations

from io import StringIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from envs.errors import Problem, SettingsError
from envs.load import parse
from envs.settings import Settings
from envs.settings.fields import known_paths
from tests.support.helpers import ENVIRONMENTS

TEXT = (ENVIRONMENTS / "prod.yaml").read_text(encoding="utf-8")
KEYS = sorted({str(step) for path in known_paths() for step in path})

odd_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**30, max_value=10**40),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["", "0.0.0.0/0", "10.0.0.0/16", "us-east-1a", "x" * 5000, "é.example", "a\nb", "443", "{}"]),
)
odd_values = st.recursive(
    odd_scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=8)), inner, max_size=4),
    ),
    max_leaves=12,
)


def check(content: bytes) -> None:
    """Read ``content``; any other error than ``SettingsError`` fails the test, and so does one without words."""
    try:
        found: tuple[Problem, ...] | Settings = parse(content, environment="prod", file="prod.yaml")
    except SettingsError as error:
        found = error.problems
    if isinstance(found, Settings):
        return
    assert found
    lines = content.decode("utf-8", "replace").splitlines() or [""]
    for problem in found:
        assert problem.file in ("prod.yaml", "tests/environments/company.yaml")
        assert problem.received
        assert problem.allowed
        assert 0 <= problem.line <= len(lines) + 1
        assert (problem.line == 0) == (problem.column == 0)
        assert len(str(problem).splitlines()) == 1


def dumped(data: Any) -> bytes:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    buffer = StringIO()
    yaml.dump(data, buffer)
    return buffer.getvalue().encode("utf-8", "surrogatepass")


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    check(content)


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    check(text.encode("utf-8", "surrogatepass"))


@given(
    st.lists(
        st.sampled_from([*"abc:-[]{},#&*!|>'\"%@`?\t\n ", "\n  ", ": ", "- ", "<<", "---", "...", "%YAML 9.9", "1e9"]),
        max_size=40,
    )
)
def test_any_punctuation_of_yaml(parts: list[str]) -> None:
    check("".join(parts).encode())


@given(st.integers(0, len(TEXT)), st.integers(0, 12), st.text(max_size=12))
def test_an_environment_with_a_hole_or_a_splinter(start: int, length: int, splinter: str) -> None:
    check((TEXT[:start] + splinter + TEXT[start + length :]).encode("utf-8", "surrogatepass"))


@given(odd_values)
def test_any_data_as_an_environment(data: Any) -> None:
    check(dumped(data))


@given(st.data())
def test_an_environment_with_any_value_at_any_key(data: st.DataObject) -> None:
    root = YAML(typ="safe", pure=True).load(TEXT)
    for _ in range(data.draw(st.integers(1, 3))):
        node: Any = root
        while True:
            key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else list(range(len(node)))))
            if not isinstance(node[key], (dict, list)) or not node[key] or data.draw(st.booleans()):
                break
            node = node[key]
        if isinstance(node, dict) and data.draw(st.booleans()):
            key = data.draw(st.one_of(st.sampled_from(KEYS), st.text(max_size=8)))
        node[key] = data.draw(odd_values)
    check(dumped(root))
