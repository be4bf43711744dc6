"""Syntheses that are kept, to be taken again as long as nothing has changed that they were made from.

The name of a kept synthesis is the digest of its settings, of every file of the checkout that can go into one (code,
templates, the addresses that were moved, the lock), of the Python and the variables that steer the kernel. In it stand
the installed files that it stood on, with size and time of change: the modules that were imported, the bindings'
packages, Node. It is taken only if all of that is as it was, and if its content has the digest that it was kept with;
otherwise the constructs run. One that was made while a file changed is not kept, since nobody knows which of the two it
was made from. Where nothing can be written, nothing is kept.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from cli import STARTED_NS
from cli.core.base.digests import file_digest, json_digest
from cli.core.base.files import write_whole
from cli.core.base.project import ROOT
from cli.core.base.sources import synthesis_sources
from envs.settings import Settings

VARIABLE = "INFRA_CACHE_DIRECTORY"
"""Environment variable with the directory that has `syntheses`; without it, `.cache` in the virtual environment."""

MOST = 48
"""Syntheses that are kept; of more, those that were not taken for longest go."""

_STEERING = ("CDKTF_", "JSII_", "NODE_")
_TICK_NS = 10_000_000
"""By how much the time of a file may lag behind the clock: the kernel's own is that coarse."""


def key(settings: Settings, root: Path = ROOT) -> str:
    """The name of the synthesis that a checkout gives of these settings now."""
    return json_digest(
        {
            "settings": settings.model_dump_json(),  # as text: the order may matter
            "sources": [[path.relative_to(root).as_posix(), file_digest(path)] for path in synthesis_sources(root)],
            "python": [sys.version, platform.machine(), sys.prefix],
            "steering": {name: value for name, value in os.environ.items() if name.startswith(_STEERING)},
        }
    )


def take(name: str, directory: Path) -> bool:
    """Write what was kept under a name to an empty directory; False, and nothing written, where nothing fits."""
    file = _directory() / f"{name}.json"
    try:
        kept = json.loads(file.read_bytes())
        is_whole = kept["digest"] == json_digest(kept["files"])
        if not is_whole or any(_state(Path(path)) != state for path, state in kept["installed"].items()):
            return False
        os.utime(file)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # not kept, or not whole
        return False
    for path, content in kept["files"].items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(content.encode())
    return True


def keep(name: str, directory: Path, installed: Iterable[Path]) -> None:
    """Keep what was synthesized to a directory, and stood on ``installed``."""
    states = {str(path): _state(path) for path in installed}
    changed = [state[1] for state in [*states.values(), *map(_state, synthesis_sources(ROOT))] if state]
    if not all(states.values()) or max(changed) >= STARTED_NS - _TICK_NS:
        return
    files = {path.relative_to(directory).as_posix(): _text(path) for path in sorted(_files(directory))}
    content = {"digest": json_digest(files), "files": files, "installed": states}
    with contextlib.suppress(OSError):
        _directory().mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(_directory() / f"{name}.json", json.dumps(content, ensure_ascii=False).encode())
        for old in sorted(_directory().glob("*.json"), key=_taken, reverse=True)[MOST:]:
            old.unlink(missing_ok=True)


def _directory() -> Path:
    return Path(os.environ.get(VARIABLE) or Path(sys.prefix, ".cache"), "syntheses")


def _state(path: Path) -> list[int] | None:
    """Size and time of the last change of whatever kind, which nobody can set; None where there is no such file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return [found.st_size, found.st_ctime_ns]


def _files(directory: Path) -> Iterator[Path]:
    return (path for path in directory.rglob("*") if path.is_file())


def _text(path: Path) -> str:
    return path.read_bytes().decode()


def _taken(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
