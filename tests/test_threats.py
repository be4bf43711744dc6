"""The table of threats in docs/security.md: what it calls prevented or detected has a test that plays it."""

from __future__ import annotations

import re

import pytest

from tests.support.helpers import ROOT

SECTION = (ROOT / "docs" / "security.md").read_text().split("## Who can do what")[1].split("\n## ")[0]
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in SECTION.splitlines()
    if line.startswith("| ") and not line.startswith("| who |")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1][:40])
def test_what_is_prevented_or_detected_has_a_test(row: list[str]) -> None:
    _, _, outcome, _, test = row
    path, _, name = test.strip("`").partition("::")
    if outcome == "neither":
        assert path == ""
        return
    assert outcome in ("prevented", "detected")
    text = (ROOT / "tests" / "cli" / "core" / path).read_text()
    assert not name or re.search(rf"^def {name}\(", text, re.MULTILINE)
