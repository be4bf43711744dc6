"""The synthesis cache: a synthesis is used again as long as nothing has changed that it was made from.

The key of an entry is the digest of its settings, of every file of the checkout that can go into a synthesis (code,
templates, moved addresses, the lock), of the Python version and of the variables that steer the kernel. The entry lists
the installed files that it depends on, with size and time of change: imported modules, the bindings' packages, Node. It
is used only if all of them are unchanged and its content has its digest; otherwise the constructs run. A synthesis
during which a file changed is not stored, since nobody knows which version it was made from. Where the cache cannot be
written, nothing is stored.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cli import STARTED_NS
from cli.core.base.digests import file_digest, json_digest
from cli.core.base.files import write_whole
from cli.core.base.project import ROOT
from cli.core.base.sources import synthesis_sources
from envs.settings import Settings

VARIABLE = "INFRA_CACHE_DIRECTORY"
"""Environment variable with the directory that has `syntheses`; without it, `.cache` in the virtual environment."""

MAX_ENTRIES = 48
"""Entries of the cache; of more, those that were not used for longest are removed."""

_STEERING = ("CDKTF_", "JSII_", "NODE_")
_TICK_NS = 10_000_000
"""By how much the time of a file may lag behind the clock: the kernel's own is that coarse."""


def key(settings: Settings, root: Path = ROOT) -> str:
    """The key of the synthesis that a checkout makes of these settings now."""
    return json_digest(
        {
            "settings": settings.model_dump_json(),  # as text: the order may matter
            "sources": [[path.relative_to(root).as_posix(), file_digest(path)] for path in synthesis_sources(root)],
            **_surroundings(),
        }
    )


def revision_key(commit: str, environment: str) -> str:
    """The key of the synthesis of an environment that a commit makes of its own settings."""
    return json_digest({"commit": commit, "environment": environment, **_surroundings()})


def _surroundings() -> Mapping[str, Any]:
    """What decides a synthesis beside sources and settings."""
    return {
        "python": [sys.version, platform.machine(), sys.prefix],
        "steering": {name: value for name, value in os.environ.items() if name.startswith(_STEERING)},
    }


def load(key: str, directory: Path) -> bool:
    """Write the entry of a key to an empty directory. False, and nothing written, where no entry fits."""
    file = _directory() / f"{key}.json"
    try:
        entry = json.loads(file.read_bytes())
        is_whole = entry["digest"] == json_digest(entry["files"])
        if not is_whole or any(_state(Path(path)) != state for path, state in entry["installed"].items()):
            return False
        os.utime(file)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # no entry, or a damaged one
        return False
    for path, content in entry["files"].items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(content.encode())
    return True


def store(key: str, directory: Path, installed: Iterable[Path]) -> None:
    """Store the synthesis in a directory. ``installed`` are the installed files that it depends on."""
    states = {str(path): _state(path) for path in installed}
    changed = [state[1] for state in [*states.values(), *map(_state, synthesis_sources(ROOT))] if state]
    if not all(states.values()) or max(changed) >= STARTED_NS - _TICK_NS:
        return
    paths = sorted(path for path in directory.rglob("*") if path.is_file())
    files = {path.relative_to(directory).as_posix(): path.read_bytes().decode() for path in paths}
    content = {"digest": json_digest(files), "files": files, "installed": states}
    with contextlib.suppress(OSError):
        _directory().mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(_directory() / f"{key}.json", json.dumps(content, ensure_ascii=False).encode())
        for old in sorted(_directory().glob("*.json"), key=_last_use, reverse=True)[MAX_ENTRIES:]:
            old.unlink(missing_ok=True)


def _directory() -> Path:
    return Path(os.environ.get(VARIABLE) or Path(sys.prefix, ".cache"), "syntheses")


def _state(path: Path) -> list[int] | None:
    """Size and time of the last change of any kind, which nobody can set; None where there is no such file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return [status.st_size, status.st_ctime_ns]


def _last_use(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
