"""Running the gate on what a test writes."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cli.core.gate.gate import Gate
from cli.core.gate.model import Outcome, Request, Selection
from cli.core.gate.targets import at_path
from tests.support.helpers import ROOT, write_files

CHECKS = ROOT / "policies" / "checks"
TODAY = datetime.date(2026, 11, 22)

RULE = """
from policies.checkov.adapter import register
from policies.library.rule import Finding, Rule


def evaluate(topic, configuration):
    {body}


RULE = Rule(
    id="{id}", name="Topics are called meals", severity="high", claim="C7", controls=("NIST 800-53 SC-8",),
    fix="Call it meals.", good="", bad="", applies_to=("aws_sns_topic",), evaluate=evaluate,
)
{end}
"""

NAMED_MEALS = 'return [Finding(topic.text("name"), "meals")] if topic.text("name") != "meals" else []'


def rule(id: str = "CKV2_MEALS_901", body: str = NAMED_MEALS, end: str = "register(RULE, source=__file__)") -> str:
    """The text of a rule's file."""
    return RULE.format(id=id, body=body, end=end)


def checks(directory: Path, files: Mapping[str, str]) -> Path:
    """A directory of rules: what honours suppressions, and the files given by their paths."""
    root = directory / "checks"
    root.mkdir()
    shutil.copy(CHECKS / "meals_suppressions.py", root)
    (root / "__init__.py").touch()
    return write_files(root, files)


def terraform(directory: Path, document: Any, name: str = "main.tf.json") -> Path:
    """A directory with a file of Terraform: an object as JSON, a text as it is."""
    text = document if isinstance(document, str) else json.dumps(document, indent=2)
    return write_files(directory / "terraform", {name: text})


def topics(*names: str, **more: Any) -> dict[str, Any]:
    """Terraform JSON with topics that all rules given here but the built-in ones care for."""
    return {"resource": {"aws_sns_topic": {name: {"name": name} for name in names}}, **more}


def gate(
    path: Path,
    *,
    rules: Path = CHECKS,
    only: tuple[str, ...] = (),
    skip: tuple[str, ...] = (),
    request: Request | None = None,
    today: datetime.date = TODAY,
    meanwhile: Callable[[Gate], None] = lambda _: None,
    timeout: float = 100,
) -> Outcome:
    """What the gate says about a path. `meanwhile` is called when everything was handed over."""
    with Gate(today, rules) as running:
        for target in at_path(path, request or Request(Selection(only, skip))):
            running.add(target)
        meanwhile(running)
        return running.outcome(timeout)


def kinds(outcome: Outcome) -> list[str]:
    """The names of what went wrong, each once."""
    return sorted({problem.kind for problem in outcome.all_problems})


def found(outcome: Outcome) -> set[tuple[str, str]]:
    """Rule and resource of each finding."""
    return {(finding.rule.id, finding.at.address) for finding in outcome.findings}
