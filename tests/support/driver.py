"""Runs stock checkov in this process and writes down what the rules said. Started by the harness.

Arguments: the directory to scan, the directory of the checks, the file to write.
"""

import gc
import json
import logging
import sys
from pathlib import Path
from typing import Literal

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


class Unprinted(Checkov):
    """checkov without its printing, which takes a quarter of its time."""

    def print_results(self, *_: object, **__: object) -> Literal[0, 1]:
        """Leave the reports as they are."""
        return 0


gc.set_threshold(50_000, 10, 10)
logging.disable(logging.WARNING)  # it logs a quarter of a million messages for debugging
scanned, checks, output = sys.argv[1:]
checkov = Unprinted(
    [
        *("--directory", scanned, "--framework", "terraform", "terraform_json", "terraform_plan"),
        *("--external-checks-dir", checks, "--check", "CKV2_MEALS_*"),
        *("--compact", "--soft-fail", "--skip-download"),
    ]
)
checkov.run()
rules = [check.rule for check in get_graph_checks_registry("terraform").checks if isinstance(check, RuleCheck)]
Path(output).write_text(
    json.dumps(
        {
            "applies_to": {rule.id: rule.applies_to for rule in rules},
            "records": [
                (each.check_id, each.file_abs_path, each.resource, result)
                for report in checkov.scan_reports
                for result, records in (("pass", report.passed_checks), ("fail", report.failed_checks))
                for each in records
            ],
            "judgements": [(each.rule, each.file, each.address, verdict(each.findings)) for each in judgements()],
        }
    )
)
