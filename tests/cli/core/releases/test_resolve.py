"""Resolving a release: the parameter becomes an id, the version gets digests, and no other byte changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cli.core.account.account import Account
from cli.core.artifacts.archive import read_archive
from cli.core.artifacts.published import ArtifactBucket
from cli.core.artifacts.put import put_archive
from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.releases.refusals import FileMoved, NotResolvable, NotResolved
from cli.core.releases.rehearsed import settings_of
from cli.core.releases.release import require_resolved
from cli.core.releases.resolve import Resolution, resolve_release, write_resolution
from envs import load
from envs.settings.servers import SERVER_NAMES
from tests.support.archives import archive
from tests.support.helpers import ENVIRONMENTS

PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of dev, which may be written."""
    directory = tmp_path / "envs"
    shutil.copytree(ENVIRONMENTS, directory)
    monkeypatch.setattr(load, "DIRECTORY", directory)
    return directory / "dev.yaml"


@pytest.fixture
def parameter(account: Account) -> Iterator[str]:
    """A parameter of ours that holds an image."""
    client = account.client("ssm")
    client.put_parameter(Name="/meals/image", Type="String", Value="ami-0123456789abcdef0")
    yield "/meals/image"
    client.delete_parameter(Name="/meals/image")


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


def resolved(account: Account, *, is_new_image: bool = False, is_image_only: bool = True) -> Resolution:
    """The resolution of what the file says now."""
    current = replace(account, settings=load.load("dev"), target=Target.AWS)
    return resolve_release(current, ProgressReporter(), is_new_image=is_new_image, is_image_only=is_image_only)


def publish(bucket: ArtifactBucket, directory: Path, version: str = "1.0.0") -> str:
    """Put an archive of every server there; its digest."""
    built = read_archive(archive(directory / "server.tar.gz", version.encode()))
    for server in SERVER_NAMES:
        put_archive(bucket, built, ProgressReporter(), server=server, version=version)
    return built.digest


def test_a_public_parameter_becomes_an_id(account: Account, file: Path) -> None:
    write_resolution(resolved(account))
    release = load.load("dev").release
    assert release.is_resolved
    assert release.ami_parameter == PARAMETER
    assert release.artifacts == {}


def test_no_other_line_changes(account: Account, file: Path, parameter: str) -> None:
    change(file, f"  ami: {PARAMETER}", f"  ami: {parameter} # ours")
    before = file.read_text().splitlines()
    write_resolution(resolved(account))
    after = file.read_text().splitlines()
    assert [line for line in before if line not in after] == [f"  ami: {parameter} # ours"]
    new = ["  ami: ami-0123456789abcdef0 # ours", f"  ami_parameter: {parameter}"]
    assert [line for line in after if line not in before] == new


def test_an_id_stays_until_a_new_image_is_asked_for(account: Account, file: Path, parameter: str) -> None:
    change(file, PARAMETER, parameter)
    write_resolution(resolved(account))
    account.client("ssm").put_parameter(Name=parameter, Type="String", Value="ami-0fedcba9876543210", Overwrite=True)
    assert resolved(account).is_empty
    newer = resolved(account, is_new_image=True)
    assert newer.changes == {"ami": ("ami-0123456789abcdef0", "ami-0fedcba9876543210")}
    write_resolution(newer)
    assert load.load("dev").release.ami == "ami-0fedcba9876543210"


def test_the_artifacts_of_the_version_get_digests(account: Account, bucket: ArtifactBucket, file: Path) -> None:
    digest = publish(bucket, file.parent)
    write_resolution(resolved(account, is_image_only=False))
    assert load.load("dev").release.artifacts == dict.fromkeys(SERVER_NAMES, digest)
    assert resolved(account, is_image_only=False).is_empty


def test_the_next_version_gets_digests_of_its_own(account: Account, bucket: ArtifactBucket, file: Path) -> None:
    first, second = publish(bucket, file.parent), publish(bucket, file.parent, "1.1.0")
    write_resolution(resolved(account, is_image_only=False))
    change(file, '"1.0.0"', '"1.1.0"')
    write_resolution(resolved(account, is_image_only=False))
    text = file.read_text()
    assert (text.count(first), text.count(second)) == (0, len(SERVER_NAMES))


def test_a_missing_artifact_writes_nothing(account: Account, bucket: ArtifactBucket, file: Path) -> None:
    with pytest.raises(NotResolvable, match=r"core-server/1\.0\.0\.tar\.gz: not there; infra artifact put dev core-se"):
        resolved(account, is_image_only=False)


@pytest.mark.parametrize(
    ("value", "message"),
    [(None, "there is no parameter /meals/none in us-east-1"), ("latest", "holds 'latest'; needed: an AMI id")],
)
def test_a_parameter_without_an_image_is_reported(
    account: Account, file: Path, value: str | None, message: str
) -> None:
    change(file, PARAMETER, "/meals/none")
    client = account.client("ssm")
    if value:
        client.put_parameter(Name="/meals/none", Type="String", Value=value, Overwrite=True)
    with pytest.raises(NotResolvable, match=message):
        resolved(account)


def test_an_id_without_an_origin_has_no_newer_image(account: Account, file: Path) -> None:
    change(file, PARAMETER, "ami-0123456789abcdef0")
    with pytest.raises(NotResolvable, match=r"release\.ami_parameter does not say where it comes from"):
        resolved(account, is_new_image=True)


def test_a_file_that_changed_meanwhile_is_not_written(account: Account, file: Path) -> None:
    resolution = resolved(account)
    change(file, "replicas: 2", "replicas: 3")
    with pytest.raises(FileMoved, match=r"dev\.yaml was changed meanwhile"):
        write_resolution(resolution)


def test_a_rehearsal_leaves_the_file_alone(account: Account, file: Path) -> None:
    before = file.read_bytes()
    rehearsed = replace(account, settings=settings_of("dev", Target.SANDBOX))
    write_resolution(resolve_release(rehearsed, ProgressReporter(), is_image_only=True))
    assert file.read_bytes() == before
    assert settings_of("dev", Target.SANDBOX).release.is_resolved
    assert not settings_of("dev", Target.AWS).release.is_resolved


def test_a_parameter_name_is_not_promoted() -> None:
    with pytest.raises(NotResolved, match="Run infra release resolve dev, then plan and apply dev, then promote"):
        require_resolved(load.load("dev"))
