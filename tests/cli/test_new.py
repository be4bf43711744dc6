"""The commands of docs/extending.md, typed in a fresh checkout: what they add passes the gate and its own tests."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import checkouts
from tests.support.helpers import ROOT, infra, infra_environment
from tests.support.programs import git

COMMANDS = (
    ("server", "loyalty", "--public", "--path", "/loyalty", "--uses", "event-store", "--uses", "stream"),
    ("consumer", "billing", "--topic", "data-reporting", "--to", "sqs"),
    ("environment", "qa", "--account", "444455556666", "--after", "dev"),
)
"""A server, a consumer and an environment, in the words of the document."""


def data(root: Path, *arguments: str) -> Any:
    """What a command says with --json, which must end well."""
    done = infra(*arguments, "--json", root=root, cwd=root, timeout=300)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in which all of it was added, each committed."""
    root = checkouts.copy(tmp_path_factory.mktemp("grown") / "checkout")
    for name in (".github", "docs/policies", "tests/own", "tests/support", "tests/environments"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "test_*"))
    for name in ("docs/additions.md", "docs/claims.md", "docs/policies.md", "tests/conftest.py"):
        shutil.copy(ROOT / name, root / name)
    shutil.copy(checkouts.ENVIRONMENTS / "addresses.json", root)
    git(root, "init", "-q")
    for command in (None, *COMMANDS):
        if command:
            written = data(root, "new", *command)["written"]
            changed = git(root, "status", "--porcelain", "--untracked-files=all").splitlines()
            assert sorted(line[3:] for line in changed) == written, "git has everything that was written"
        git(root, "add", "-A")
        git(root, "-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "-qm", "Add")
    return root


def test_the_gate_passes(root: Path) -> None:
    done = infra("check", "dev", "qa", root=root, cwd=root, timeout=300)
    assert done.returncode == 0, done.stdout


def test_its_own_tests_pass(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "tests/own"],
        cwd=root,
        env=infra_environment(root),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "9 passed" in done.stdout


def test_the_server_reaches_what_it_uses_and_answers_the_internet(root: Path) -> None:
    reached = {each["to"] for each in data(root, "reach", "qa", "--from", "loyalty")["paths"]}
    assert {"broker", "cluster", "event_store"} <= reached
    (way,) = [each for each in data(root, "reach", "qa", "--from", "internet")["paths"] if each["to"] == "loyalty"]
    assert (way["through"], way["traffic"]) == (["public_load_balancer"], "tcp 443")


def test_the_environment_is_between_its_neighbours(root: Path) -> None:
    assert [each["environment"] for each in data(root, "env", "list")] == ["dev", "qa", "staging", "prod"]


def test_a_second_one_of_the_name_is_refused(root: Path) -> None:
    done = infra("new", "server", "loyalty", "--public", "--json", root=root, cwd=root)
    assert (done.returncode, json.loads(done.stdout)["refused"]) == (10, "name-taken")
    assert git(root, "status", "--porcelain") == ""
