"""Reading HCL that stands in a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from policies.access.model import AccessModel
from policies.library.model import Configuration
from policies.library.terraform.load import load_directory
from policies.reachability.network import Network
from tests.support.helpers import write_files

ReadHcl = Callable[[str], Network]
"""Gives the network that the HCL of one file describes."""

ReadAccess = Callable[[str], AccessModel]
"""Gives all that decides requests in the HCL of one file."""


class Load(Protocol):
    """Gives the configuration of main.tf and other files."""

    def __call__(self, main: str = "", files: Mapping[str, str] | None = None) -> Configuration:
        """Write and read them."""


def load_files(directory: Path, files: Mapping[str, str]) -> Configuration:
    """The configuration of some files, by their paths below a directory."""
    configuration, unreadable = load_directory(write_files(directory, files))
    assert not unreadable, unreadable
    return configuration
