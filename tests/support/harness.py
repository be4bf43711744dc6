"""Runs the rules' cases through stock checkov: each as HCL, as Terraform JSON and as two plans, all in one process.

A case is `cases/<RULE ID>/passing.tf` or `failing.tf`. The comment `# expect: fail` or `# expect: unknown` in the line
above a resource says what the rule must find there; without one it must pass. What a rule says of resources in other
rules' cases does not matter.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from policies.library.terraform.addresses import without_indexes
from policies.library.terraform.load import load_directory
from tests.support.convert import as_json, as_plan
from tests.support.helpers import ROOT
from tests.support.programs import run_program

CASES = ROOT / "tests/policies/cases"
CHECKS = ROOT / "policies/checks"
FORMS = ("hcl", "json", "plan", "applied")
"""`plan` is of a first run, where ARNs and ids are unknown; `applied` is of a later one, where they are known."""

Verdicts = Mapping[str, str]
"""Address without indexes -> pass, fail, unknown or broken; several that differ are joined with +."""

_EXPECTATION = re.compile(
    r'^(?:[ \t]*#[ \t]*expect:[ \t]*(?P<verdict>\w+)[ \t]*\n)?[ \t]*(?P<kind>resource|data)[ \t]+"(?P<type>\w+)"'
    r'[ \t]+"(?P<name>[\w-]+)"',
    re.MULTILINE,
)


class Case(NamedTuple):
    """One file of a rule's cases."""

    rule: str
    name: str
    path: Path

    def expected(self, applies_to: tuple[str, ...]) -> dict[str, str]:
        """What the rule must say of each resource that it applies to."""
        found: dict[str, str] = {}
        for match in _EXPECTATION.finditer(self.path.read_text()):
            type_ = match["type"] if match["kind"] == "resource" else f"data.{match['type']}"
            if type_ in applies_to:
                found[f"{type_}.{match['name']}"] = match["verdict"] or "pass"
        return found


def cases() -> list[Case]:
    """All cases, in the order of their rules."""
    return [Case(path.parent.name, path.stem, path) for path in sorted(CASES.glob("*/*.tf"))]


class Outcome(NamedTuple):
    """What became of the cases."""

    applies_to: Mapping[str, tuple[str, ...]]
    """The rules that checkov loaded, with their resource types."""
    records: Mapping[tuple[str, str, str], Verdicts]
    """Rule, case and form -> what stock checkov reports: pass or fail."""
    judgements: Mapping[tuple[str, str, str], Verdicts]
    """Rule, case and form -> what the rules said, which tells kinds of failure apart."""


def run_cases(directory: Path) -> Outcome:
    """Write all cases in all forms below `directory` and run checkov on them once."""
    for case in cases():
        text = case.path.read_text()
        _write(directory / "hcl" / case.rule / case.name / "main.tf", text)
        _write(directory / "json" / case.rule / case.name / "main.tf.json", json.dumps(as_json(text), indent=1))
        configuration, unreadable = load_directory(directory / "hcl" / case.rule / case.name)
        assert not unreadable, unreadable
        for form in ("plan", "applied"):
            plan = as_plan(configuration, applied=form == "applied")
            _write(directory / form / case.rule / f"{case.name}.json", json.dumps(plan, indent=1))
    judged = directory / "judgements.json"
    done = run_program(
        [sys.executable, str(Path(__file__).with_name("driver.py")), str(directory), str(CHECKS), str(judged)],
        cwd=directory,  # not where a .checkov.yaml is
        env={
            **os.environ,
            "BC_SKIP_MAPPING": "TRUE",
            "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true",
            "CHECKOV_PARALLELIZATION_TYPE": "none",
            "PYTHONPATH": str(ROOT),
        },
    )
    assert done.returncode == 0, done.stderr
    assert "Cannot load external check" not in done.stderr, done.stderr
    said = json.loads(judged.read_text())
    return Outcome(
        applies_to={rule: tuple(types) for rule, types in said["applies_to"].items()},
        records=_verdicts(directory, [tuple(each) for each in said["records"]]),
        judgements=_verdicts(directory, [tuple(each) for each in said["judgements"]]),
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _verdicts(directory: Path, said: list[tuple[str, str, str, str]]) -> dict[tuple[str, str, str], Verdicts]:
    found: dict[tuple[str, str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for rule, file, address, verdict in said:
        form, of_rule, case = Path(file).relative_to(directory).parts[:3]
        if rule == of_rule:
            found[rule, case.removesuffix(".json"), form][without_indexes(address)].add(verdict)
    return {
        key: {address: "+".join(sorted(each)) for address, each in verdicts.items()} for key, verdicts in found.items()
    }
