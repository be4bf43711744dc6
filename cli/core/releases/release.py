"""A release, content-addressed: the same values, made with the same code and packages, have the same id anywhere.

The git commit is not part of the id: a commit that changes neither code nor values, such as the one that writes a
promotion down, makes no other release. Records name it beside the id.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cli.core.base.digests import bytes_digest, file_digest, json_digest, short_id
from cli.core.base.project import ROOT, package_version
from cli.core.base.sources import synthesis_sources
from cli.core.records.model import ReleaseData
from cli.core.releases.refusals import NotResolved
from cli.core.terraform.lockfile import LOCK_FILE
from envs import cdk
from envs.settings import Settings


@dataclass(frozen=True)
class Release:
    """What is promoted."""

    values: Mapping[str, Any]
    """`release:` of an environment file."""
    made_with: Mapping[str, str]
    """Digests of the code and the locks, versions of packages and of terraform; empty text for what is not there."""

    @property
    def id(self) -> str:
        """The short id of everything in it."""
        content = json.dumps({"values": self.values, "made_with": self.made_with}, sort_keys=True, ensure_ascii=False)
        return short_id(bytes_digest(content.encode()))

    def as_data(self) -> ReleaseData:
        """For records and programs."""
        return ReleaseData(id=self.id, values=self.values, made_with=self.made_with)


def release(settings: Settings, *, terraform: str) -> Release:
    """The release that an environment has by its settings and the checkout; `terraform` is the version that applies."""
    return Release(settings.release.model_dump(mode="json"), {**_checkout(ROOT), "terraform": terraform})


def read(data: ReleaseData) -> Release:
    """A release from `Release.as_data`. Raises ValueError when its id does not fit its content."""
    content = Release(data.values, data.made_with)
    if content.id != data.id:
        raise ValueError(f"the release says that it is {data.id}, and its content is that of {content.id}")
    return content


@cache
def _checkout(root: Path) -> dict[str, str]:
    """What the checkout adds to a release."""
    return {
        "code": code_digest(root),
        "packages": file_digest(root / "requirements.lock"),
        "providers": file_digest(root / LOCK_FILE),
        **{name: package_version(name) or "" for name in (*cdk.chosen().distributions, "checkov", "constructs")},
    }


def code_digest(root: Path) -> str:
    """The digest of every file of a checkout that decides what is synthesized, by its path."""
    return json_digest({path.relative_to(root).as_posix(): file_digest(path) for path in synthesis_sources(root)})


def differences(before: ReleaseData, after: ReleaseData) -> Iterator[tuple[str, Any, Any]]:
    """What differs between two releases: name, value before and after; None where there is none."""
    old, new = ({**release.values, **release.made_with} for release in (before, after))
    for name in {**old, **new}:
        if old.get(name) != new.get(name):
            yield name, old.get(name), new.get(name)


def require_resolved(settings: Settings) -> None:
    """Raise `NotResolved` for a release that names its image by a parameter."""
    if settings.release.is_resolved:
        return
    name = settings.environment
    raise NotResolved(
        f"the release of {name} names its image by the parameter {settings.release.ami}, whose value changes: another "
        f"environment would get an image that {name} never ran. Run infra release resolve {name}, then plan and apply "
        f"{name}, then promote"
    )
