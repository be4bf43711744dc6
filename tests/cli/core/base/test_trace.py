"""`--verbose` and `--debug`: what a command does, and how long it takes."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from cli.core.base.trace import TRACE, note_program, traced_program
from tests.support.helpers import infra


@pytest.fixture
def noted(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is noted at every level."""
    caplog.set_level("DEBUG", TRACE.name)
    return caplog


def test_a_program_is_noted_with_its_time_and_place(noted: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    with traced_program(["git", "log", "a b"], tmp_path):
        pass
    note_program(["x"], time.monotonic() - 5)
    first, second = noted.messages
    assert re.fullmatch(rf" +0\.0\d s  \$ git log 'a b'  in {re.escape(str(tmp_path))}", first)
    assert re.fullmatch(r" +5\.\d\d s  \$ x", second)


def test_a_program_that_fails_is_noted_too(noted: pytest.LogCaptureFixture) -> None:
    with pytest.raises(OSError, match="no"), traced_program(["x"]):
        raise OSError("no")
    assert len(noted.messages) == 1


def test_verbose_times_the_steps_and_debug_shows_programs_as_well() -> None:
    quiet = infra("reach", "dev")
    assert quiet.stderr == ""
    verbose = infra("reach", "dev", "--verbose")
    assert verbose.stdout == quiet.stdout
    assert re.search(r"^ +\d+\.\d\d s  synthesizing dev$", verbose.stderr, re.M)
    assert "$ " not in verbose.stderr
    debug = infra("history", "dev", "--debug")
    assert re.search(r"^ +\d+\.\d\d s  \$ git -C ", debug.stderr, re.M)


def test_debug_shows_where_an_error_was_raised_without_secrets() -> None:
    done = infra("diff", "https://user:hunter2@host@HEAD", "dev", "--debug")
    assert done.returncode == 64
    assert "Traceback" in done.stderr
    assert "hunter2" not in done.stderr.partition("where it ended")[2]
    assert "Traceback" not in infra("reach", "nope").stderr


def test_the_options_are_of_every_command_but_test() -> None:
    for arguments in (["env", "list"], ["policies"], ["completion", "bash"]):
        assert infra(*arguments, "--debug").returncode == 0
    assert infra("--verbose", "env", "list").returncode == 0
    assert infra("reach", "dev", "--verbos").returncode == 64
