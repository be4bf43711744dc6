"""Stubs can be imported, and their use ends the process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.core.gate.worker import import_stubs
from tests.support.gates import checks, gate, kinds, rule, terraform, topics
from tests.support.helpers import ROOT
from tests.support.programs import run_program


def python(text: str) -> subprocess.CompletedProcess[str]:
    """Run a program with the stubs in place."""
    install = "from cli.core.gate.worker.import_stubs import install_stubs\ninstall_stubs()"
    return run_program([sys.executable, "-c", f"{install}\n{text}\nprint('done')"], cwd=ROOT)


@pytest.mark.parametrize(
    "use",
    [
        "networkx.DiGraph()",
        "networkx.algorithms.dag.topological_sort(1)",
        "boto3.client('s3')",
        "boto3.session.Session.client",
        "class Sub(networkx.DiGraph): pass",
        "try:\n    networkx.DiGraph()\nexcept BaseException:\n    pass",
    ],
)
def test_use_of_a_stub_ends_the_process(use: str) -> None:
    done = python(f"import boto3, networkx\n{use}")
    assert (done.returncode, done.stdout) == (os.EX_SOFTWARE, "")
    assert "for which cli/core/gate has a stub" in done.stderr


def test_a_rule_that_uses_a_stub_is_a_problem_of_the_gate(tmp_path: Path) -> None:
    body = "import networkx; networkx.DiGraph(); return []"
    rules = checks(tmp_path, {"meals_a.py": rule(body=body)})
    outcome = gate(terraform(tmp_path, topics("meals")), rules=rules, only=("CKV2_MEALS_901",))
    assert kinds(outcome) == ["scanner-died"]
    (text,) = (problem.text for problem in outcome.all_problems)
    assert "checkov has used networkx.DiGraph, for which cli/core/gate has a stub" in text


def test_a_stub_can_be_imported_and_asked_for_instances() -> None:
    done = python(
        "from botocore.exceptions import ClientError\nfrom networkx import DiGraph\nassert not isinstance(1, DiGraph)"
    )
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_every_stubbed_module_exists() -> None:
    """A name that nothing has any more would be a leftover."""
    assert [name for name in import_stubs.STUBBED if not _exists(name)] == []


def _exists(name: str) -> bool:
    packages = Path(json.__file__).parents[0], *map(Path, sys.path)
    return any((path / name.replace(".", "/")).with_suffix(kind).exists() for path in packages for kind in ("", ".py"))
