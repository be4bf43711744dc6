"""Text that is not an environment: one clear message each, at the right place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from envs.errors import Problem, SettingsError
from envs.positions import DEEPEST, MOST_BYTES, read

Problems = Callable[[str | bytes], tuple[Problem, ...]]


@pytest.mark.parametrize(
    ("text", "place", "received", "allowed"),
    [
        ("", (0, 0), "nothing", "a mapping"),
        ("# only a comment\n", (0, 0), "nothing", "a mapping"),
        ("- a\n", (0, 0), "a list", "a mapping"),
        ("dev\n", (0, 0), '"dev"', "a mapping"),
        ("a: 1\n---\nb: 2\n", (2, 1), "a second YAML document", "one document"),
        ("a: [1, 2\n", (2, 1), "text that is not YAML", "YAML"),
        ("a: 1\n  b: 2\n", (2, 4), "text that is not YAML", "YAML"),
        ("a:\n\tb: 1\n", (2, 1), "text that is not YAML", "YAML"),
        ("a: 1\nb: {c: 1}\na: 2\n", (3, 1), "the key a second time (first on line 1)", "each key once"),
        ("a: {b: 1, b: 1}\n", (1, 11), "the key a second time (first on line 1)", "each key once"),
        ("a: &x [1]\nb: *x\n", (1, 4), "the anchor &x", "the value itself"),
        ("a: *x\n", (1, 4), "the alias *x", "the value itself"),
        ("<<: *x\n", (1, 5), "the alias *x", "the value itself"),
        ("a: !!str 1\n", (1, 4), "a tag", "the value itself"),
        ("a: !!python/object:os.system x\n", (1, 4), "a tag", "the value itself"),
        ("a: !!map {}\n", (1, 4), "a tag", "the value itself"),
        ("? [a]\n: 1\n", (1, 3), "a mapping or list as a key", "text as a key"),
        ("a: b\x00c\n", (1, 5), "the character '\\x00'", "printable characters"),
        (b"a: 1\nb: caf\xe9\n", (2, 7), "byte 0xe9, which is not UTF-8", "UTF-8 text"),
        ("a: 1\n".encode("utf-16"), (1, 1), "byte 0xff, which is not UTF-8", "UTF-8 text"),
        ("a: " + "[" * (DEEPEST + 1), (1, 3 + DEEPEST), "a value nested too deeply", f"at most {DEEPEST} levels"),
        ("{a: " * 5000, (1, 1 + 4 * DEEPEST), "a value nested too deeply", f"at most {DEEPEST} levels"),
        ("#" * (MOST_BYTES + 1), (0, 0), f"{MOST_BYTES + 1} bytes", f"at most {MOST_BYTES} bytes"),
    ],
)
def test_text_that_cannot_be_read(
    problems_in: Problems, text: str | bytes, place: tuple[int, int], received: str, allowed: str
) -> None:
    (problem,) = problems_in(text)
    assert (problem.line, problem.column) == place
    assert problem.received.startswith(received)
    assert problem.allowed.startswith(allowed)


def test_tabs_are_named() -> None:
    with pytest.raises(SettingsError, match="YAML is indented with spaces, not with tabs"):
        read(b"a:\n\tb: 1\n", file="x.yaml")


def test_a_bomb_of_aliases_is_refused_before_it_grows(problems_in: Problems) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    (problem,) = problems_in("\n".join(lines))
    assert problem.received == "the anchor &a0"


def test_all_duplicate_keys_are_told_at_once(problems_in: Problems) -> None:
    found = problems_in("a: 1\na: 2\nb:\n  c: 1\n  c: 2\n")
    assert [(each.line, each.key) for each in found] == [(2, "a"), (5, "b.c")]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read("\ufeffa: 1\n".encode(), file="x.yaml").data == {"a": 1}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1),
        ("-7", -7),
        ("012", 12),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("-.inf", float("-inf")),
        ("true", True),
        ("null", None),
        ("", None),
        ("yes", "yes"),
        ("'1'", "1"),
        ('"true"', "true"),
        ("2024-01-01", "2024-01-01"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_scalars_are_those_of_the_core_schema(written: str, value: object) -> None:
    data = read(f"a: {written}\n".encode(), file="x.yaml").data
    assert data == {"a": value}
    assert type(data["a"]) is type(value)


def test_every_value_has_its_place() -> None:
    document = read(b"a:\n  - {b: 1}\n  - c\n", file="x.yaml")
    assert document.value_place(("a", 0, "b"))[:2] == (2, 9)
    assert document.key_place(("a", 0, "b"))[:2] == (2, 6)
    assert document.value_place(("a", 1)) == (3, 5, "c")
    assert document.value_place(("a", 0, "missing"))[:2] == (2, 5)
