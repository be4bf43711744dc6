"""Reading the network of HCL that stands in a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policies.reachability.network import Network
from policies.reachability.read import read
from tests.support.reading import load_files

ReadHcl = Callable[[str], Network]


@pytest.fixture
def network(tmp_path: Path) -> ReadHcl:
    """The network that the HCL of one file describes."""
    return lambda main: read(load_files(tmp_path, {"main.tf": main}))
