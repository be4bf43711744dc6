"""Another company in another region: the settings alone make a system that every policy passes."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support import checkouts
from tests.support.helpers import ENVIRONMENTS, infra


def test_another_company_in_another_region_passes_the_gate(tmp_path: Path) -> None:
    root = checkouts.copy(tmp_path / "checkout")
    for path in (root / "envs").glob("*.yaml"):
        path.write_text(path.read_text().replace("meals", "soup").replace("us-east-1", "eu-west-1"))
    shutil.copy(ENVIRONMENTS / "addresses.json", root)  # what holds data has the same addresses in every region
    done = infra("check", "dev", root=root, cwd=root)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
