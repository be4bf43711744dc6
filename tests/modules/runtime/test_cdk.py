"""By one switch cdktn synthesizes what cdktf does: the same resources at the same addresses."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import Distribution, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.checkouts import ENVIRONMENTS, choose_cdk, copy, shared
from tests.support.helpers import infra, infra_environment, tree
from tests.support.packages import cdktn
from tests.support.programs import run_program

LIBRARIES = ("cdktf", "cdktn")

VERSION = re.compile(rb'"version": "(0\.21\.0|0\.24\.0)"')
"""Of the library, in the metadata of each stack and in the manifest."""

EMPTY = re.compile(rb"([\[{])\s+([\]}])")
"""A list or an object, which cdktf writes on two lines, and cdktn on one."""


@pytest.fixture(scope="session")
def packages() -> Path:
    """cdktn and its AWS bindings."""
    return cdktn()


@pytest.fixture(scope="session")
def checkouts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A checkout for each CDK, with the moved addresses. Not to be changed."""
    root = copy(tmp_path_factory.mktemp("cdktn") / "checkout")
    shutil.copy(ENVIRONMENTS / "addresses.json", root)
    choose_cdk(root, "cdktn")
    return {"cdktf": shared(), "cdktn": root}


def run(packages: Path, root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a checkout with cdktn installed."""
    return infra(*arguments, root=root, variables={"PYTHONPATH": f"{root}:{packages}", **variables}, timeout=300)


def test_the_terraform_differs_in_a_version_and_in_empty_blocks(
    checkouts: Mapping[str, Path], packages: Path, tmp_path: Path
) -> None:
    """In every environment. The guard of addresses is asked in both, and refuses to write what is elsewhere."""
    for library, root in checkouts.items():
        done = run(packages, root, "synth", "--out", str(tmp_path / library))
        assert done.returncode == 0, done.stderr
    before, after = (tree(tmp_path / library) for library in LIBRARIES)
    assert set(after) == set(before) >= {f"stacks/{name}/cdk.tf.json" for name in ("dev", "staging-bootstrap", "prod")}
    for path in before:
        versions = VERSION.findall(before[path]), VERSION.findall(after[path])
        assert versions == (([b"0.21.0"], [b"0.24.0"]) if path.endswith(".json") else ([], [])), path
        old, new = (EMPTY.sub(rb"\1\2", VERSION.sub(b"", text)) for text in (before[path], after[path]))
        assert new == old, path


@pytest.mark.parametrize("command", [("check", "dev", "--format", "json"), ("reach", "dev", "--json")])
def test_the_policies_and_the_proofs_judge_both_alike(
    command: tuple[str, ...], checkouts: Mapping[str, Path], packages: Path
) -> None:
    before, after = (run(packages, checkouts[library], *command) for library in LIBRARIES)
    assert before.returncode == 0, before.stderr
    assert after.returncode == 0, after.stderr
    assert without_places(after.stdout) == without_places(before.stdout)


WRONG = """
import modules
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.launch_template import LaunchTemplate
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.vpc import Vpc
from modules.runtime.errors import explain

stack = TerraformStack(App(outdir="out"), "stack")
AwsProvider(stack, "aws", region="us-east-1")
assert type(stack).__module__ == LIBRARY, type(stack)
for wrong in (
    lambda: Vpc(stack, "a", cidr_blok="10.0.0.0/16"),
    lambda: Vpc(stack, "b", cidr_block=10),
    lambda: LaunchTemplate(stack, "c", block_device_mappings=[{"device_name": "/dev/xvda"}]),
    lambda: LaunchTemplate(stack, "d", block_device_mappings=[{"deviceName": 1}]),
    lambda: LaunchTemplate(stack, "e", tag_specifications=3),
    lambda: (Vpc(stack, "f"), Vpc(stack, "f")),
):
    try:
        wrong()
    except Exception as error:
        print(explain(error))
"""


def test_mistakes_are_explained_alike(checkouts: Mapping[str, Path], packages: Path, tmp_path: Path) -> None:
    explained = {}
    for library, root in checkouts.items():
        (tmp_path / "wrong.py").write_text(f"LIBRARY = {library!r}\n{WRONG}")
        variables = infra_environment(root, {"PYTHONPATH": f"{root}:{packages}"})
        done = run_program([sys.executable, tmp_path / "wrong.py"], cwd=tmp_path, env=variables)
        assert done.returncode == 0, done.stderr
        explained[library] = done.stdout
    assert "None" not in explained["cdktf"]
    assert explained["cdktf"].count("wrong.py:") == 6
    assert explained["cdktn"] == explained["cdktf"]


def test_versions_and_releases_name_what_is_chosen(checkouts: Mapping[str, Path], packages: Path) -> None:
    for library, root in checkouts.items():
        shown = run(packages, root, "--version").stdout
        assert [name in shown for name in LIBRARIES] == [name == library for name in LIBRARIES], shown
        parts = {part["name"]: part for part in json.loads(run(packages, root, "doctor", "--json").stdout)}
        assert parts["AWS bindings"]["seen"]["found"].startswith(f"{library} "), parts


def test_what_the_extra_needs_is_what_the_lock_has(packages: Path) -> None:
    """It is installed beside the packages of requirements.lock, and none of them changes for it."""
    for metadata in packages.glob("*.dist-info"):
        for line in Distribution.at(metadata).requires or ():
            needed = Requirement(line)
            own = needed.name if needed.name != "cdktn" else None
            found = version(own) if own else "0.24.0"
            assert needed.specifier.contains(found), f"{metadata.name} needs {line}, and {found} is installed"


def test_a_cdk_that_is_not_installed_is_named_with_its_lock(checkouts: Mapping[str, Path], tmp_path: Path) -> None:
    hidden = (
        "import importlib.util as u; find = u.find_spec; u.find_spec = lambda n: find(n) if n[:5] != 'cdktn' else None"
    )
    done = run_program(
        [sys.executable, "-c", f"{hidden}; from cli.main import main; main()", "synth"],
        cwd=checkouts["cdktn"],
        env=infra_environment(checkouts["cdktn"], {"INFRA_CACHE_DIRECTORY": str(tmp_path)}),
    )
    assert done.returncode == 7
    assert done.stderr.endswith(
        "infra: the package cdktn_provider_aws is missing or incomplete: install requirements-cdktn.lock\n"
    )


def without_places(text: str) -> str:
    """JSON without the directories of checkouts, line numbers of the Terraform and times."""
    return re.sub(r'/[^" ]*/checkout/|"(end_line|line|seconds)": [0-9.]+|"20\d\d-[^"]*"', "", text)
