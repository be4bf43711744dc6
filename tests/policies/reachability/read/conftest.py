"""Reading the network of HCL that stands in a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.reachability.read import read
from tests.support.reading import ReadHcl, load_files


@pytest.fixture
def network(tmp_path: Path) -> ReadHcl:
    """The network that the HCL of one file describes."""
    return lambda main: read(load_files(tmp_path, {"main.tf": main}))
