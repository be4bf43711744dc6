"""Reading HCL that stands in a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policies.library.model import Configuration
from policies.library.terraform.load import load_directory

Load = Callable[..., Configuration]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """The configuration of some files: main.tf, and others by name."""

    def read(main: str = "", files: dict[str, str] | None = None) -> Configuration:
        for name, text in {"main.tf": main, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        configuration, unreadable = load_directory(tmp_path)
        assert not unreadable, unreadable
        return configuration

    return read
