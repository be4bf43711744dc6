"""A file that no server can start is refused before anything is uploaded."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from cli.core.artifacts import archive as module
from cli.core.artifacts.archive import ArchiveUnusable, read_archive
from tests.support.archives import archive


@pytest.mark.parametrize("name", ["bin/server", "./bin/server"])
def test_the_digest_is_that_of_the_file(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / "a.tar.gz", name=name)
    read = read_archive(path)
    assert (read.digest, read.size) == (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    path.write_bytes(b"no archive")
    with pytest.raises(ArchiveUnusable, match="is no archive that a server can unpack"):
        read_archive(path)


def test_an_archive_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.tar.gz", random.Random(1).randbytes(100_000), name="other")
    path.write_bytes(path.read_bytes()[:50_000])
    with pytest.raises(ArchiveUnusable, match="is no archive that a server can unpack"):
        read_archive(path)


def test_an_archive_without_the_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnusable, match="does not hold bin/server"):
        read_archive(archive(tmp_path / "a.tar.gz", name="server/bin/server"))


def test_a_program_that_cannot_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnusable, match=r"bin/server in .* is not executable: chmod \+x bin/server"):
        read_archive(archive(tmp_path / "a.tar.gz", mode=0o644))


def test_more_than_one_request_takes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 10)
    with pytest.raises(ArchiveUnusable, match=r"has \d+ bytes; allowed: at most 10"):
        read_archive(archive(tmp_path / "a.tar.gz"))
