"""What is rehearsed in the sandbox stands there, and never in the file or in the log that git has."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.core.base.target import Target
from cli.core.releases import log
from cli.core.releases.edit import with_release
from cli.core.releases.rehearsed import edit_of, log_of, settings_of, text_of
from cli.core.sandbox.process import SandboxError
from cli.core.sandbox.state_directory import DIRECTORY_VARIABLE
from envs import load
from tests.support.helpers import ENVIRONMENTS
from tests.support.records import PROMOTION, log_data

SANDBOX = Target.SANDBOX


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the environments' files and a sandbox."""
    shutil.copytree(ENVIRONMENTS, tmp_path / "envs")
    monkeypatch.setattr(load, "DIRECTORY", tmp_path / "envs")
    monkeypatch.setattr(log, "ROOT", tmp_path)
    monkeypatch.setenv(DIRECTORY_VARIABLE, str(tmp_path / "sandbox"))
    return tmp_path


def version(environment: str, target: Target) -> str:
    return settings_of(environment, target).release.application_version


def promote(environment: str, target: Target, application_version: str) -> None:
    """Give an environment another version, with a record."""
    text = text_of(environment, target)
    values = settings_of(environment, target).release.model_dump(mode="json")
    after = with_release(text, {**values, "application_version": application_version})
    where = log_of(environment, target)
    with where.held():
        edit = edit_of(environment, target, text.encode(), after.encode())
        where.replace(edit, log_data(PROMOTION, environment=environment, target=str(target)))


def content(root: Path) -> dict[str, bytes]:
    """What a checkout has but for its sandbox."""
    files = (path for path in root.rglob("*") if path.is_file() and "sandbox" not in path.parts[len(root.parts) :])
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_a_rehearsal_changes_nothing_outside_of_the_sandbox(root: Path) -> None:
    before = content(root)
    promote("staging", SANDBOX, "7.0.0")
    promote("staging", SANDBOX, "8.0.0")
    assert content(root) == before
    assert (version("staging", SANDBOX), version("staging", Target.AWS)) == ("8.0.0", "1.0.0")
    assert len(log_of("staging", SANDBOX).records("staging")) == 2
    assert log_of("prod", SANDBOX).records() == ()
    assert log_of("staging", Target.AWS).records() == ()


def test_a_promotion_on_aws_is_written_where_git_sees_it(root: Path) -> None:
    promote("staging", Target.AWS, "7.0.0")
    assert 'application_version: "7.0.0"' in (root / "envs" / "staging.yaml").read_text()
    assert len(list((root / "records" / "promotions").glob("*.json"))) == 1
    assert not (root / "sandbox").exists()
    assert version("staging", SANDBOX) == "7.0.0", "a sandbox without a rehearsal takes the file"


def test_another_release_in_the_file_ends_what_was_rehearsed(root: Path) -> None:
    promote("staging", SANDBOX, "7.0.0")
    file = root / "envs" / "staging.yaml"
    file.write_text(file.read_text().replace("replicas: 2", "replicas: 3"))
    assert version("staging", SANDBOX) == "7.0.0", "a setting of the environment's own ends nothing"
    assert settings_of("staging", SANDBOX).network.replicas == 3
    file.write_text(file.read_text().replace('application_version: "1.0.0"', 'application_version: "2.0.0"'))
    assert version("staging", SANDBOX) == "2.0.0"


def test_a_damaged_release_is_named(root: Path) -> None:
    promote("staging", SANDBOX, "7.0.0")
    (root / "sandbox" / "staging" / "release.json").write_text("{")
    with pytest.raises(SandboxError, match=r"release\.json: cannot be read .*infra sandbox reset staging"):
        settings_of("staging", SANDBOX)
