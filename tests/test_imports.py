"""The order of the code: imports go one way and stand at the top, names are told apart, long calls name arguments.

Read from the syntax, so that an import inside a function counts too.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path

import pytest

from tests.support.helpers import ROOT, infra_environment
from tests.support.imports import files, imported, is_within
from tests.support.programs import run_program

CDKTF = {"cdktf", "cdktf_cdktf_provider_aws", "constructs", "jsii"}

FORBIDDEN = {
    "envs": {"cli", "main", "modules", "policies", *CDKTF},
    "policies": {"cli", "main", "modules", *CDKTF},
    "policies/library": {"checkov", "policies.access", "policies.checkov", "policies.checks", "policies.reachability"},
    "policies/reachability": {"checkov", "policies.access", "policies.checkov", "policies.checks"},
    "policies/access": {"checkov", "policies.checkov", "policies.checks"},
    "policies/checks": {"checkov"},
    "modules": {"cli", "main", "policies"},
    "cli/core": {"click", "cli.commands", "cli.main", "cli.ui", "modules", *CDKTF},
    "cli/ui": {"cli.commands", "cli.main"},
    "cli/commands": {"cli.commands", "cli.main"},
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

CORE_LAYERS = (
    {"base"},
    {"gate", "reach", "sbom", "terraform"},
    {"access", "cost", "diagram"},
    {"change"},
    {"plans"},
    {"inventory", "records"},
    {"synthesis"},
    {"diff", "doctor", "new", "preconditions", "sandbox"},
    {"bundle"},
    {"account", "workspace"},
    {"artifacts"},
    {"releases"},
    {"operations"},
    {"promotion"},
    {"report"},
)
"""The rooms in `cli/core`, in the same way."""

SLOW_TO_IMPORT = {"envs", "main", "pydantic", "rich", "ruamel", "boto3", "checkov"}
"""What `infra --help` must not wait for."""


def shown(path: Path) -> str:
    """A path as it stands in the repository."""
    return path.relative_to(ROOT).as_posix()


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


def upwards(package: str, layers: Sequence[Set[str]]) -> list[str]:
    """The imports within a package that lead to a layer after the file's own, or beside it."""
    layer_of = {part: index for index, parts in enumerate(layers) for part in parts}
    dotted, wrong = package.replace("/", "."), []
    for path in files(package):
        part = path.relative_to(ROOT / package).parts[0].removesuffix(".py")
        for line, name in imported(ast.parse(path.read_bytes())):
            other = name.removeprefix(f"{dotted}.").split(".")[0] if is_within(name, dotted) else part
            if part in layer_of and other != part and layer_of.get(other, -1) >= layer_of[part]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    return wrong


@pytest.mark.parametrize(("package", "layers"), [("modules", LAYERS), ("cli/core", CORE_LAYERS)])
def test_parts_import_only_from_layers_before_their_own(package: str, layers: Sequence[Set[str]]) -> None:
    parts = {
        path.stem for path in (ROOT / package).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert parts - {"__init__"} - set().union(*layers) == set()
    assert upwards(package, layers) == []


def late_imports(path: Path) -> Iterator[str]:
    """Imports in functions without a comment on their line, or before the first of several that follow each other."""
    lines = path.read_text().splitlines()
    for function in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            late = [node.lineno for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
            for number in late:
                first = number
                while first - 1 in late:
                    first -= 1
                if "#" not in lines[number - 1] + lines[first - 2]:
                    yield f"{shown(path)}:{number}: {lines[number - 1].strip()}"


def test_an_import_in_a_function_says_what_it_saves() -> None:
    paths = [path for place in ("cli", "envs", "modules", "policies") for path in files(place)]
    assert [text for path in paths for text in late_imports(path)] == []


VARIADIC = {"_any", "_git", "add_row", "ask", "run", "run_check"}
"""Functions that take any number of arguments of one kind, and two of checkov's."""


def test_a_call_has_at_most_four_positional_arguments() -> None:
    calls = [
        f"{shown(path)}:{node.lineno}: {ast.unparse(node)}"
        for path in files("cli")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call) and len(node.args) > 4
        if ast.unparse(node.func).split(".")[-1] not in VARIADIC
    ]
    assert calls == []


_SERVER = "the sandbox's server is a program of its own, with the words of AWS's protocols"
_MODEL = "a block of Terraform in policies/library; what it means in a network in policies/reachability"
ONE_NAME_TWICE: Mapping[tuple[str, str], str] = {
    ("cli/core", "Call"): _SERVER,
    (
        "cli/core",
        "Record",
    ): "what was done, in the chain of records; a rule's answer about a resource, as checkov has it",
    ("cli/core", "Target"): "what terraform runs against; what the gate scans, in checkov's word",
    ("policies", "Block"): "as Terraform has it; as checkov has it",
    ("policies", "Judgement"): "as the library gives it; as checkov takes it",
    ("policies", "Permission"): _MODEL,
    ("policies", "Route"): _MODEL,
    ("policies", "Rule"): "a rule of the gate; a rule of a network",
}
"""Classes of one name in one layer that are meant, by layer and name, each with the reason."""


@pytest.mark.parametrize("layer", ["cli/core", "cli/ui", "envs", "modules", "policies"])
def test_a_class_name_means_one_thing_in_a_layer(layer: str) -> None:
    places: dict[str, list[str]] = {}
    for path in files(layer):
        for node in ast.parse(path.read_bytes()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(shown(path))
    twice = {name: paths for name, paths in places.items() if len(paths) > 1}
    assert {name: paths for name, paths in twice.items() if (layer, name) not in ONE_NAME_TWICE} == {}


def test_the_help_waits_for_nothing_slow() -> None:
    program = "import sys, cli.main; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = run_program([sys.executable, "-P", "-c", program], cwd=ROOT, check=True, env=infra_environment())
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
