"""Archives of the application, as a build makes them."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path


def archive(path: Path, content: bytes = b"#!/bin/sh\n", *, name: str = "bin/server", mode: int = 0o755) -> Path:
    """Write a `.tar.gz` with one file."""
    with tarfile.open(path, mode="w:gz") as file:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), mode
        file.addfile(member, io.BytesIO(content))
    return path
