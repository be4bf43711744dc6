"""The Python lines that the Terraform notes, read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cli.core.base.source_lines import SourceLine, lines_in, source_lines


def body(note: object) -> dict[str, Any]:
    return {"//": {"metadata": {"path": "dev/a", "sourceLines": note}}}


def test_lines_by_address() -> None:
    document = {
        "resource": {"aws_vpc": {"a": body(["modules/a.py:3", "modules/b/c.py:14"]), "b": {"//": {"metadata": {}}}}},
        "data": {"aws_ami": {"c": body(["main.py:1"])}},
    }
    assert source_lines(document) == {
        "aws_vpc.a": (SourceLine(Path("modules/a.py"), 3), SourceLine(Path("modules/b/c.py"), 14)),
        "data.aws_ami.c": (SourceLine(Path("main.py"), 1),),
    }
    assert str(source_lines(document)["aws_vpc.a"][1]) == "modules/b/c.py:14"


@pytest.mark.parametrize(
    "noted", [None, [], {}, {"//": "text"}, {"//": {"metadata": {}}}, body("modules/a.py:3"), body(["a.py", ":", 5])]
)
def test_other_notes_are_none(noted: object) -> None:
    assert lines_in(noted) == ()
