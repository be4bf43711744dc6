"""No finding of checkov's built-in rules is left unlooked-at: each is fixed, or suppressed where it stands."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import resources

Finding = tuple[str, str]
"""Construct path with its stack, and rule."""


@pytest.fixture(scope="module")
def reports(synthesized_directory: Path) -> list[dict[str, Any]]:
    """checkov's failed checks on all stacks, as JSON records."""
    command = [sys.executable, "-c", "import sys; from checkov.main import Checkov; sys.exit(Checkov().run())"]
    options = ["--framework", "terraform_json", "--skip-download", "--output", "json", "--compact", "--soft-fail"]
    done = subprocess.run(
        [*command, "--directory", str(synthesized_directory / "stacks"), *options],
        env={**os.environ, "BC_SKIP_MAPPING": "TRUE", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["summary"]["parsing_errors"] == 0
    found: list[dict[str, Any]] = report["results"]["passed_checks"] + report["results"]["failed_checks"]
    return found


def _paths(directory: Path) -> Iterator[tuple[Path, str, str, Mapping[str, Any]]]:
    for file in sorted((directory / "stacks").glob("*/cdk.tf.json")):
        for each in resources(json.loads(file.read_bytes())):
            yield file, each.address, f"{file.parent.name}/{each.path}", each.body


def test_every_stack_was_scanned(reports: list[dict[str, Any]], synthesized_directory: Path) -> None:
    scanned = {Path(each["file_abs_path"]) for each in reports}
    assert scanned == set((synthesized_directory / "stacks").glob("*/cdk.tf.json"))


def test_each_finding_is_suppressed_where_it_stands_and_each_suppression_is_needed(
    reports: list[dict[str, Any]], synthesized_directory: Path
) -> None:
    paths = {(file, _short(address)): path for file, address, path, _ in _paths(synthesized_directory)}
    findings: set[Finding] = {
        (paths[Path(each["file_abs_path"]), _short(each["resource"])], each["check_id"])
        for each in reports
        if each["check_result"]["result"] == "FAILED"
    }
    suppressed: set[Finding] = {
        (path, rule)
        for _, _, path, body in _paths(synthesized_directory)
        for rule in body["//"].get("suppressions", {})
    }
    assert sorted(findings - suppressed) == []
    assert sorted(suppressed - findings) == []


def _short(address: str) -> str:
    """An address without its type, which checkov leaves out of some findings; names are unique by construct path."""
    return address.rpartition(".")[2]
