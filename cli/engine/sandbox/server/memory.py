"""What the backends hold, written to disk and read again: moto keeps everything in memory only."""

from __future__ import annotations

import io
import pickle
import threading
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

from cli.engine.files import write_whole
from cli.engine.sandbox.server.service import Service

_LOCKS = (type(threading.Lock()), type(threading.RLock()))


class Memory:
    """The memory of moto's backends and of our services, in one file, because backends refer to each other."""

    def __init__(self, path: Path, services: Sequence[Service]) -> None:
        self._path = path
        self._services = services

    def save(self) -> None:
        """Write everything, whole or not at all. Nobody may change anything meanwhile."""
        held = {
            "moto": moto.__version__,
            "backends": {
                backends.service_name: {account: dict(regions) for account, regions in backends.items()}
                for backends in _registries()
            },
            "buckets": {name: backends.bucket_accounts for name, backends in _s3().items()},
            "services": {service.name: vars(service) for service in self._services},
        }
        content = io.BytesIO()
        _Pickler(content, protocol=pickle.HIGHEST_PROTOCOL).dump(held)
        write_whole(self._path, content.getvalue())

    def load(self) -> None:
        """Read what was written, if anything was by this version of moto."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return
        held = _Unpickler(io.BytesIO(content)).load()
        for name, accounts in held["backends"].items():
            for account, regions in accounts.items():
                backends: Any = get_backend(name)[account]
                dict.update(backends, regions)
        for name, backends in _s3().items():
            backends.bucket_accounts.update(held["buckets"].get(name, {}))
        for service in self._services:
            vars(service).update(held["services"].get(service.name, {}))


def _s3() -> dict[str, S3BackendDict]:
    """S3's registries, which know besides which account a bucket is in."""
    return {each.service_name: each for each in _registries() if isinstance(each, S3BackendDict)}


def _registries() -> list[BackendDict[Any]]:
    """moto's registries of backends that are in use."""
    instances: list[BackendDict[Any]] = BackendDict._instances  # type: ignore[misc]  # typed so by moto itself
    return instances


class _Pickler(pickle.Pickler):
    """Keeps references to moto's registries as such, locks as new ones, keys and certificates in their own form."""

    def persistent_id(self, obj: Any) -> Any:
        if isinstance(obj, BackendDict):
            return ("backends", obj.service_name)
        return None

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, _LOCKS):
            return _lock, (isinstance(obj, _LOCKS[1]),)
        if isinstance(obj, RSAPrivateKey | EllipticCurvePrivateKey):
            plain = serialization.NoEncryption()
            return _key, (obj.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain),)
        if isinstance(obj, x509.Certificate):
            return _certificate, (obj.public_bytes(serialization.Encoding.DER),)
        return NotImplemented


def _lock(reentrant: bool) -> Any:
    return threading.RLock() if reentrant else threading.Lock()


def _key(der: bytes) -> Any:
    return serialization.load_der_private_key(der, None)


def _certificate(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, pid: Any) -> Any:
        return get_backend(pid[1])
