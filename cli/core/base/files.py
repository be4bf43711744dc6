"""Files that are written whole or not at all, files for their owner only, and locks between processes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path


def write_whole(path: Path, content: bytes, *, owner_only: bool = False) -> None:
    """Write ``path`` so that a reader, or a run after a crash, finds the old content or the new and nothing between.

    With ``owner_only`` nobody but the file's owner can read it, at any time.
    """
    with _temporary(path, content, owner_only=owner_only) as temporary:
        os.replace(temporary, path)


def create_whole(path: Path, content: bytes) -> bool:
    """Create ``path`` with its whole content, and keep it through a crash; False when it exists already."""
    with _temporary(path, content) as temporary:
        try:
            os.link(temporary, path)  # unlike a rename it never replaces
        except FileExistsError:
            return False
        finally:
            temporary.unlink()
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return True


def owner_only_directory(path: Path) -> Path:
    """Make a directory, unless it exists, that only its owner may enter."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path


@contextlib.contextmanager
def _temporary(path: Path, content: bytes, *, owner_only: bool = False) -> Iterator[Path]:
    """A file beside ``path`` with the content, on disk; removed where something fails."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    except OSError as error:
        error.filename = str(path)
        raise
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if not owner_only:
            temporary.chmod(0o666 & ~_umask())
        yield temporary
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, name):  # a full disk: writing does not say of what
            error.filename = str(path)
        raise


@contextlib.contextmanager
def locked(path: Path, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock file ``path``, which is made when missing, and so is its directory.

    When another process holds it, ``waiting`` is called once. The holder may remove both: a process that then gets the
    lock of a file that is gone starts over.
    """
    is_waiting = False
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = path.open("a")
        except FileNotFoundError:  # the holder removed the directory just now
            continue
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not is_waiting:
                    waiting()
                    is_waiting = True
                fcntl.flock(file, fcntl.LOCK_EX)
            if _is(file.fileno(), path):
                yield
                return


def _is(descriptor: int, path: Path) -> bool:
    """Whether an open file is still the one that ``path`` names."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
