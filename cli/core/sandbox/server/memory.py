"""What the backends hold, written to disk and read again: moto itself keeps everything in memory only."""

from __future__ import annotations

import importlib
import io
import marshal
import os
import pickle
import sys
import threading
import types
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import moto
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.s3.models import S3BackendDict

from cli.core.base.files import write_whole
from cli.core.sandbox.server.service import Service

_WRITER = f"moto {moto.__version__}, Python {sys.version_info.major}.{sys.version_info.minor}"
"""First line of the file: what wrote it. Another version has other classes, so it does not read it."""

_LOCKS = (type(threading.Lock()), type(threading.RLock()))


class NotRemembered(Exception):
    """Memory cannot be written or read; the text says why."""


class Memory:
    """The memory of moto's backends and of our services, in one file, because backends refer to each other."""

    def __init__(self, path: Path, services: Sequence[Service]) -> None:
        self._path = path
        self._services = services

    def save(self) -> None:
        """Write everything, whole or not at all. Nobody may change anything meanwhile. Raises ``NotRemembered``."""
        held = {
            "backends": {
                backends.service_name: {account: dict(regions) for account, regions in backends.items()}
                for backends in _registries()
            },
            "buckets": {name: backends.bucket_accounts for name, backends in _s3().items()},
            "services": {service.name: vars(service) for service in self._services},
        }
        content = io.BytesIO()
        content.write(f"{_WRITER}\n".encode())
        try:
            _Pickler(content, protocol=pickle.HIGHEST_PROTOCOL).dump(held)
            write_whole(self._path, content.getvalue(), owner_only=True)
        except (OSError, pickle.PicklingError, AttributeError, TypeError) as error:  # the last three are pickle's
            raise NotRemembered(f"what the sandbox holds cannot be written: {error}") from error

    def load(self) -> None:
        """Read what was written, if anything was. Raises ``NotRemembered`` where it was written by another version, or
        may have been written by somebody else: reading a pickle runs whatever its writer wants."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return
        status = self._path.stat()
        if status.st_uid != os.getuid() or status.st_mode & 0o022:
            raise NotRemembered(f"{self._path} is not yours alone to write: forget it with infra sandbox reset")
        writer, _, pickled = content.partition(b"\n")
        if writer != _WRITER.encode():
            raise NotRemembered(f"{self._path} was not written by {_WRITER}: forget it with infra sandbox reset")
        held = _Unpickler(io.BytesIO(pickled)).load()
        for name, accounts in held["backends"].items():
            for account, regions in accounts.items():
                backends: Any = get_backend(name)[account]
                dict.update(backends, regions)
        for name, backends in _s3().items():
            backends.bucket_accounts.update(held["buckets"].get(name, {}))
        for service in self._services:
            vars(service).update(held["services"].get(service.name, {}))


def _registries() -> list[BackendDict[Any]]:
    """moto's registries of backends that are in use."""
    instances: list[BackendDict[Any]] = BackendDict._instances  # type: ignore[misc]  # typed so by moto itself
    return instances


def _s3() -> dict[str, S3BackendDict]:
    """S3's registries, which know besides which account a bucket is in."""
    return {each.service_name: each for each in _registries() if isinstance(each, S3BackendDict)}


class _Pickler(pickle.Pickler):
    """Writes besides what pickle can: moto's registries as names, locks, private keys, certificates and lambdas."""

    def persistent_id(self, obj: Any) -> Any:
        return obj.service_name if isinstance(obj, BackendDict) else None

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, _LOCKS):
            return _lock, (isinstance(obj, _LOCKS[1]),)
        if isinstance(obj, RSAPrivateKey | EllipticCurvePrivateKey):
            plain = serialization.NoEncryption()
            return _key, (obj.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain),)
        if isinstance(obj, x509.Certificate):
            return _certificate, (obj.public_bytes(serialization.Encoding.DER),)
        if isinstance(obj, defaultdict) and type(obj) is not defaultdict:  # pickle would call __init__ as defaultdict's
            return _blank, (type(obj),), (obj.default_factory, vars(obj)), None, iter(obj.items()), _fill
        if isinstance(obj, types.FunctionType) and "<" in obj.__qualname__:  # <lambda> or <locals>: pickle has no name
            cells = obj.__closure__ or ()
            made = marshal.dumps(obj.__code__), obj.__module__, obj.__defaults__, len(cells)
            return _function, made, [cell.cell_contents for cell in cells], None, None, _close
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    """Reads what `_Pickler` writes."""

    def persistent_load(self, pid: Any) -> Any:
        return get_backend(pid)


def _lock(reentrant: bool) -> Any:
    return threading.RLock() if reentrant else threading.Lock()


def _key(der: bytes) -> Any:
    return serialization.load_der_private_key(der, None)


def _certificate(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)


def _blank(kind: type[defaultdict[Any, Any]]) -> defaultdict[Any, Any]:
    return kind.__new__(kind)


def _fill(made: defaultdict[Any, Any], state: tuple[Any, dict[str, Any]]) -> None:
    made.default_factory, attributes = state
    vars(made).update(attributes)


def _function(code: bytes, module: str, defaults: tuple[Any, ...] | None, cells: int) -> types.FunctionType:
    """A function of a module, with cells that `_close` fills: they may hold what holds the function."""
    closure = tuple(types.CellType() for _ in range(cells))
    return types.FunctionType(
        marshal.loads(code), vars(importlib.import_module(module)), argdefs=defaults, closure=closure or None
    )


def _close(function: types.FunctionType, contents: Sequence[Any]) -> None:
    for cell, content in zip(function.__closure__ or (), contents, strict=True):
        cell.cell_contents = content
