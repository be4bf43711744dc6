"""Files written whole, and locks between processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cli.core.base.files import create_whole, locked, write_whole
from tests.support.helpers import infra_environment


def test_write_whole_replaces_the_content_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_write_whole_gives_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write_whole(tmp_path / "file", b"")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_only_the_owner_reads_a_file_that_is_owner_only(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", b"", owner_only=True)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_create_whole_never_replaces_a_file(tmp_path: Path) -> None:
    assert create_whole(tmp_path / "file", b"first")
    assert not create_whole(tmp_path / "file", b"second")
    assert (tmp_path / "file").read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_write_whole_that_fails_keeps_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def no_space(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_names_the_file_and_no_temporary_one(tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir()
    for path in (tmp_path / "nowhere" / "file", tmp_path / "directory"):
        with pytest.raises(OSError) as caught:  # noqa: PT011 (which one the system decides)
            write_whole(path, b"new")
        assert caught.value.filename == str(path)


def test_one_process_at_a_time(tmp_path: Path) -> None:
    holder = _hold(tmp_path / "lock")
    announced = threading.Event()
    done = threading.Event()

    def wait() -> None:
        with locked(tmp_path / "lock", waiting=announced.set):
            done.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert announced.wait(10)
    assert not done.wait(0.3)
    holder.communicate("\n")
    assert done.wait(10)
    thread.join()


def test_a_lock_dies_with_its_holder(tmp_path: Path) -> None:
    holder = _hold(tmp_path / "lock")
    holder.kill()
    holder.communicate()
    announced: list[None] = []
    with locked(tmp_path / "lock", waiting=lambda: announced.append(None)):
        assert announced == []


def test_a_lock_whose_file_the_holder_removed_is_taken_anew(tmp_path: Path) -> None:
    path = tmp_path / "out" / "lock"
    announced = threading.Event()
    seen: list[bool] = []

    def wait() -> None:
        with locked(path, waiting=announced.set):
            seen.append(path.exists())

    thread = threading.Thread(target=wait)
    with locked(path, waiting=lambda: None):
        thread.start()
        assert announced.wait(10)
        path.unlink()
        path.parent.rmdir()
    thread.join(10)
    assert seen == [True]


def _hold(path: Path) -> subprocess.Popen[str]:
    """Start a process that holds a lock until it is given a line."""
    code = (
        "import sys; from pathlib import Path; from cli.core.base.files import locked\n"
        "with locked(Path(sys.argv[1]), waiting=lambda: None): print('held', flush=True); sys.stdin.readline()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=infra_environment(),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process
