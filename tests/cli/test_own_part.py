"""The part of one's own in docs/extending.md: its blocks of code, put where the document says, in a fresh checkout."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support import checkouts
from tests.support.helpers import ENVIRONMENTS, ROOT, infra, infra_environment


def blocks() -> tuple[list[str], str]:
    """The blocks of Python and the one of YAML of the document's section."""
    text = (ROOT / "docs" / "extending.md").read_text()
    (section,) = re.findall(r"^## A part of your own\n(.*?)^## ", text, re.M | re.S)
    (claim,) = re.findall(r"^```yaml\n(.*?)^```", section, re.M | re.S)
    return re.findall(r"^```python\n(.*?)^```", section, re.M | re.S), claim


def test_a_part_of_ones_own_passes_the_gate_and_its_own_test(tmp_path: Path) -> None:
    root = checkouts.copy(tmp_path / "checkout")
    shutil.copy(ENVIRONMENTS / "addresses.json", root)
    for name in ("tests/own", "tests/support", "tests/environments"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "test_*"))
    shutil.copy(ROOT / "tests/conftest.py", root / "tests")
    (part, imported, made, test), claim = blocks()
    (root / "modules/messaging/refunds.py").write_text(part)
    stacks = root / "modules/stacks.py"
    first = "from modules.messaging.broker import Broker\n"
    assert first in stacks.read_text()
    stacks.write_text(stacks.read_text().replace(first, first + imported) + made)
    done = infra("check", "dev", root=root, cwd=root)
    assert done.returncode == 3, f"{done.stdout}\n{done.stderr}"
    assert "refunds is not a part in the claims" in done.stdout
    assert done.stdout.endswith("not passed: 1 finding\n")
    access = root / "policies/access.yaml"
    section, entry = claim.split("\n", 1)
    access.write_text(access.read_text().replace(f"\n{section}\n", f"\n{section}\n{entry}"))
    done = infra("check", "dev", root=root, cwd=root)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert infra("move", "--write", root=root, cwd=root).returncode == 0
    assert '"refunds/queue"' in (root / "addresses.json").read_text()
    (root / "tests/own/test_refunds.py").write_text(test)
    run = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "tests/own"]
    own = subprocess.run(run, cwd=root, env=infra_environment(root), capture_output=True, text=True, check=False)
    assert own.returncode == 0, own.stdout
    assert "1 passed" in own.stdout
