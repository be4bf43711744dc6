"""The files that decide what is synthesized: the synthesis cache and the id of a release go by the same list."""

from __future__ import annotations

from pathlib import Path

from cli.core.base import git

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
    return sorted(path for path in files if path.is_file() and not _is_of_settings(path.relative_to(root)))


def is_code_of(root: Path, commit: str) -> bool:
    """Whether all files of a checkout that can go into a synthesis are, byte for byte, those of a commit."""
    listed = git.ask(root, "ls-tree", "-r", "-z", commit, *FILES, *(f"{folder}/" for folder in FOLDERS)).split("\0")
    entries = [(path, entry.split()[2]) for entry, _, path in (line.partition("\t") for line in listed if line)]
    committed = [(path, name) for path, name in sorted(entries) if not _is_of_settings(Path(path))]
    paths = sorted(path.relative_to(root).as_posix() for path in synthesis_sources(root))
    if paths != [path for path, _ in committed]:
        return False
    names = git.run(root, "hash-object", "--no-filters", "--stdin-paths", content="\n".join(paths).encode())
    return names.stdout.decode().split() == [name for _, name in committed]


def _is_of_settings(path: Path) -> bool:
    """Whether a file of a checkout has the settings of environments, or their schema."""
    return path.parent == Path("envs") and path.suffix in (".yaml", ".json")
