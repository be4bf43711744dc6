"""`infra test --json`: pytest's result as one document, its exit code, and its output on standard error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.commands import test as command
from cli.main import toolkit

TESTS = """
import pytest

def test_good(): pass
def test_bad(): assert 1 == 2
@pytest.mark.skip
def test_not_now(): pass
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with three tests."""
    (tmp_path / "test_three.py").write_text(TESTS)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_passed_and_what_failed(root: Path) -> None:
    done = CliRunner().invoke(toolkit, ["test", "--json", "test_three.py", "-p", "no:cacheprovider"])
    assert json.loads(done.stdout) == {
        "exit_code": 1,
        "passed": 1,
        "failed": ["test_three::test_bad"],
        "skipped": 1,
    }
    assert done.exit_code == 1


def test_nothing_that_runs(root: Path) -> None:
    done = CliRunner().invoke(toolkit, ["test", "test_three.py", "--no-such-option", "--json"])
    assert json.loads(done.stdout) == {"exit_code": 4, "passed": 0, "failed": [], "skipped": 0}
