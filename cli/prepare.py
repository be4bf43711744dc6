"""Makes .venv from requirements.lock. Run by the `infra` wrapper with the system's Python; standard library only.

The environment is built in place and its stamp, a copy of the lock, is written last: whatever interrupts the set-up,
the next run sees no stamp and starts over. Where cdktf.json names cdktn, that is added, from a lock of its own. A lock
file makes a second set-up wait for the first; the programs started here inherit it, so that a killed set-up's orphan
still counts as running.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
CDKTN_LOCK = ROOT / "requirements-cdktn.lock"
PYTHON = VENV / "bin" / "python"

ONLY_THE_LOCK = ("--require-hashes", "--only-binary", ":all:")
PIP_INSTALL = ("-I", "-m", "pip", "install", "--no-user", "--no-deps", "--no-compile", "--no-input", *ONLY_THE_LOCK)
UV_SYNC = ("pip", "sync", "--quiet", "--python", PYTHON, *ONLY_THE_LOCK)
UV_INSTALL = ("pip", "install", "--quiet", "--python", PYTHON, "--no-deps", *ONLY_THE_LOCK, "-r")

# What pip and uv print, in lower case.
DISK_FULL = ("no space left on device", "os error 28", "disk quota exceeded")
OTHER_HASH = ("do not match the hashes", "hash mismatch")
NO_NETWORK = (
    "connection",
    "dns error",
    "from versions: none",
    "name or service not known",
    "name resolution",
    "proxy",
    "timed out",
)


class SetupError(Exception):
    """Set-up cannot go on. The text is for the user: what is wrong and what to do."""


def explain(error: OSError) -> str:
    """Say what an operating system error means here."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full: the environment needs about 1.7 GB"
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"cannot write to {ROOT}: the set-up makes .venv there, so the checkout must be writable once"
    return str(error)


def explain_output(text: str) -> str:
    """Say what the end of an installer's output means, and quote it."""
    lowered = text.lower()
    if any(sign in lowered for sign in DISK_FULL):
        return explain(OSError(errno.ENOSPC, ""))
    if any(sign in lowered for sign in OTHER_HASH):
        hint = "a downloaded package is not the one that its lock names"
    elif any(sign in lowered for sign in NO_NETWORK):
        hint = (
            "the packages could not be downloaded: is there a network? Behind a proxy set HTTPS_PROXY; for a package "
            "index of your own set PIP_INDEX_URL"
        )
    else:
        hint = "the packages could not be installed"
    return "\n    ".join([hint, *text.strip().splitlines()[-8:]])


def run(command: Sequence[str | Path], lock: int) -> str | None:
    """Run a program quietly; its output if it failed, else None."""
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, pass_fds=[lock]
    )
    return None if done.returncode == 0 else done.stdout.decode(errors="replace") or f"exit code {done.returncode}"


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Show a step's name while it runs and its seconds when it is done."""
    terminal = sys.stderr.isatty()
    if terminal:
        print(f"  {name} ...", end="", file=sys.stderr, flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        if terminal:
            print(file=sys.stderr)
        raise
    start = "\r" if terminal else ""
    print(f"{start}  {name:<46} {time.monotonic() - started:5.1f} s", file=sys.stderr, flush=True)


def stamp(lock: Path) -> Path:
    """The copy of a lock in the environment that was made from it."""
    return VENV / lock.name


def clear() -> None:
    """Remove an older or half-made environment; refuse a directory that is not one."""
    stamp(LOCK).unlink(missing_ok=True)
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        if any(VENV.iterdir()) and not (VENV / "pyvenv.cfg").exists() and not (VENV / "bin").exists():
            raise SetupError(f"{VENV} is in the way and is not a Python environment: move it away")
        shutil.rmtree(VENV)


def requirement(name: str) -> str:
    """One package's entry of the lock, with its hashes."""
    lines = LOCK.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = next((i for i, line in enumerate(lines[start + 1 :], start + 1) if not line.startswith(" ")), len(lines))
    return "\n".join(lines[start:end]) + "\n"


def install(lock: int) -> None:
    """Install exactly what the lock names: by uv, or by pip where only pip's configuration finds the packages."""
    installer = VENV / "installer.lock"
    installer.write_text(requirement("uv"))
    failed = run([PYTHON, *PIP_INSTALL, "-r", installer], lock)
    if failed:
        raise SetupError(explain_output(failed))
    installer.unlink()
    _install(UV_SYNC, LOCK, lock)


def _install(by_uv: Sequence[str | Path], packages: Path, lock: int) -> None:
    """Install by a command of uv, else by pip."""
    if run([VENV / "bin" / "uv", *by_uv, packages], lock):
        failed = run([PYTHON, *PIP_INSTALL, "-r", packages], lock)
        if failed:
            raise SetupError(explain_output(failed))


def prepare(lock: int) -> None:
    """Build the environment, or add what it lacks, and write the stamps."""
    locks = {path: path.read_bytes() for path in wanted() if not is_installed(path)}
    changed = " or ".join(path.name for path in locks)
    print(f"Setting up .venv (once; again when {changed} changes)", file=sys.stderr, flush=True)
    if LOCK in locks:
        with step("virtual environment"):
            clear()
            failed = run([sys.executable, "-I", "-m", "venv", VENV], lock)
            if failed:
                raise SetupError(explain_output(failed))
        with step("packages, each checked against its hash"):
            install(lock)
            site = next((VENV / "lib").glob("python3*/site-packages"))
            (site / "infra.pth").write_text("../../../..\n")  # the checkout, also after it was moved
    if CDKTN_LOCK in locks:
        with step("cdktn, in the same way"):
            _install(UV_INSTALL, CDKTN_LOCK, lock)
    with step("AWS bindings"):
        failed = run([PYTHON, "-I", "-m", "modules.runtime.preparation"], lock)
        if failed:
            raise SetupError(f"the AWS bindings could not be prepared\n{failed.strip()}")
    for path, content in locks.items():
        temporary = VENV / f"{path.name}.new"
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, stamp(path))


def wanted() -> list[Path]:
    """The locks of what the environment needs: that of cdktn only where cdktf.json names it."""
    is_named = '"cdktn"' in (ROOT / "cdktf.json").read_text(encoding="utf-8")
    return [LOCK, CDKTN_LOCK] if is_named else [LOCK]


def is_installed(lock: Path) -> bool:
    """Whether the environment has what a lock names."""
    if lock != LOCK and not is_installed(LOCK):  # it will be cleared
        return False
    copy = stamp(lock)
    return copy.is_file() and copy.read_bytes() == lock.read_bytes() and PYTHON.exists()


def main() -> int:
    """Set up under the lock. Exit code 0, 1 with a message, or 130 when interrupted."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    try:
        for module in ("venv", "ensurepip"):
            if importlib.util.find_spec(module) is None:
                raise SetupError(f"Python's {module} is missing. On Debian: apt install python{version}-venv")
        with (ROOT / ".venv.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Another set-up is running here; waiting for it", file=sys.stderr, flush=True)
                fcntl.flock(file, fcntl.LOCK_EX)
            if not all(map(is_installed, wanted())):
                prepare(file.fileno())
    except SetupError as error:
        print(f"infra: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"infra: {explain(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninfra: set-up interrupted; the next run starts it again", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
