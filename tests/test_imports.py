"""Imports go one way. Read from the syntax, so that an import inside a function counts too."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.support.helpers import ROOT, infra_environment
from tests.support.imports import files, imported, is_within

CDKTF = {"cdktf", "cdktf_cdktf_provider_aws", "constructs", "jsii"}

FORBIDDEN = {
    "envs": {"cli", "main", "modules", "policies", *CDKTF},
    "policies": {"cli", "main", "modules", *CDKTF},
    "policies/library": {"checkov", "policies.checkov", "policies.checks", "policies.reachability"},
    "policies/reachability": {"checkov", "policies.checkov", "policies.checks"},
    "policies/checks": {"checkov"},
    "modules": {"cli", "main", "policies"},
    "cli/core": {"click", "cli.commands", "cli.main", "cli.ui", "modules", *CDKTF},
    "cli": {"modules", *CDKTF},
    "main.py": {"cli", "policies"},
}
"""What the files of a directory, or a file, must not import."""

LAYERS = (
    {"runtime"},
    {"common"},
    {"network", "storage"},
    {"servers", "state"},
    {"channels", "delivery", "edge", "event_store", "messaging", "notifications"},
    {"streaming"},
    {"stacks"},
)
"""The parts in `modules`: each imports from itself and from layers before its own."""

SLOW_TO_IMPORT = {"envs", "main", "pydantic", "rich", "ruamel", "boto3", "checkov"}
"""What `infra --help` must not wait for."""


@pytest.mark.parametrize("place", FORBIDDEN)
def test_directions(place: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in files(place)
        for line, name in imported(ast.parse(path.read_bytes()))
        for forbidden in FORBIDDEN[place]
        if is_within(name, forbidden)
    ]
    assert wrong == []


def test_tests_share_only_what_stands_in_support() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in files("tests")
        for line, name in imported(ast.parse(path.read_bytes()))
        if is_within(name, "tests") and not is_within(name, "tests.support")
    ]
    assert wrong == []


def test_a_wrong_import_is_seen() -> None:
    tree = ast.parse("def f():\n    from modules.network import vpc\n    import modules\n")
    assert [line for line, name in imported(tree) if is_within(name, "modules")] == [2, 3]


def test_parts_import_only_from_layers_before_their_own() -> None:
    layer_of = {part: index for index, parts in enumerate(LAYERS) for part in parts}
    wrong: list[str] = []
    for path in files("modules"):
        part = path.relative_to(ROOT / "modules").parts[0].removesuffix(".py")
        for line, name in imported(ast.parse(path.read_bytes())):
            other = name.split(".")[1] if is_within(name, "modules") and "." in name else part
            if part in layer_of and other != part and layer_of.get(other, -1) >= layer_of[part]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert wrong == []


def test_every_part_has_a_layer() -> None:
    parts = {path.name for path in (ROOT / "modules").iterdir() if (path / "__init__.py").exists()}
    assert parts - set().union(*LAYERS) == set()


def test_the_help_waits_for_nothing_slow() -> None:
    program = "import sys, cli.main; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env=infra_environment(),
    )
    assert SLOW_TO_IMPORT & set(done.stdout.split()) == set()


def test_the_bindings_are_imported_by_submodule() -> None:
    """Importing from the package root would load all of them, or nothing behind the stand-in."""
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files("modules")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if (isinstance(node, ast.ImportFrom) and node.module == "cdktf_cdktf_provider_aws")
        or (isinstance(node, ast.Import) and any(alias.name == "cdktf_cdktf_provider_aws" for alias in node.names))
    ]
    assert wrong == []
