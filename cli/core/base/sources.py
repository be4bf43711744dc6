"""The files that decide what is synthesized: the synthesis cache and the id of a release go by the same list."""

from __future__ import annotations

from pathlib import Path

FILES = ("main.py", "cdktf.json", "addresses.json", "requirements.lock", "requirements-cdktn.lock")
FOLDERS = ("envs", "modules")

PATHS = (*FILES, "modules", ":(glob)envs/**/*.py")
"""The same as paths for git: code and locks, without the files of environments."""


def synthesis_sources(root: Path) -> list[Path]:
    """The files of a checkout that can go into a synthesis, sorted: code, templates, moved addresses, packages.

    Settings go in by their values, so the environment files and their JSON Schema are left out.
    """
    files = [root / name for name in FILES]
    for folder in FOLDERS:
        files += (path for path in (root / folder).rglob("*") if "__pycache__" not in path.parts)
    settings = {path for suffix in ("yaml", "json") for path in (root / "envs").glob(f"*.{suffix}")}
    return sorted(path for path in files if path.is_file() and path not in settings)
