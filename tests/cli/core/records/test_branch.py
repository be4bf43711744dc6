"""Records on a branch of git: nothing but records comes from it, and nothing on it is lost."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from cli.core.base import git
from cli.core.base.digests import json_digest
from cli.core.base.errors import ExitCode
from cli.core.records import BrokenChain
from cli.core.records.branch import BranchMissing, ForeignContent, NotPublished, checkout, publish
from cli.core.records.chain import Chain
from tests.support.helpers import ROOT

ENVIRONMENTS = ("dev", "staging", "prod")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare repository with an empty branch of records."""
    path = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(path)], check=True)
    made = clone(path, tmp_path / "first")
    git.run(made, "switch", "-q", "--orphan", "records")
    git.run(made, "commit", "-q", "--allow-empty", "-m", "Records")
    git.run(made, "push", "-q", "origin", "records")
    return path


def clone(remote: Path, path: Path) -> Path:
    """A checkout with the branches of the remote as they are now."""
    subprocess.run(["git", "clone", "-q", str(remote), str(path)], check=True, stderr=subprocess.DEVNULL)
    for key, value in (("user.name", "Somebody"), ("user.email", "somebody@meals.example"), ("gc.auto", "0")):
        git.run(path, "config", key, value)
    return path


def record(root: Path, environment: str, text: str) -> None:
    """Add a record to those of an environment in a checkout."""
    Chain(root / "records" / environment).append({"text": text})


def older(root: Path, text: str) -> None:
    """Write the first record of dev, in the form in which each has one before it."""
    document = {"sequence": 1, "previous": "", "data": {"text": text}}
    directory = root / "records" / "dev"
    directory.mkdir(parents=True)
    (directory / "000001.json").write_text(json.dumps(document | {"digest": json_digest(document)}))


def push(root: Path, write: Callable[[Path], None]) -> None:
    """Push to the branch of records, as somebody who may."""
    git.run(root, "fetch", "-q", "origin")
    git.run(root, "switch", "-q", "--force-create", "records", "origin/records")
    write(root)
    git.run(root, "add", "--all", "--force", ".")
    git.run(root, "commit", "-q", "-m", "Something")
    git.run(root, "push", "-q", "origin", "records")


def test_records_go_from_one_checkout_to_another(remote: Path, tmp_path: Path) -> None:
    one, other = clone(remote, tmp_path / "one"), clone(remote, tmp_path / "other")
    record(one, "dev", "first")
    record(one, "dev", "second")
    assert publish(one, "dev", ENVIRONMENTS, remote="origin", branch="records")
    assert not publish(one, "dev", ENVIRONMENTS, remote="origin", branch="records")
    assert git.ask(one, "status", "--porcelain") == "?? records/", "neither index nor checkout are touched"
    git.run(other, "fetch", "-q", "origin")
    new = checkout(other, "origin/records", ENVIRONMENTS)
    assert [path.as_posix()[:18] for path in new] == ["records/dev/000001", "records/dev/000002"]
    assert [link.data["text"] for link in Chain(other / "records" / "dev").read()] == ["first", "second"]
    assert checkout(other, "origin/records", ENVIRONMENTS) == ()


def test_the_records_of_two_environments_that_are_pushed_at_once(remote: Path, tmp_path: Path) -> None:
    one, other = clone(remote, tmp_path / "one"), clone(remote, tmp_path / "other")
    record(one, "dev", "here")
    record(other, "prod", "there")
    hook = one / ".git" / "hooks" / "pre-push"  # the other is quicker, once
    command = f"git -C {other} push -q origin HEAD:refs/heads/records"
    git.run(other, "fetch", "-q", "origin", "records")
    git.run(other, "switch", "-q", "--force-create", "records", "FETCH_HEAD")
    git.run(other, "add", "--force", "records")
    git.run(other, "commit", "-q", "-m", "There")
    hook.write_text(f"#!/bin/sh\nrm $0\nunset GIT_DIR\n{command}\n")
    hook.chmod(0o755)
    waited: list[float] = []
    assert publish(one, "dev", ENVIRONMENTS, remote="origin", branch="records", sleep=waited.append)
    assert len(waited) == 1
    third = clone(remote, tmp_path / "third")
    new = checkout(third, "origin/records", ENVIRONMENTS)
    assert [path.as_posix()[:19] for path in new] == ["records/dev/000001-", "records/prod/000001"]


def test_what_two_runs_recorded_at_once_is_on_the_branch(remote: Path, tmp_path: Path) -> None:
    one, other = clone(remote, tmp_path / "one"), clone(remote, tmp_path / "other")
    record(one, "dev", "here")
    record(other, "dev", "there")
    assert publish(one, "dev", ENVIRONMENTS, remote="origin", branch="records")
    assert publish(other, "dev", ENVIRONMENTS, remote="origin", branch="records")
    git.run(one, "fetch", "-q", "origin")
    assert len(checkout(one, "origin/records", ENVIRONMENTS)) == 1
    assert {link.data["text"] for link in Chain(one / "records" / "dev").read()} == {"here", "there"}
    record(one, "dev", "after both")
    assert publish(one, "dev", ENVIRONMENTS, remote="origin", branch="records")


def test_a_record_that_differs_from_the_one_on_the_branch(remote: Path, tmp_path: Path) -> None:
    """As only files of the older form can, and those that somebody forges."""
    one, other = clone(remote, tmp_path / "one"), clone(remote, tmp_path / "other")
    older(one, "here")
    older(other, "there")
    assert publish(one, "dev", ENVIRONMENTS, remote="origin", branch="records")
    with pytest.raises(BrokenChain, match=r"records/dev/000001\.json: on the branch records is another record"):
        publish(other, "dev", ENVIRONMENTS, remote="origin", branch="records")
    git.run(other, "fetch", "-q", "origin")
    with pytest.raises(BrokenChain, match="differs from the record in origin/records"):
        checkout(other, "origin/records", ENVIRONMENTS)
    assert [link.data["text"] for link in Chain(other / "records" / "dev").read()] == ["there"]


def test_a_branch_that_cannot_be_pushed_to(remote: Path, tmp_path: Path) -> None:
    one = clone(remote, tmp_path / "one")
    record(one, "dev", "here")
    hook = remote / "hooks" / "update"
    hook.write_text("#!/bin/sh\necho protected >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(NotPublished, match="protected"):
        publish(one, "dev", ENVIRONMENTS, remote="origin", branch="records", sleep=lambda _seconds: None)


def test_without_a_branch(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    with pytest.raises(BranchMissing, match="there is no origin/records in this repository"):
        checkout(tmp_path, "origin/records", ENVIRONMENTS)
    record(tmp_path, "dev", "here")
    with pytest.raises(BranchMissing, match="cannot be fetched"):
        publish(tmp_path, "dev", ENVIRONMENTS, remote=str(tmp_path / "nowhere"), branch="records")


def program(root: Path) -> None:
    (root / "infra").write_text("#!/bin/sh\nenv | grep AWS\n")


def settings(root: Path) -> None:
    (root / "envs").mkdir()
    (root / "envs" / "prod.yaml").write_text("release: {}\n")


def thaw(root: Path) -> None:
    record(root, "promotions", "thaw prod")


def link(root: Path) -> None:
    (root / "records").mkdir(exist_ok=True)
    (root / "records" / "prod").symlink_to("../envs")


def linked_record(root: Path) -> None:
    (root / "records" / "prod").mkdir(parents=True)
    (root / "records" / "prod" / "000001.json").symlink_to("../../envs/prod.yaml")


def executable(root: Path) -> None:
    record(root, "prod", "first")
    next((root / "records" / "prod").iterdir()).chmod(0o755)


def line_break(root: Path) -> None:
    (root / "records" / "prod").mkdir(parents=True)
    (root / "records" / "prod" / "000001.json\nx").write_text("{}")


@pytest.mark.parametrize("attack", [program, settings, thaw, link, linked_record, executable, line_break])
def test_what_is_no_record_never_comes_into_a_checkout(
    remote: Path, tmp_path: Path, attack: Callable[[Path], None]
) -> None:
    victim = clone(remote, tmp_path / "victim")
    record(victim, "dev", "here")
    assert publish(victim, "dev", ENVIRONMENTS, remote="origin", branch="records")
    push(clone(remote, tmp_path / "attacker"), attack)
    git.run(victim, "fetch", "-q", "origin")
    before = sorted(victim.rglob("*"))
    with pytest.raises(ForeignContent, match="which is not a record of an environment") as caught:
        checkout(victim, "origin/records", ENVIRONMENTS)
    assert caught.value.exit_code == ExitCode.REFUSED
    assert [path for path in sorted(victim.rglob("*")) if ".git" not in path.parts] == [
        path for path in before if ".git" not in path.parts
    ]
    record(victim, "dev", "there")
    with pytest.raises(ForeignContent):
        publish(victim, "dev", ENVIRONMENTS, remote="origin", branch="records")


def test_an_environment_that_the_checkout_does_not_have_is_left_out(remote: Path, tmp_path: Path) -> None:
    one = clone(remote, tmp_path / "one")
    record(one, "qa", "there")
    assert publish(one, "qa", (*ENVIRONMENTS, "qa"), remote="origin", branch="records")
    other = clone(remote, tmp_path / "other")
    assert checkout(other, "origin/records", ENVIRONMENTS) == ()


def test_a_record_that_does_not_follow_the_one_before_it_is_not_written(remote: Path, tmp_path: Path) -> None:
    def forge(root: Path) -> None:
        record(root, "prod", "first")
        path = next((root / "records" / "prod").iterdir())
        path.write_text(json.dumps({**json.loads(path.read_text()), "data": {"text": "succeeded"}}))

    push(clone(remote, tmp_path / "attacker"), forge)
    victim = clone(remote, tmp_path / "victim")
    with pytest.raises(BrokenChain, match="was changed after it was written"):
        checkout(victim, "origin/records", ENVIRONMENTS)
    assert not (victim / "records").exists()


def test_no_workflow_takes_anything_else_from_the_branch() -> None:
    files = sorted((ROOT / ".github").rglob("*.yml"))
    scripts = [
        step.get("run", "")
        for file in files
        for parsed in [YAML(typ="safe").load(file)]
        for steps in (
            *(job.get("steps") for job in parsed.get("jobs", {}).values()),
            parsed.get("runs", {}).get("steps"),
        )
        for step in steps or ()
    ]
    uses = [script for script in scripts if "records" in script]
    assert sorted(script.split("./infra ")[1].split()[:2] for script in uses) == [
        ["records", "checkout"],
        ["records", "publish"],
    ]
    assert not any("archive" in script or "tar " in script for script in scripts)
