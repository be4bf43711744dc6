"""`--branch`: what is written is committed on a branch of its own, or the branch was never there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.core.base.errors import Refusal
from cli.core.promotion.branch import on_branch
from cli.core.promotion.log import Log
from cli.core.releases.refusals import FileMoved
from tests.support.helpers import ROOT
from tests.support.programs import git
from tests.support.records import PROMOTION, log_data


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one environment."""
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "config", "user.name", "Alice")
    git(tmp_path, "config", "user.email", "alice@meals.example")
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs" / "prod.yaml").write_text("before")
    shutil.copy(ROOT / ".gitignore", tmp_path)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


def write(root: Path) -> None:
    """What a promotion writes."""
    log = Log(root / "records" / "promotions")
    with log.held():
        log.replace(root / "envs" / "prod.yaml", b"before", b"after", log_data(PROMOTION))


def test_file_and_record_are_committed_and_nothing_else(root: Path) -> None:
    with on_branch("release", "prod", "the report", root=root):
        write(root)
    assert git(root, "branch", "--show-current") == "release\n"
    assert git(root, "show", "--name-only", "--format=%s%n%b") == (
        "Promote to prod\nthe report\n\n\nenvs/prod.yaml\nrecords/promotions/000001.json\n"
    )
    assert git(root, "status", "--porcelain") == ""


def test_when_the_writing_fails_there_is_no_branch(root: Path) -> None:
    with pytest.raises(FileMoved), on_branch("release", "prod", "the report", root=root):
        raise FileMoved("changed meanwhile")
    assert git(root, "branch", "--format=%(refname:short)") == "main\n"


def test_a_checkout_with_changes_is_refused(root: Path) -> None:
    (root / "envs" / "prod.yaml").write_text("by hand")
    with (
        pytest.raises(Refusal, match="needs a checkout without uncommitted changes"),
        on_branch("release", "prod", "the report", root=root),
    ):
        write(root)
    assert git(root, "branch", "--format=%(refname:short)") == "main\n"


def test_a_branch_that_is_there_is_refused(root: Path) -> None:
    git(root, "branch", "release")
    with pytest.raises(Refusal, match="already exists"), on_branch("release", "prod", "the report", root=root):
        write(root)
    assert (root / "envs" / "prod.yaml").read_text() == "before"
