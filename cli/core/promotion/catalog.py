"""The releases that environments have, and those that were applied to them."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, field

from cli.core.base.errors import ExitCode, InfraError
from cli.core.base.target import Target
from cli.core.records.model import ReleaseData
from cli.core.records.queries import releases
from cli.core.releases.rehearsed import settings_of
from cli.core.releases.release import release
from cli.core.terraform import binary
from cli.core.terraform.binary import TerraformMissing
from cli.core.workspace.workspace import records_of
from envs.load import environments


class UnknownRelease(InfraError, kind="unknown-release", exit_code=ExitCode.USAGE):
    """No release of this id was applied, and no environment has this name."""


@dataclass(frozen=True)
class AppliedRelease:
    """A release, and where it was applied."""

    release: ReleaseData
    applied: dict[str, tuple[datetime.datetime, datetime.datetime]] = field(default_factory=dict)
    """By environment, when it was applied first and last."""


def applied_releases(target: Target) -> tuple[AppliedRelease, ...]:
    """Every release that was applied. Raises `BrokenChain`."""
    by_id: dict[str, AppliedRelease] = {}
    for environment in environments():
        for release_id, applies in releases(records_of(environment, target).read(), environment).items():
            applied = by_id.setdefault(release_id, AppliedRelease(applies[0].data.release)).applied
            applied[environment] = applies[0].data.finished, applies[-1].data.finished
    return tuple(by_id.values())


def current_release(environment: str, target: Target) -> ReleaseData:
    """The release that an environment has by its file, or its sandbox, and this checkout.

    Raises `UnknownEnvironment`.
    """
    try:
        terraform = str(binary.find(os.environ))
    except TerraformMissing:
        terraform = ""
    return release(settings_of(environment, target), terraform=terraform).as_data()


def find_release(name: str, target: Target) -> ReleaseData:
    """The release of an environment, or the applied one of an id. Raises `UnknownRelease`."""
    if name in environments():
        return current_release(name, target)
    for applied in applied_releases(target):
        if applied.release.id == name:
            return applied.release
    raise UnknownRelease(f"there is no release {name!r}; infra release list shows those that were applied")
