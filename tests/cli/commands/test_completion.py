"""`infra completion`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.support import checkouts
from tests.support.helpers import infra
from tests.support.programs import run_program


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(shell: str) -> None:
    done = infra("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_INFRA_COMPLETE={shell}_complete" in done.stdout
    assert json.loads(infra("completion", shell, "--json").stdout) == {
        "shell": shell,
        "script": done.stdout.removesuffix("\n"),
    }


def test_another_shell_is_refused() -> None:
    done = infra("completion", "tcsh")
    assert done.returncode == 64
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in done.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["./infra", "rea"], ["reach"]),
        (["./infra", "reach", "pr"], ["prod"]),
        (["./infra", "reach", "comp"], []),  # no environment: bash completes files by itself
        (["./infra", "check", "--sev"], ["--severity"]),
        (["./infra", "check", "--severity", "c"], ["critical"]),
    ],
)
def test_bash_completes(tmp_path: Path, words: list[str], expected: list[str]) -> None:
    """The script is sourced in bash and asked for what it would offer."""
    program = tmp_path / "infra"
    root = checkouts.shared()
    program.write_text(f'#!/bin/sh\nPYTHONPATH={root} exec {sys.executable} -P -m cli.main "$@"\n')
    program.chmod(0o755)
    (tmp_path / "completion").write_text(infra("completion", "bash").stdout)
    typed = " ".join(words)
    asked = f"COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; _infra_completion ./infra; echo ${{COMPREPLY[@]}}"
    done = run_program(["bash", "-c", f"source ./completion; {asked}"], cwd=tmp_path)
    assert done.stdout.split() == expected
