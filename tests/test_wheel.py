"""The toolkit as an installed package: its constructs in an application, its rules and proofs where is no checkout.

The wheel is built from this checkout and installed in an environment of its own, which takes what the package needs
from the environment of the tests.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
import zipfile
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cli.main import WITHOUT_CHECKOUT
from tests.support.helpers import ROOT
from tests.support.programs import fetch, run_program

EXAMPLE = ROOT / "docs" / "examples" / "network_and_servers.py"
LOCK = ROOT / "tests" / "hatchling.txt"
"""What builds the wheel, with digests: it needs a newer `packaging` than checkov allows."""
UV = str(Path(sys.executable).with_name("uv"))
STACK = "cdktf.out/stacks/shop"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    directory = tmp_path_factory.mktemp("wheel")
    backend = fetch(LOCK, tmp_path_factory.mktemp("backend"))
    variables = {**os.environ, "PYTHONPATH": str(backend)}
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(directory)]
    run_program(command, cwd=ROOT, env=variables, check=True)
    (built,) = directory.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that the wheel is installed in."""
    directory = tmp_path_factory.mktemp("installed")
    run_program([UV, "venv", "--quiet", "--offline", "--python", sys.executable, str(directory)], check=True)
    python = directory / "bin" / "python"
    command = [UV, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(python), str(wheel)]
    run_program(command, check=True)
    (site,) = directory.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return directory / "bin"


@pytest.fixture(scope="module")
def application(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the example, which was synthesized there."""
    directory = tmp_path_factory.mktemp("application")
    (directory / "main.py").write_bytes(EXAMPLE.read_bytes())
    done = run(programs / "python", "main.py", cwd=directory)
    assert (done.returncode, done.stderr) == (0, "")
    return directory


def run(program: Path, *arguments: str, cwd: Path) -> CompletedProcess[str]:
    """Run a program of that environment, where nothing leads to the checkout."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return run_program([str(program), *arguments], cwd=cwd, env={**variables, "NO_COLOR": "1"})


def test_the_wheel_has_what_the_packages_read_and_no_environment(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = {
        path.relative_to(ROOT).as_posix()
        for package in ("cli", "envs", "modules", "policies")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    environments = {name for name in data if name.startswith("envs/") and name.endswith(".yaml")}
    checkout = {"cli/prepare.py", "modules/runtime/README.md"}
    assert {name for name in names if ".dist-info/" not in name} == data - environments - checkout
    assert {"cli/py.typed", "envs/py.typed", "modules/py.typed", "policies/py.typed"} <= names


def test_an_application_with_the_network_and_a_group_of_servers_passes(programs: Path, application: Path) -> None:
    checked = run(programs / "infra", "check", STACK, "--json", cwd=application)
    assert checked.returncode == 0, checked.stdout
    assert json.loads(checked.stdout)["targets"][0]["resources"] > 90
    reached = run(programs / "infra", "reach", STACK, "--json", cwd=application)
    assert reached.returncode == 0, reached.stderr
    paths = json.loads(reached.stdout)["paths"]
    assert {path["from"].partition("_")[0] for path in paths} == {"worker"}
    assert "internet" not in {path["to"] for path in paths}


def test_a_hole_in_that_application_is_found(programs: Path, application: Path, tmp_path: Path) -> None:
    hole = 'group.connect_to_cidr("0.0.0.0/0", id="out", port=80, description="Updates")'
    (tmp_path / "main.py").write_text(EXAMPLE.read_text().replace("app.synth()", f"{hole}\napp.synth()"))
    assert run(programs / "python", "main.py", cwd=tmp_path).returncode == 0
    checked = run(programs / "infra", "check", STACK, "--json", cwd=tmp_path)
    assert checked.returncode == 3
    assert "CKV2_MEALS_138" in checked.stdout


def test_help_lists_what_works_without_a_checkout(programs: Path, tmp_path: Path) -> None:
    shown = run(programs / "infra", "--help", cwd=tmp_path).stdout
    listed = {
        line.split()[0] for line in shown.split("Everyday:")[1].split("Exit codes:")[0].splitlines() if line.strip()
    }
    assert {word for word in listed if not word.endswith(":")} == WITHOUT_CHECKOUT
    version = run(programs / "infra", "--version", cwd=tmp_path)
    assert version.stdout.startswith("infra 0.")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("synth",), "infra synth is about environments"),
        (("plan", "dev"), "infra plan is about environments"),
        (("check",), "there is no path"),
        (("reach", "dev"), "there is nothing at the path 'dev'"),
        (("policies", "--write"), "infra policies --write writes the pages of a checkout"),
    ],
)
def test_what_needs_environments_is_refused(
    programs: Path, tmp_path: Path, arguments: tuple[str, ...], reason: str
) -> None:
    done = run(programs / "infra", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (64, "")
    assert done.stderr.startswith(f"infra: {reason}; the installed package has no environments. Give the path ")
    assert list(tmp_path.iterdir()) == []
