"""`infra report` as users run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.core.base.errors import ExitCode
from tests.support.helpers import infra


def test_needs_a_file(tmp_path: Path) -> None:
    done = infra("report", "dev")
    assert done.returncode == ExitCode.USAGE
    assert "--out" in done.stderr


def test_the_file_is_html(tmp_path: Path) -> None:
    done = infra("report", "dev", "-o", str(tmp_path / "a.txt"))
    assert done.returncode == ExitCode.USAGE
    assert "a.txt; allowed: a file that ends with .html" in done.stderr
    assert not (tmp_path / "a.txt").exists()


def test_an_environment_that_does_not_exist(tmp_path: Path) -> None:
    done = infra("report", "deb", "-o", str(tmp_path / "a.html"))
    assert done.returncode == ExitCode.USAGE
    assert "deb" in done.stderr
    assert "dev" in done.stderr
    assert not (tmp_path / "a.html").exists()


@pytest.mark.parametrize("command", ["report", "diagram"])
def test_a_file_that_cannot_be_written_is_refused_at_once(command: str, tmp_path: Path) -> None:
    done = infra(command, "dev", "-o", str(tmp_path / "nowhere" / "a.svg"))
    assert done.returncode == ExitCode.USAGE
    assert "nowhere/a.svg; allowed: a file in a directory that is there" in done.stderr


def test_a_page_of_an_environment(tmp_path: Path) -> None:
    done = infra("report", "dev", "--json", "-o", str(tmp_path / "dev.html"))
    assert done.returncode == ExitCode.OK, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["environments"], summary["passed"], summary["findings"]) == (["dev"], True, 0)
    assert summary["claims"]["C1"] == {"dev": "holds"}
    assert "dev.html" in done.stderr
    text = (tmp_path / "dev.html").read_text()
    assert text.startswith("<!DOCTYPE html>\n")
    assert "<title>Infrastructure report: dev</title>" in text
    assert len(text.encode()) < 1_000_000
