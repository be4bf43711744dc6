"""What the locks name: Python packages, and the Node packages of the picture's layout."""

from __future__ import annotations

import base64
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cli.core.base.project import ROOT
from cli.core.sbom.licences import licence_of
from envs.cdk import CDKTN, chosen

PYTHON_LOCK = ROOT / "requirements.lock"
FORK_LOCK = ROOT / "requirements-cdktn.lock"
NODE_LOCK = ROOT / "cli" / "core" / "diagram" / "engine" / "package-lock.json"

_ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, order=True)
class LockedPackage:
    """One package of a lock. `ecosystem` is that of its package URL: pypi or npm."""

    ecosystem: str
    name: str
    version: str
    algorithm: str
    digests: tuple[str, ...]
    """Of each file that an index may deliver for it, in hexadecimal."""
    licence: str | None
    """An SPDX expression, or the words of the package; None where it is not installed here or says nothing known."""
    requires: tuple[str, ...] = ()
    """Names of the packages of the same lock that it needs here."""
    is_shipped: bool = True
    """Whether the toolkit runs with it; the others are for its tests."""


def requirements() -> tuple[str, ...]:
    """What the toolkit itself requires, as pyproject.toml has it; with cdktn, where cdktf.json chooses it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = project["optional-dependencies"]["cdktn"] if chosen() is CDKTN else []
    return (*project["dependencies"], *extra)


def packages() -> tuple[LockedPackage, ...]:
    """The packages of the locks, sorted."""
    lock = PYTHON_LOCK.read_text()
    if chosen() is CDKTN:
        lock += FORK_LOCK.read_text()
    return tuple(sorted([*_of_python(lock, requirements()), *_of_node(NODE_LOCK)]))


def _of_python(lock: str, requirements: Iterable[str]) -> Iterator[LockedPackage]:
    entries = list(_ENTRY.finditer(lock))
    names = {entry[1] for entry in entries}
    needs = {name: tuple(sorted(names & set(needed(_requires(name))))) for name in names}
    shipped = _closure(needed(requirements), needs)
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        name, version = entry.groups()
        digests = _DIGEST.findall(lock, entry.end(), following.start() if following else len(lock))
        is_here = _version(name) == version
        licence = licence_of(metadata.metadata(name)) if is_here else None
        yield LockedPackage(
            ecosystem="pypi",
            name=name,
            version=version,
            algorithm="SHA-256",
            digests=tuple(sorted(digests)),
            licence=licence,
            requires=needs[name],
            is_shipped=name in shipped,
        )


def needed(requirements: Iterable[str]) -> Iterator[str]:
    """Names of the packages that ``requirements`` ask for on this machine, with those of their extras."""
    for text in requirements:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)
            for extra in requirement.extras:
                wanted = map(Requirement, _requires(requirement.name))
                yield from (
                    canonicalize_name(each.name)
                    for each in wanted
                    if each.marker is not None and each.marker.evaluate({"extra": extra})
                )


def _requires(name: str) -> list[str]:
    return [] if _version(name) is None else metadata.requires(name) or []


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _closure(names: Iterable[str], needs: dict[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(needs.get(name, ()))
    return found


def _of_node(lock: Path) -> Iterator[LockedPackage]:
    for place, entry in json.loads(lock.read_bytes())["packages"].items():
        if place:  # the first entry is the lock's own
            algorithm, _, digest = entry["integrity"].partition("-")  # sha512-<base64>
            yield LockedPackage(
                ecosystem="npm",
                name=place.removeprefix("node_modules/"),
                version=entry["version"],
                algorithm=algorithm.upper().replace("SHA", "SHA-"),
                digests=(base64.b64decode(digest).hex(),),
                licence=entry["license"],
            )
