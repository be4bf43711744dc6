"""The commands of docs/extending.md, typed in a fresh checkout: what they add passes the gate and its own tests.

`tests/cli/core/sandbox/test_rehearsal.py` bootstraps, applies and destroys what they added.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import grown
from tests.support.grown import data
from tests.support.helpers import infra, infra_environment
from tests.support.programs import git


@pytest.fixture(scope="module")
def root() -> Path:
    """A checkout in which all of it was added, each committed."""
    return grown.shared()


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
