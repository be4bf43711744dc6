"""Reading HCL that stands in a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.reading import Load, load_files


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """The configuration of some files: main.tf, and others by name."""
    return lambda main="", files=None: load_files(tmp_path, {"main.tf": main, **(files or {})})
