"""The code is formatted, linted and typed, and the names of tests are short."""

from __future__ import annotations

import re
import sys

import pytest

from tests.support.helpers import ROOT
from tests.support.imports import files
from tests.support.programs import run_program


@pytest.mark.parametrize(
    "arguments",
    [
        ("ruff", "check", "--no-cache"),
        ("ruff", "format", "--check", "--no-cache"),
        ("mypy",),
    ],
    ids=" ".join,
)
def test_tool_finds_nothing(arguments: tuple[str, ...]) -> None:
    done = run_program([sys.executable, "-m", *arguments], cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_names_of_tests_are_under_70_characters() -> None:
    names = [name for path in files("tests") for name in re.findall(r"^ *def (test_\w+)", path.read_text(), re.M)]
    assert [name for name in names if len(name) >= 70] == []
