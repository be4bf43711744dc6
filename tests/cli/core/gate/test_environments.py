"""The gate on the three environments, and stock checkov beside it: same findings, same verdict."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cli.core.base.errors import ExitCode
from cli.core.gate.model import Location, Outcome, RuleInfo, TargetResult
from tests.support.gates import CHECKS, gate, kinds
from tests.support.helpers import ROOT
from tests.support.programs import run_program

Record = tuple[str, str, str, int, int]
"""Rule, file, name without type (which stock checkov drops for some rules), first and last line."""


CHECKOV = """
import gc, logging, sys
from checkov.main import Checkov

gc.set_threshold(50_000, 10, 10)
logging.disable(logging.WARNING)
sys.exit(Checkov(["--output", "json"]).run())
"""


class Stock(NamedTuple):
    """What `checkov` without arguments said."""

    exit_code: int
    failed: set[Record]
    skipped: set[Record]
    passed: int
    parsing_errors: int


@pytest.fixture
def directory(tmp_path: Path, synthesized_directory: Path) -> Path:
    """As a checkout after `infra synth`, as far as stock checkov looks at it. To be broken."""
    settings = (ROOT / ".checkov.yaml").read_text()
    (tmp_path / ".checkov.yaml").write_text(settings.replace("quiet: true", "quiet: false"))  # so that all is printed
    shutil.copytree(CHECKS, tmp_path / "policies" / "checks", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(synthesized_directory, tmp_path / "cdktf.out")
    return tmp_path


def stock(directory: Path) -> Stock:
    """Run `checkov`, with no arguments but for how it prints; it formats no messages for debugging, which is slow."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("BC_", "CKV_", "CHECKOV_"))}
    done = subprocess.run(
        [sys.executable, "-c", CHECKOV],
        cwd=directory,
        # the first two keep it from asking the network; the last says where policies.library is, as .venv does
        env={**variables, "BC_SKIP_MAPPING": "TRUE", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    results = report["results"]
    return Stock(
        done.returncode,
        set(map(_stock_record, results["failed_checks"])),
        set(map(_stock_record, results["skipped_checks"])),
        report["summary"]["passed"],
        report["summary"]["parsing_errors"],
    )


def _stock_record(record: Mapping[str, Any]) -> Record:
    first, last = record["file_line_range"]
    return record["check_id"], record["file_path"].lstrip("/"), record["resource"].rpartition(".")[2], first, last


def record(rule: RuleInfo, at: Location, directory: Path) -> Record:
    """A finding of ours, as stock checkov would tell it."""
    file = at.file.relative_to(directory / "cdktf.out").as_posix()
    return rule.id, file, at.address.rpartition(".")[2], at.line, at.end_line


def ours(directory: Path) -> Outcome:
    """Run the gate on the same files. Stock checkov knows today's date only, so no test here depends on it."""
    return gate(directory / "cdktf.out")


def of_json(outcome: Outcome) -> TargetResult:
    """The result of the Terraform JSON; the moves beside it, which are HCL, declare no resource."""
    (result,) = [result for result in outcome.results if result.target.framework == "terraform_json"]
    assert [other.resources for other in outcome.results if other is not result] == [0] * (len(outcome.results) - 1)
    return result


def edit(directory: Path, environment: str, *changes: tuple[str, str]) -> None:
    """Replace texts in an environment's Terraform."""
    file = directory / "cdktf.out" / "stacks" / environment / "cdk.tf.json"
    text = file.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)


def test_all_environments_pass(synthesized_directory: Path) -> None:
    outcome = gate(synthesized_directory)
    assert outcome.all_problems == ()
    assert [(each.rule.id, each.at.construct_path) for each in outcome.findings] == []
    assert outcome.exit_code == ExitCode.OK


def test_stock_checkov_says_the_same_of_the_environments_as_they_are(directory: Path) -> None:
    outcome, said = ours(directory), stock(directory)
    result = of_json(outcome)
    assert kinds(outcome) == []
    assert said.failed == {record(each.rule, each.at, directory) for each in result.findings}
    assert said.skipped == {record(each.rule, each.at, directory) for each in result.suppressed}
    assert said.passed == result.passed
    assert said.exit_code == (1 if result.findings else 0)
    assert result.suppressed


def test_stock_checkov_says_the_same_of_broken_ones(directory: Path) -> None:
    """Findings of Python checks, graph checks and ours; suppressions that expired, say nothing, or are not needed."""
    edit(
        directory,
        "prod",
        ('"enable_key_rotation": true', '"enable_key_rotation": false'),
        ('"http_tokens": "required"', '"http_tokens": "optional"'),
        ('"publicly_accessible": false', '"publicly_accessible": true'),
    )
    edit(directory, "dev", ('"expires": "2027-12-31"', '"expires": "2020-12-31"'))
    edit(directory, "staging", ('"owner": "platform"', '"owner": ""'))
    edit(directory, "dev-bootstrap", ('"CKV_AWS_18": {', '"CKV_AWS_19": {'))
    outcome, said = ours(directory), stock(directory)
    result = of_json(outcome)
    assert kinds(outcome) == []
    assert said.failed == {record(each.rule, each.at, directory) for each in result.findings}
    assert said.skipped == {record(each.rule, each.at, directory) for each in result.suppressed}
    assert (said.exit_code, said.passed) == (1, result.passed)
    broken = {rule for rule, *_ in said.failed}
    assert {"CKV_AWS_7", "CKV_AWS_79", "CKV_AWS_18", "CKV2_MEALS_001", "CKV2_MEALS_140"} <= broken


def test_stock_checkov_fails_as_well_when_a_file_cannot_be_parsed(directory: Path) -> None:
    edit(directory, "prod", ('"terraform": {', '"terraform": {"required_version": ">= 1.10",'))
    for other in ("dev", "staging"):
        shutil.rmtree(directory / "cdktf.out" / "stacks" / other)
    outcome, said = ours(directory), stock(directory)
    assert "terraform-version-block" in kinds(outcome)
    assert (said.exit_code, said.parsing_errors, said.failed) == (1, 1, set())


def test_a_checkov_installed_elsewhere_finds_our_library(directory: Path) -> None:
    """The file that is loaded first puts the checkout on the path, so that our rules cannot fail to import."""
    for package in ("policies/access", "policies/checkov", "policies/library", "policies/reachability", "envs"):
        shutil.copytree(ROOT / package, directory / package)
    for file in ("__init__.py", "access.yaml", "claims.yaml"):
        shutil.copy(ROOT / "policies" / file, directory / "policies")
    code = "import sys; sys.path[:] = [p for p in sys.path if p != sys.argv[1]]; from checkov.main import Checkov; "
    code += "sys.argv[1:] = []; sys.exit(Checkov(['--output', 'json']).run())"
    done = run_program(
        [sys.executable, "-I", "-c", code, str(ROOT)],
        cwd=directory,
        env={**os.environ, "BC_SKIP_MAPPING": "TRUE", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"},
    )
    assert "Cannot load external check" not in done.stderr, done.stderr
    assert any(each["check_id"] == "CKV2_MEALS_001" for each in json.loads(done.stdout)["results"]["passed_checks"])
