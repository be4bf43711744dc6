"""Retired words stay out: code and documents use the words of AWS, Terraform, git and promotion (docs/glossary.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.helpers import ROOT
from tests.support.imports import files

NOWHERE = {
    "deed": "apply record, or resource action",
    "deeds": "apply records, or resource actions",
    "judging": "plan_policy",
    "leftovers": "InterruptedApply",
    "left_out": "import_stubs",
    "realm": "target",
    "settle": "require_recovered",
    "telling": "ProgressReporter",
}
"""A word or an identifier that has gone -> what there is instead."""

MODULES = {
    *("above", "applying", "aside", "below", "destroying", "given", "kept", "made", "planning", "residual", "rewrite"),
    *("said", "sizes", "told", "words", "written"),
}
"""What no file is called, and no import renames a module to."""

CLASSES = {
    *("Above", "Applying", "Below", "GateStopped", "Kept", "Left", "Made", "Passage", "Ready", "Said", "Seen", "Stand"),
    *("Telling", "Told", "Watch", "Way"),
}
"""What no class is called."""

FUNCTIONS = {"lets", "says", "surely", "tells", "told"}
"""What no function, method or field is called."""

OF_VERSION_1 = {"deed", "realm"}
"""Keys of records of version 1, which are still read."""

ALLOWED = {
    "CHANGELOG.md": OF_VERSION_1,  # what their keys have become
    "cli/core/records/upgrade.py": OF_VERSION_1,
    "docs/records.md": OF_VERSION_1,
    "tests/cli/core/records/test_model.py": OF_VERSION_1,
    "tests/test_documents.py": set(NOWHERE),  # keeps words out of documents
    "tests/test_vocabulary.py": set(NOWHERE),
}
"""Where words of `NOWHERE` stay."""

TREES = ("benchmarks", "cli", "envs", "main.py", "modules", "policies", "tests")
CODE = {path.relative_to(ROOT).as_posix(): path.read_text() for tree in TREES for path in files(tree)}
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for pattern in ("*.md", "docs/**/*.md", "docs/**/*.json")
    for path in ROOT.glob(pattern)
}


def words(text: str) -> set[str]:
    """The words and identifiers of a text, in lower case, and the words that identifiers consist of."""
    identifiers = set(re.findall(r"[a-z]+(?:_[a-z]+)*", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower()))
    return identifiers | {word for identifier in identifiers for word in identifier.split("_")}


def test_retired_words_are_nowhere() -> None:
    retired = {
        path: {word: NOWHERE[word] for word in words(text) & NOWHERE.keys() - ALLOWED.get(path, set())}
        for path, text in {**CODE, **DOCUMENTS}.items()
    }
    assert {path: found for path, found in retired.items() if found} == {}


def names(tree: ast.AST) -> Iterator[tuple[int, str, set[str]]]:
    """Line and name of every class, function, field and renamed module, with the words that it must not be."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.lineno, node.name, CLASSES
        elif isinstance(node, ast.FunctionDef):
            yield node.lineno, node.name, FUNCTIONS
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.lineno, node.target.id, FUNCTIONS
        elif isinstance(node, ast.ImportFrom | ast.Import):
            yield from ((node.lineno, alias.asname, MODULES) for alias in node.names if alias.asname)


def test_nothing_has_a_retired_name() -> None:
    wrong = [
        f"{path}:{line}: {name}"
        for path, text in CODE.items()
        for line, name, retired in [(1, Path(path).stem, MODULES), *names(ast.parse(text))]
        if name in retired
    ]
    assert wrong == []
