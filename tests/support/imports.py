"""What files import, read from their syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.helpers import ROOT


def files(place: str) -> list[Path]:
    """The Python files of a directory, or the one file named."""
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything that is imported; `from a import b` counts as `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute here"
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def is_within(name: str, package: str) -> bool:
    """Whether a dotted name is a package or something in it."""
    return f"{name}.".startswith(f"{package}.")
