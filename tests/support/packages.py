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
            options = ("install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes")
            arguments = [*options, "--target", str(new), "--requirement", str(lock)]
            uv = run_program([Path(sys.executable).with_name("uv"), "pip", *arguments, "--python", sys.executable])
            if uv.returncode:  # as in the set-up: only pip may know where packages are
                shutil.rmtree(new, ignore_errors=True)
                pip = run_program([sys.executable, "-m", "pip", *arguments])
                if pip.returncode:
                    without("terraform", f"{lock.name} cannot be fetched: {uv.stderr.strip()}\n{pip.stderr.strip()}")
            new.rename(directory)
    return directory
