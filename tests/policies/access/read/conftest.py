"""Reading what decides requests from HCL that stands in a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.access.read import read
from tests.support.reading import ReadAccess, load_files


@pytest.fixture
def model(tmp_path: Path) -> ReadAccess:
    """All that decides requests in the HCL of one file."""
    return lambda main: read(load_files(tmp_path, {"main.tf": main}))
