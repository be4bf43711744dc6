"""An ephemeral workspace leaves nothing behind: no Terraform in `cdktf.out`, no plan, no provider."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.core.base.progress import ProgressReporter
from cli.core.workspace import workspace
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import open_workspace
from envs.load import load
from tests.support.helpers import ROOT
from tests.support.progress import CallbackReporter

PACKAGE = Path(".terraform/providers/registry.example/example/aws/6.25.0/linux_amd64")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terraform: str) -> Path:
    """An empty checkout."""
    root = tmp_path / "checkout"
    root.mkdir()
    monkeypatch.setattr(workspace, "ROOT", root)
    return root


@pytest.fixture
def synthesized(tmp_path: Path) -> Path:
    """The directory of a synthesized stack."""
    stack = tmp_path / "synthesized" / "stacks" / "dev"
    stack.mkdir(parents=True)
    (stack / "cdk.tf.json").write_text(json.dumps({"terraform": {}}))
    (stack / "moved.tf").write_text("# moves\n")
    return stack


def test_it_has_all_that_terraform_needs_and_leaves_nothing(root: Path, synthesized: Path) -> None:
    with open_workspace(load("dev"), synthesized, Options(), ProgressReporter(), is_ephemeral=True) as scratch:
        assert scratch.configuration.read_text() == json.dumps({"terraform": {}})
        assert (scratch.directory / "moved.tf").read_text() == "# moves\n"
        assert scratch.directory == root / ".infra" / "promotion-dev" / "stacks" / "dev"
        assert scratch.state_directory == root / ".infra" / "dev"
        for path in (scratch.directory, scratch.store, scratch.store.parent):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert list(root.iterdir()) == []


def test_it_ends_in_order_when_something_goes_wrong(root: Path, synthesized: Path) -> None:
    def fail() -> None:
        with open_workspace(load("dev"), synthesized, Options(), ProgressReporter(), is_ephemeral=True) as scratch:
            (scratch.store / "new.tfplan").write_text("a secret")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(root.iterdir()) == []


def test_what_a_killed_run_left_is_not_used(root: Path, synthesized: Path) -> None:
    left = root / ".infra" / "promotion-dev" / "stacks" / "dev"
    left.mkdir(parents=True)
    (left / "old.tf.json").write_text("{}")
    with open_workspace(load("dev"), synthesized, Options(), ProgressReporter(), is_ephemeral=True) as scratch:
        assert not (scratch.directory / "old.tf.json").exists()
    assert list(root.iterdir()) == []


def test_saved_plans_and_installed_providers_stay(root: Path, synthesized: Path) -> None:
    usual = root / "cdktf.out" / "stacks" / "dev"
    (usual / PACKAGE).mkdir(parents=True)
    (usual / PACKAGE / "provider").write_text("program")
    (usual / ".terraform.lock.hcl").write_text("# locked\n")
    (usual / ".terraform" / "terraform.tfstate").write_text("backend")
    saved = root / ".infra" / "dev" / "saved"
    saved.mkdir(parents=True)
    (saved.parent / "initialized").write_text("digest")
    with open_workspace(load("dev"), synthesized, Options(), ProgressReporter(), is_ephemeral=True) as scratch:
        assert (scratch.directory / PACKAGE / "provider").read_text() == "program"
        assert (scratch.directory / ".terraform.lock.hcl").read_text() == "# locked\n"
        assert (scratch.directory / ".terraform" / "terraform.tfstate").read_text() == "backend"
        assert (scratch.store / "initialized").read_text() == "digest"
    assert (usual / PACKAGE / "provider").read_text() == "program"
    assert sorted(each.name for each in usual.iterdir()) == [".terraform", ".terraform.lock.hcl"]
    assert saved.is_dir()
    assert sorted(each.name for each in (root / ".infra").iterdir()) == ["dev"]


def test_the_terraform_of_a_run_that_was_killed_keeps_its_directory(root: Path, synthesized: Path) -> None:
    store = root / ".infra" / "promotion-dev"
    directory = store / "stacks" / "dev"
    directory.mkdir(parents=True)
    script = "import os, time\nwhile not os.path.exists('go'): time.sleep(0.01)\nopen('state', 'w').close()"
    ours = f"""
import os, sys
from pathlib import Path
from cli.core.terraform.process import run
run(
    [sys.executable, "-c", {script!r}], directory=Path({str(directory)!r}), environ=os.environ,
    output=Path({str(store / "plan.log")!r}), line=print, interrupted=print,
)
"""
    killed = subprocess.Popen([sys.executable, "-c", ours], env={**os.environ, "PYTHONPATH": str(ROOT)})
    while not (store / "running.lock").is_file() or not (store / "running.lock").read_bytes():
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    notes: list[str] = []

    def note(text: str) -> None:
        notes.append(text)
        (directory / "go").touch()

    reporter = CallbackReporter(note=note)
    with open_workspace(load("dev"), synthesized, Options(), reporter, is_ephemeral=True) as scratch:
        assert not (scratch.directory / "state").exists()
    assert notes == ["another run works on dev; waiting for it"]
