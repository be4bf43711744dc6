"""Tables: whole in a pipe, and in blocks on a narrow terminal."""

from __future__ import annotations

import sys

import pytest

from cli.ui.tables import table

TITLES, ROWS = ("name", "", "value"), [("one", "ok", "x" * 100), ("two", "missing", "y z")]


def test_a_pipe_gets_each_row_in_one_line() -> None:
    lines = table(TITLES, ROWS).splitlines()
    assert [line.split() for line in lines] == [
        ["name", "value"],
        ["one", "ok", "x" * 100],
        ["two", "missing", "y", "z"],
    ]


def test_a_column_can_stand_on_the_right() -> None:
    assert table(("n",), [("1",), ("10",)], right=("n",)).splitlines() == [" n", " 1", "10"]


def test_a_narrow_terminal_gets_a_block_per_row_with_every_character(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    for name, value in (("COLUMNS", "40"), ("TERM", "xterm"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    lines = table(TITLES, ROWS).splitlines()
    assert lines[0] == "one  ok"
    assert max(map(len, lines)) <= 40
    assert sum(line.count("x") for line in lines) == 100
    assert lines[-2:] == ["two  missing", "  value  y z"]
