"""The files of a directory of environments: one for each environment, and one for what they have in common."""

from __future__ import annotations

from pathlib import Path

COMPANY_FILE = "company.yaml"
"""The file with what all environments have in common. No environment can have its name."""


def environment_files(directory: Path) -> list[Path]:
    """The environments' files, sorted by name. Hidden files are none."""
    return sorted(
        path for path in directory.glob("*.yaml") if not path.name.startswith(".") and path.name != COMPANY_FILE
    )
