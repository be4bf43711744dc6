"""Runs stock checkov in this process and writes down what the rules said. Started by the harness.

Arguments: the directory to scan, the directory of the checks, the file to write.
"""

import json
import sys
from pathlib import Path

from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.main import Checkov

from policies.checkov.adapter import RuleCheck, judgements
from policies.library.rule import BrokenFinding, Finding, UnknownFinding


def verdict(findings: tuple[Finding, ...]) -> str:
    """One word for what a rule found."""
    if not findings:
        return "pass"
    if any(isinstance(each, BrokenFinding) for each in findings):
        return "broken"
    return "unknown" if all(isinstance(each, UnknownFinding) for each in findings) else "fail"


scanned, checks, output = sys.argv[1:]
Checkov(
    [
        *("--directory", scanned, "--framework", "terraform", "terraform_json", "terraform_plan"),
        *("--external-checks-dir", checks, "--check", "CKV2_MEALS_*"),
        *("--output", "json", "--compact", "--soft-fail", "--skip-download"),
    ]
).run()
rules = [check.rule for check in get_graph_checks_registry("terraform").checks if isinstance(check, RuleCheck)]
Path(output).write_text(
    json.dumps(
        {
            "applies_to": {rule.id: rule.applies_to for rule in rules},
            "judgements": [(each.rule, each.file, each.address, verdict(each.findings)) for each in judgements()],
        }
    )
)
