"""The jsii kernel: the Node process that runs the bindings, and the thread that makes it load them.

What it replaces: `jsii.kernel.provider`. jsii starts one Node process that starts a second one and passes the messages
on. Here the second one starts directly, with the same arguments. It loads the assemblies while Python imports the
binding classes, which needs no kernel. Nothing goes into `os.environ`: what the kernel needs reaches the kernel and no
other child process.

What it buys, by `python -m benchmarks.bindings`, and how to remove it: modules/runtime/README.md.

It uses names of jsii that are not public. The lock pins jsii's version, and the tests check each of these names.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import shutil
import socket
import subprocess
import sys
import threading
from functools import cached_property
from pathlib import Path
from typing import Any

import jsii
from jsii import kernel
from jsii._embedded import jsii as embedded
from jsii._kernel.providers.process import ProcessProvider, _NodeProcess
from jsii._kernel.types import CreateRequest, CreateResponse, LoadRequest, LoadResponse

from modules.runtime import bindings, struct_keys

_HOOKS = Path(__file__).with_suffix(".cjs")
_CHECKOUT = Path(__file__).resolve().parents[2]


def start(imports: bindings.Imports) -> None:
    """Start the kernel and make jsii use it. Call it before the first import of a binding."""
    kernel.provider = _Provider(imports)


def running_kernel() -> _Process:
    """Return the process behind the bindings once it has loaded everything.

    Raises what kept it from loading, such as `BindingsError`.
    """
    provider = kernel.provider
    assert isinstance(provider, _Provider)
    return provider._process


def installed_files() -> list[Path]:
    """Return the files that a synthesis uses besides the checkout: modules, the Node packages, jsii's program, Node.

    Raises `BindingsError`.
    """
    imported = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    modules = (Path(file) for file in imported if file is not None)
    installed = [file for file in modules if not file.is_relative_to(_CHECKOUT) or file.is_relative_to(sys.prefix)]
    packages = [assembly.tarball for assembly in bindings.assemblies()]
    program = Path(jsii.__file__).parent.glob("_embedded/jsii/*.js")
    return sorted({*installed, *packages, *program, Path(bindings.node())})


class _Process(_NodeProcess):
    """One Node process that runs jsii's own program, connected by a socket."""

    def __del__(self) -> None:
        """Do nothing: what has started is stopped at exit, and what an interrupt kept from starting needs no stop."""

    def start(self) -> None:
        """Start the process and wait for its greeting.

        Raises `BindingsError`.
        """
        self._environment = bindings.kernel_environment()
        self._temporary = bindings.temporary_directory()
        if self._temporary is not None:
            self._environment["TMPDIR"] = str(self._temporary.path)
        self._indexed = bindings.is_indexed()
        program = Path(self._jsii_runtime()).parents[1] / "lib" / "program.js"
        command = [
            bindings.node(),
            "--max-old-space-size=4069",
            "--max-semi-space-size=8",  # a third less memory, at the same speed
            "--preserve-symlinks",
            "--require",
            str(_HOOKS),
            str(program),
        ]
        # jsii's program reads and writes file descriptor 3. What it prints goes to standard error.
        shell = 'exec "$0" "$@" 3<&0 </dev/null >&2'
        ours, theirs = socket.socketpair()
        with ours, theirs:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", shell, *command], stdin=theirs.fileno(), env=self._environment
            )
            self._process.stdin = self._requests = ours.makefile("wb")
            self._process.stdout = self._answers = ours.makefile("rb")
        atexit.register(self.stop)
        try:
            self.handshake()
        except (ValueError, AssertionError) as error:
            raise bindings.BindingsError(
                f"the jsii kernel did not start: {bindings.node()} did not run it. "
                f"Node {bindings.MINIMUM_NODE} or later is needed; JSII_NODE names the program"
            ) from error

    def _jsii_runtime(self) -> str:
        """Unpack jsii's program where the next start removes it, should this process be killed; return its entry point.

        jsii takes a directory of the system, which nobody removes then.
        """
        if self._temporary is None:
            return super()._jsii_runtime()
        packed = Path(embedded.__file__).parent
        for name, file in embedded.EMBEDDED_FILES.items():
            target = self._temporary.path / file
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(packed / name, target)
        return str(self._temporary.path / embedded.EMBEDDED_FILES[embedded.ENTRYPOINT])

    def send(self, request: Any, response_type: Any) -> Any:
        """Send a request, return the answer.

        Raises `BindingsError` when the process has ended, besides what the kernel answers.
        """
        try:
            return super().send(request, response_type)
        except (BrokenPipeError, ConnectionResetError, json.JSONDecodeError) as error:
            code = self._process.wait()
            raise bindings.BindingsError(f"the jsii kernel ended unexpectedly, with exit code {code}") from error

    def wait_for_indexes(self) -> bool:
        """Wait while the process writes type indexes. False when it could not, or keeps no cache."""
        cached = "JSII_RUNTIME_PACKAGE_CACHE_ROOT" in self._environment
        return cached and bindings.wait_for_indexes(lambda: self._process.poll() is None)

    def stop(self) -> None:
        """Let the process end, and wait for it; before that for its type indexes, when it is writing them."""
        atexit.unregister(self.stop)
        if not self._indexed:
            self.wait_for_indexes()
        with contextlib.suppress(BrokenPipeError):  # it has ended already
            self._requests.close()
        self._answers.close()
        self._process.wait()
        if self._temporary is not None:
            self._temporary.remove()
        if not self._indexed:
            bindings.remove_unfinished_indexes(self._process.pid)
        self._ctx_stack.close()


class _Provider(ProcessProvider):
    """A provider whose assemblies load in a thread, started at once; every other request waits for it.

    No daemon: an interrupted program waits for it, and only then takes away the directory that it writes to.
    """

    def __init__(self, imports: bindings.Imports) -> None:
        self._requests = [
            LoadRequest(name=assembly.name, version=assembly.version, tarball=str(assembly.tarball))
            for assembly in bindings.assemblies()
        ]
        self._imports = imports
        self._failure: Exception | None = None
        self._started: _Process = _Process()  # type: ignore[no-untyped-call]
        self._loader = threading.Thread(target=self._load_all, name="jsii-loader")
        self._loader.start()

    def _load_all(self) -> None:
        try:
            self._started.start()
            for request in self._requests:
                self._started.send(request, LoadResponse)
        except Exception as error:
            self._failure = error

    @cached_property
    def _process(self) -> _Process:
        self._loader.join()
        self._imports.end()
        if self._failure is not None:
            raise self._failure
        return self._started

    def load(self, request: LoadRequest) -> LoadResponse:
        """Load an assembly, or do nothing when the thread loads it."""
        if request in self._requests:
            return LoadResponse(assembly=request.name, types=0)
        return super().load(request)

    def create(self, request: CreateRequest) -> CreateResponse:
        """Create an object.

        Raises `struct_keys.UnknownKeyError` for an argument of which the kernel would drop a part.
        """
        struct_keys.check(request.args)
        return super().create(request)
