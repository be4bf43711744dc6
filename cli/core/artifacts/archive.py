"""An archive on this machine: its SHA-256, and whether a server can start it. Read in pieces, whatever its size."""

from __future__ import annotations

import hashlib
import stat
import tarfile
from dataclasses import dataclass
from pathlib import Path

from cli.core.base.errors import ExitCode, InfraError

PROGRAM = "bin/server"
"""What a server runs, in its archive."""

LARGEST = 5 * 1024**3
"""Bytes that one PutObject takes, whose content S3 verifies as a whole (Amazon S3 user guide, "Uploading objects")."""


class ArchiveUnusable(InfraError, kind="archive-unusable", exit_code=ExitCode.USAGE):
    """A file that no server can start."""


@dataclass(frozen=True)
class Archive:
    """A `.tar.gz` on this machine that holds `bin/server`."""

    path: Path
    size: int
    digest: str
    """Its SHA-256, as hexadecimal text."""


def read_archive(path: Path) -> Archive:
    """Look into an archive and compute its digest. Raises `ArchiveUnusable`, and OSError where there is no file."""
    size = path.stat().st_size
    if size > LARGEST:
        raise ArchiveUnusable(
            f"{path} has {size} bytes; allowed: at most {LARGEST} (5 GiB), which S3 takes and verifies in one request"
        )
    _require_program(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Archive(path, size, digest)


def _require_program(path: Path) -> None:
    """Raise `ArchiveUnusable` unless the archive has `bin/server`, and may run it."""
    try:
        with tarfile.open(path, mode="r|gz") as archive:
            program = next((member for member in archive if member.name.removeprefix("./") == PROGRAM), None)
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.filename is not None:
            raise
        raise ArchiveUnusable(
            f"{path} is no archive that a server can unpack ({error}); allowed: what tar --gzip writes"
        ) from error
    if program is None:
        raise ArchiveUnusable(f"{path} does not hold {PROGRAM}, which a server runs; put it into the archive")
    if program.isreg() and not program.mode & stat.S_IXUSR:
        raise ArchiveUnusable(f"{PROGRAM} in {path} is not executable: chmod +x {PROGRAM}, and make the archive again")
