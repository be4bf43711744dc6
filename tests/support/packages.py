"""Packages that some tests need and no user does: installed beside the virtual environment's own, once for all runs."""

from __future__ import annotations

import fcntl
import shutil
import sys
from pathlib import Path

from cli.core.base.digests import file_digest, short_id
from tests.support.checkouts import ROOT
from tests.support.programs import run_program, without

_DIRECTORY = Path(sys.prefix, ".cache", "packages")


def cdktn() -> Path:
    """cdktn and its AWS bindings, as `./infra` installs them where cdktf.json chooses them."""
    return installed(ROOT / "requirements-cdktn.lock")


def installed(lock: Path) -> Path:
    """A directory, for PYTHONPATH, with what a lock file names. Where it cannot be fetched, the test ends."""
    directory = _DIRECTORY / f"{lock.stem}-{short_id(file_digest(lock))}"
    _DIRECTORY.mkdir(parents=True, exist_ok=True)
    with (_DIRECTORY / f"{lock.stem}.lock").open("w") as waiting:
        fcntl.flock(waiting, fcntl.LOCK_EX)
        if not directory.is_dir():
            for old in _DIRECTORY.glob(f"{lock.stem}-*"):
                shutil.rmtree(old)
            new = _DIRECTORY / f"{lock.stem}-new"
            options = ("--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--python", sys.executable)
            target = ("--target", str(new), "--requirement", str(lock))
            command = [str(Path(sys.executable).with_name("uv")), "pip", "install", *options, *target]
            done = run_program(command, timeout=600)
            if done.returncode:
                without("terraform", f"{lock.name} cannot be fetched: {done.stderr.strip()}")
            new.rename(directory)
    return directory
