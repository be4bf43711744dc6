"""`infra sandbox`, run as users run it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.helpers import infra

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Command]:
    """Runs `infra sandbox` with a directory of its own, and stops what was started."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return infra("sandbox", *arguments, variables={"INFRA_SANDBOX_DIRECTORY": str(tmp_path)})

    yield run
    run("reset")


def test_the_life_of_a_sandbox(sandbox: Command) -> None:
    up = sandbox("up", "dev", "--fail-at", "kafka:CreateCluster", "--die-at", "100")
    assert up.returncode == 0, up.stderr
    assert up.stdout.startswith("dev: http://127.0.0.1:")

    found = json.loads(sandbox("status", "--json").stdout)
    assert list(found) == ["dev", "staging", "prod"]
    assert found["dev"]["endpoint"] == up.stdout.split()[1]
    assert found["dev"]["account_id"] == "111111111111"
    assert (found["dev"]["fail_at"], found["dev"]["die_at"]) == ("kafka:CreateCluster:1", "100")
    assert (found["prod"]["endpoint"], found["prod"]["remembers"]) == (None, False)

    shown = sandbox("status").stdout
    assert "fail at kafka:CreateCluster:1, die at 100" in shown
    assert shown.count("empty") == 2

    again = sandbox("up", "dev")
    assert again.stdout == up.stdout
    assert json.loads(sandbox("status", "dev", "--json").stdout)["dev"]["fail_at"] is None

    assert sandbox("down", "dev").stdout == "dev: stopped\n"
    assert sandbox("down", "dev").stdout == "dev: was not running\n"
    assert sandbox("reset", "dev").stdout == "dev: empty\n"


def test_a_point_that_cannot_be_read_starts_nothing(sandbox: Command) -> None:
    done = sandbox("up", "dev", "--die-at", "soon")
    assert done.returncode == 64
    assert done.stderr.startswith("infra: received 'soon'; allowed: a number of changes, such as 12")
    assert json.loads(sandbox("status", "dev", "--json").stdout)["dev"]["endpoint"] is None


def test_an_unknown_environment_is_a_wrong_command_line(sandbox: Command) -> None:
    done = sandbox("up", "devv")
    assert done.returncode == 64
    assert "Did you mean 'dev'?" in done.stderr
