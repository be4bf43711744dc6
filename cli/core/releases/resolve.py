"""Resolving a release where it begins: names whose meaning changes become content.

The image is named by an SSM parameter, which AWS moves with each of its releases, and becomes an AMI id. The
application is named by its version, and gets the digest of each server's archive. Only then does promotion carry the
same content from one environment to the next.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from ruamel.yaml import YAML

from cli.core.account.account import Account, aws_errors, error_code
from cli.core.artifacts.published import artifact_statuses
from cli.core.base.files import write_whole
from cli.core.base.progress import ProgressReporter
from cli.core.releases.edit import with_release
from cli.core.releases.log import FileEdit
from cli.core.releases.refusals import NotResolvable
from cli.core.releases.rehearsed import edit_of, text_of

_IMAGE = re.compile(r"ami-([0-9a-f]{8}|[0-9a-f]{17})")


@dataclass(frozen=True)
class Resolution:
    """The release of an environment, resolved."""

    edit: FileEdit
    changes: Mapping[str, tuple[Any, Any]]
    """By key of `release:`, the value before and after; None for none."""

    @property
    def is_empty(self) -> bool:
        """Whether the release was resolved already."""
        return not self.changes


def resolve_release(
    account: Account, progress: ProgressReporter, *, is_new_image: bool = False, is_image_only: bool = False
) -> Resolution:
    """Resolve the release of an account's environment; nothing is written.

    An image that is an id stays, unless ``is_new_image`` asks its parameter again. ``is_image_only`` leaves the
    artifacts as they are. Raises `NotResolvable`, `NotRewritable`, and what asking AWS raises.
    """
    settings = account.settings
    name = settings.environment
    before = text_of(name, account.target)
    written: Mapping[str, Any] = YAML(typ="safe").load(before)["release"]
    values = {**written, **_image(account, progress, is_new_image=is_new_image)}
    if not is_image_only:
        values["artifacts"] = _artifacts(account, progress)
    edit = edit_of(name, account.target, before.encode(), with_release(before, values).encode())
    progress.clear()
    changes = {name: (written.get(name), value) for name, value in values.items() if written.get(name) != value}
    return Resolution(edit, changes)


def write_resolution(resolution: Resolution) -> None:
    """Write the file, or the release of the sandbox. Raises `FileMoved` when it is not what it was."""
    resolution.edit.require_unmoved()
    if not resolution.is_empty:
        write_whole(resolution.edit.file, resolution.edit.after)


def _image(account: Account, progress: ProgressReporter, *, is_new_image: bool) -> Mapping[str, str]:
    """The keys of the image: its id and the parameter that it comes from."""
    release = account.settings.release
    if release.is_resolved and not is_new_image:
        return {}
    parameter = release.ami_parameter if release.is_resolved else release.ami
    if parameter is None:
        raise NotResolvable(
            f"release.ami of {account.settings.environment} is {release.ami}, and release.ami_parameter does not say "
            "where it comes from: write the name of a parameter into release.ami"
        )
    progress.step(f"reading {parameter}")
    with aws_errors():
        try:
            value: str = account.client("ssm").get_parameter(Name=parameter)["Parameter"]["Value"]
        except ClientError as error:
            if error_code(error) != "ParameterNotFound":
                raise
            raise NotResolvable(
                f"there is no parameter {parameter} in {account.settings.region}: correct release.ami, or make it"
            ) from error
    if not _IMAGE.fullmatch(value):
        raise NotResolvable(f"the parameter {parameter} holds {value[:80]!r}; needed: an AMI id, such as ami-0123abcd")
    return {"ami": value, "ami_parameter": parameter}


def _artifacts(account: Account, progress: ProgressReporter) -> Mapping[str, str]:
    """The digest of each server's archive of the release's version, as it is in the bucket. What the release names now
    does not count: another version has other digests."""
    settings = account.settings
    statuses = artifact_statuses(account, settings.release.application_version, progress, expected={})
    problems = "".join(f"\n  {status.key}: {status.problem}" for status in statuses if not status.is_ok)
    if problems:
        raise NotResolvable(
            f"artifacts of application {settings.release.application_version} are not ready in "
            f"{settings.artifacts_bucket}:{problems}\nTo resolve the image alone: --image-only"
        )
    return {status.server: status.digest for status in statuses}
