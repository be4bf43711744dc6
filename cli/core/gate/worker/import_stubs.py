"""Puts stubs in place of modules that checkov imports for other work than this. Imported by `scan` only.

Without it, the worker takes 1.1 times as long on three environments (`benchmarks/check.py --patches`), all of it while
it loads. To remove it: delete this file, its test and the call in `scan`.

checkov imports HTTP clients, SDKs, another graph library and models of other scanners along with its runners. A stub
lets any name be imported. Whoever calls one, asks it for an attribute or derives from it ends the process, which is a
problem that the gate names; nothing can swallow that, as checkov does exceptions. That something is no instance of one
of these classes is true of everything here.

Rules in the directory of checks run in this process too, and cannot use these modules either.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

MISSING = ("numpy",)
"""What checkov's dependencies import if it is installed, and do nothing with here."""

STUBBED = (
    "aiohttp",  # results sent to a platform
    "boto3",
    "botocore",
    "checkov.cloudformation.checks",  # rules for another language
    "checkov.common.sast.report_types",  # another scanner's results
    "detect_secrets",
    "docker",  # images
    "git",  # modules fetched from repositories
    "networkx",  # graphs, where rustworkx has them
)
"""Modules, with those below them, that no run of checkov on Terraform makes use of."""


def install_stubs() -> None:
    """Put stubs in place in all imports to come."""
    for name in MISSING:
        sys.modules[name] = None  # type: ignore[assignment]  # an import of it fails, as if it were not installed
    sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds modules that have any name and hold nothing."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> Any:  # noqa: ARG002
        """A stub, for what is to be one."""
        is_stubbed = any(name == module or name.startswith(f"{module}.") for module in STUBBED)
        return ModuleSpec(name, self, is_package=True) if is_stubbed else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module."""
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is in it."""


class _Module(ModuleType):
    """A module whose names can be imported."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        stub = _Stub(name, (), {"__module__": self.__name__})
        setattr(self, name, stub)
        return stub


class _Stub(type):
    """A class that cannot be used, but to ask whether something is an instance of it."""

    def __call__(cls, *_: Any, **__: Any) -> NoReturn:
        _end(cls)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        _end(cls)

    def __init__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> None:
        super().__init__(name, bases, members)
        if bases:
            _end(bases[0])


def _end(used: type) -> NoReturn:
    """End the process."""
    sys.stderr.write(f"checkov has used {used.__module__}.{used.__qualname__}, for which cli/core/gate has a stub\n")
    sys.stderr.flush()
    os._exit(os.EX_SOFTWARE)
