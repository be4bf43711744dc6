"""`infra test`: the test suite."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click

from cli.core.base.project import ROOT
from cli.ui.app import Application, pass_application
from cli.ui.options import json_flag

_PYTEST = [sys.executable, "-m", "pytest"]
_STDERR = 2


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[PATH]... [PYTEST OPTION]...")
@json_flag
@pass_application
def command(application: Application, arguments: tuple[str, ...]) -> int:
    """Run the project's tests.

    Paths are relative to the checkout. Options go to pytest; infra test -- --help lists them. The exit code is
    pytest's. With --json its output goes to standard error.

    \b
    Examples:
      infra test
      infra test tests/cli -k synth -x
    """
    for before, argument in pairwise(("", *arguments)):
        path = argument.partition("::")[0]
        is_path = not argument.startswith("-") and (os.sep in path or path.endswith(".py"))
        if is_path and not before.startswith("-") and not (ROOT / path).exists():
            raise click.UsageError(f"there is no {path} in {ROOT}; the tests are in tests/")
    os.chdir(ROOT)
    if not application.is_json:
        os.execv(sys.executable, [*_PYTEST, *arguments])
    data = _run(arguments)
    application.json(data)
    return int(data["exit_code"])


def _run(arguments: Sequence[str]) -> dict[str, Any]:
    """Run pytest, and count what its JUnit report says: nothing, where it did not come to run a test."""
    with tempfile.TemporaryDirectory(prefix="infra-test-") as directory:
        report = Path(directory, "report.xml")
        code = subprocess.run([*_PYTEST, f"--junitxml={report}", *arguments], stdout=_STDERR, check=False).returncode
        cases = list(ElementTree.parse(report).iter("testcase")) if report.is_file() else []
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    return {
        "exit_code": code,
        "passed": len(cases) - len(failed) - len(skipped),
        "failed": [f"{case.get('classname')}::{case.get('name')}" for case in failed],
        "skipped": len(skipped),
    }
