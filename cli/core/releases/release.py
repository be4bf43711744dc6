"""A release, content-addressed: the same values, made with the same code and packages, have the same id anywhere.

The git commit is not part of the id: a commit that changes neither code nor values, such as the one that writes a
promotion down, makes no other release. Records name it beside the id.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cli.core.base.project import ROOT, package_version
from envs.settings import Settings

ID_LENGTH = 12
"""Hexadecimal digits of an id: 48 bits, which no project's releases exhaust."""

PROVIDER_LOCK = "terraform.lock.hcl"
_PACKAGES = ("cdktf", "cdktf-cdktf-provider-aws", "checkov", "constructs")
_CODE = ("main.py", "envs", "modules")
"""What makes Terraform of settings."""


@dataclass(frozen=True)
class Release:
    """What is promoted."""

    values: Mapping[str, Any]
    """`release:` of an environment file."""
    made_with: Mapping[str, str]
    """Digests of the code and the locks, versions of packages and of terraform; empty text for what is not there."""

    @property
    def id(self) -> str:
        """`ID_LENGTH` hexadecimal digits of the SHA-256 of everything in it."""
        content = json.dumps({"values": self.values, "made_with": self.made_with}, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:ID_LENGTH]

    def as_data(self) -> dict[str, Any]:
        """For records and programs."""
        return {"id": self.id, "values": dict(self.values), "made_with": dict(self.made_with)}


def release(settings: Settings, *, terraform: str) -> Release:
    """The release that an environment has by its settings and the checkout; `terraform` is the version that applies."""
    return Release(settings.release.model_dump(mode="json"), {**_checkout(ROOT), "terraform": terraform})


def read(data: Mapping[str, Any]) -> Release:
    """A release from `Release.as_data`. Raises ValueError when its id does not fit its content."""
    found = Release(data["values"], data["made_with"])
    if found.id != data["id"]:
        raise ValueError(f"the release says that it is {data['id']}, and its content is that of {found.id}")
    return found


@cache
def _checkout(root: Path) -> dict[str, str]:
    """What the checkout adds to a release."""
    return {
        "code": digest_of(root, _CODE),
        "packages": _file_digest(root / "requirements.lock"),
        "providers": _file_digest(root / PROVIDER_LOCK),
        **{name: package_version(name) or "" for name in _PACKAGES},
    }


def digest_of(root: Path, names: tuple[str, ...]) -> str:
    """SHA-256 of the code below some files and directories: every file but environments, documents and bytecode."""
    total = hashlib.sha256()
    for path in _files(root, names):
        total.update(f"{path.relative_to(root).as_posix()}\0{_file_digest(path)}\n".encode())
    return total.hexdigest()


def _files(root: Path, names: tuple[str, ...]) -> Iterator[Path]:
    for name in sorted(names):
        place = root / name
        if place.is_file():
            yield place
            continue
        for path in sorted(place.rglob("*")):
            is_environment = path.parent == root / "envs" and path.suffix in (".yaml", ".json")
            if path.is_file() and "__pycache__" not in path.parts and not is_environment:
                yield path


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
