"""Whether a checkout has the code of a commit: byte for byte, and nothing beside it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.core.base.sources import is_code_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with some code and settings."""
    for name in ("main.py", "modules/stacks.py", "envs/load.py", "envs/dev.yaml", "docs/tour.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{name}\n")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@t"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *arguments], check=True)
    return tmp_path


def nothing(_root: Path) -> None:
    """Everything is as it was."""


def settings(root: Path) -> None:
    """What is no code: settings, an environment more, a page."""
    for name in ("envs/dev.yaml", "envs/prod.yaml", "docs/tour.md"):
        (root / name).write_text("other\n")


def bytecode(root: Path) -> None:
    """What Python leaves beside modules."""
    (root / "modules" / "__pycache__").mkdir()
    (root / "modules" / "__pycache__" / "stacks.pyc").touch()


def one_letter(root: Path) -> None:
    (root / "modules" / "stacks.py").write_text("modules/stackS.py\n")


def line_ends(root: Path) -> None:
    """What git may call equal."""
    subprocess.run(["git", "-C", str(root), "config", "core.autocrlf", "input"], check=True)
    (root / "main.py").write_bytes(b"main.py\r\n")


def one_more(root: Path) -> None:
    (root / "modules" / "template.j2").touch()


def ignored(root: Path) -> None:
    (root / ".git" / "info" / "exclude").write_text("*.py\n")
    (root / "modules" / "more.py").touch()


def overlooked(root: Path) -> None:
    subprocess.run(["git", "-C", str(root), "update-index", "--assume-unchanged", "main.py"], check=True)
    (root / "main.py").write_text("other\n")


def one_less(root: Path) -> None:
    (root / "envs" / "load.py").unlink()


@pytest.mark.parametrize("change", [nothing, settings, bytecode])
def test_the_code_is_that_of_the_commit(change: Callable[[Path], None], root: Path) -> None:
    change(root)
    assert is_code_of(root, "HEAD")


@pytest.mark.parametrize("change", [one_letter, line_ends, one_more, ignored, overlooked, one_less])
def test_other_code_is_none_of_the_commit(change: Callable[[Path], None], root: Path) -> None:
    change(root)
    assert not is_code_of(root, "HEAD")
