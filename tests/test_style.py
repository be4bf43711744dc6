"""The code is formatted, linted and typed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.helpers import ROOT


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
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
