"""Scratch directories: terraform runs in one that is removed afterwards, so that looking leaves nothing behind."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from cli.core.base.files import locked, owner_only_directory
from cli.core.terraform.lockfile import LOCK_FILE
from cli.core.terraform.process import wait_for_earlier

INITIALIZED = "initialized"
"""File beside the saved plan, with the digest of what terraform init was run for."""


@contextlib.contextmanager
def scratch_store(plans: Path, stack: str, *, waiting: Callable[[], None]) -> Iterator[Path]:
    """Hold an empty directory beside that of the saved plan; it is removed in the end."""
    store = plans / f"promotion-{stack}"
    with locked(store / "lock", waiting=waiting):
        owner_only_directory(plans)
        owner_only_directory(store)
        wait_for_earlier(store, lambda _process: waiting())  # the terraform of a run that was killed goes on
        shutil.rmtree(store / "stacks", ignore_errors=True)
        try:
            yield store
        finally:
            shutil.rmtree(store)
            with contextlib.suppress(OSError):  # other stacks have files in it
                plans.rmdir()


def copy_initialization(usual: Path, saved: Path, *, directory: Path, store: Path) -> None:
    """Give ``directory`` what terraform init made in the ``usual`` directory of the stack, if it ran there.

    Providers are links, as in a plug-in cache: further ones are installed into the new directory. ``saved`` and
    ``store`` are the directories with the digest, which tells `Workspace.init` whether init has to run again.
    """
    data = Path(".terraform")
    for package in usual.glob(str(data / "providers" / "*" / "*" / "*" / "*" / "*")):
        link = directory / package.relative_to(usual)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(package.resolve())
    files = {usual / LOCK_FILE: directory / LOCK_FILE, saved / INITIALIZED: store / INITIALIZED}
    backend = data / "terraform.tfstate"
    if (directory / data).is_dir():
        files[usual / backend] = directory / backend
    for source, copy in files.items():
        if source.is_file():
            shutil.copy(source, copy)
