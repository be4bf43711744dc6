"""Runs checkov's own runners in this process and notes everything that they do. Imported by `scan` only."""

from __future__ import annotations

import datetime
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from checkov.common.bridgecrew.check_type import CheckType
from checkov.common.bridgecrew.integration_features.integration_feature_registry import integration_feature_registry
from checkov.common.checks.base_check import BaseCheck
from checkov.common.checks.base_check_registry import BaseCheckRegistry
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.output.record import Record
from checkov.common.output.report import Report
from checkov.runner_filter import RunnerFilter
from checkov.terraform.base_runner import BaseTerraformRunner
from checkov.terraform.plan_runner import Runner as PlanRunner
from checkov.terraform.runner import Runner as HclRunner
from checkov.version import version

from cli.core.gate.builtin import describe
from cli.core.gate.worker import faster
from cli.core.gate.worker.json_runner import JsonRunner
from cli.core.gate.worker.match import Said, as_finding, unknown_of
from cli.core.gate.worker.swallowed_errors import Observed, watch, watch_graph_rules
from policies.checkov.adapter import RuleCheck, forget_judgements, judgements
from policies.checkov.suppressions import Block, Suppressions
from policies.library.rule import BrokenFinding
from policies.library.suppressions import RULE_ID

RUNNERS: Mapping[str, type[BaseTerraformRunner[Any, Any, Any]]] = {
    CheckType.TERRAFORM_JSON: JsonRunner,
    CheckType.TERRAFORM: HclRunner,
    CheckType.TERRAFORM_PLAN: PlanRunner,
}


class Scanner:
    """checkov with all rules loaded, and with eyes on what it does not report."""

    def __init__(self, checks: Path) -> None:
        faster.replace()
        self._graph_rules = get_graph_checks_registry(CheckType.TERRAFORM)
        self._graph_rules.load_checks()
        self._registries: list[BaseCheckRegistry] = list(BaseTerraformRunner.block_type_registries.values())
        self._builtin = self._rules()
        self._registries[0].load_external_checks(str(checks))
        self._graph_rules.load_external_checks(str(checks))
        self._own = {check.id: check.rule for check in self._graph_rules.checks if isinstance(check, RuleCheck)}
        self._suppressions = next((each for each in self._graph_rules.checks if isinstance(each, Suppressions)), None)
        self._observed = Observed()
        for registry in self._registries:
            watch(registry, self._observed)
        watch_graph_rules(self._graph_rules, self._observed)

    def _rules(self) -> list[tuple[str, str]]:
        """Id and name of every rule that is loaded; one that stands in several registries counts once."""
        python = {id(check): check for registry in self._registries for _, check in registry.all_checks()}
        rules = [(check.id, check.name) for check in python.values()]
        return sorted([*rules, *((check.id, check.name) for check in self._graph_rules.checks)])

    def loaded(self) -> Mapping[str, Any]:
        """What there is: checkov's version, its rules by id, and those of the directory of checks."""
        external = Counter(rule for rule, _ in self._rules())
        external.subtract(rule for rule, _ in self._builtin)
        described = [*self._own.values(), *([self._suppressions.rule] if self._suppressions else [])]
        return {
            "checkov": version,
            "builtin": dict(self._builtin),
            "external": sorted(external.elements()),
            "own": [
                {
                    "id": rule.id,
                    "name": rule.name,
                    "severity": rule.severity,
                    "claim": rule.claim,
                    "controls": rule.controls,
                    "fix": rule.fix,
                    "applies_to": rule.applies_to,
                }
                for rule in sorted(described, key=lambda rule: rule.id)
            ],
            "suppressions": self._suppressions is not None,
        }

    def scan(
        self,
        framework: str,
        *,
        root: Path,
        files: Sequence[Path],
        only: Sequence[str],
        skip: Sequence[str],
        today: datetime.date,
    ) -> Mapping[str, Any]:
        """Run the rules on some files. Where `only` names rules, the one that honours suppressions runs as well."""
        self._observed.clear()
        forget_judgements()
        by_folder = framework == CheckType.TERRAFORM and root.is_dir()
        below = [f"^{re.escape(entry.path)}$" for entry in os.scandir(root) if entry.is_dir()] if by_folder else []
        selected = RunnerFilter(
            framework=[framework],
            checks=[*only, RULE_ID] if only else None,
            skip_checks=list(skip),
            show_progress_bar=False,
            excluded_paths=below,  # a directory below is a root module of its own, or followed where it is called
        )
        runner = RUNNERS[framework]()
        names = [str(file) for file in files]
        report = runner.run(
            root_folder=str(root) if by_folder else None, files=None if by_folder else names, runner_filter=selected
        )
        assert isinstance(report, Report)  # a list only where container images are looked at
        if self._suppressions is not None:
            self._suppressions.selected = selected
            self._suppressions.today = lambda: today
        integration_feature_registry.run_post_runner(report)
        vertices = _vertices(runner)
        parsed = {file for file, _ in vertices}
        judged = [each for each in judgements() if each.file in parsed]
        said = Said(judged)
        failed = [self._record(record, vertices, said) for record in report.failed_checks]
        skipped = [self._record(record, vertices, said) for record in report.skipped_checks]
        failed += [as_finding(each) for each in said.unrecorded()]
        return {
            "parsed": sorted(parsed),
            "unparsed": sorted(report.parsing_errors),
            "resources": sorted(
                place for place, each in vertices.items() if each["block_type_"] in ("resource", "data")
            ),
            "modules": sorted(_modules(vertices.values())),
            "passed": len(report.passed_checks),
            "failed": failed,
            "skipped": skipped,
            "judged": sorted({(each.rule, each.file, each.address) for each in judged}),
            "raised": [
                *self._observed.raised,
                *(
                    (each.rule, each.address, finding.found)
                    for each in judged
                    for finding in each.findings
                    if isinstance(finding, BrokenFinding)
                ),
            ],
            "unknown": list(self._observed.unknown),
        }

    def _record(
        self, record: Record, vertices: Mapping[tuple[str, str], Mapping[str, Any]], said: Said
    ) -> Mapping[str, Any]:
        """A finding, suppressed or not, with all that is known of it."""
        blocks = self._suppressions.locate(record) if self._suppressions else ()
        block = next((each for each in blocks if self._is_about(record, each)), None)
        file = record.file_abs_path
        names = (f"{kind}{record.resource}" for kind in ("", "data.", "module.", "provider."))
        known = next((name for name in names if (file, name) in vertices), record.resource)
        address = block.address if block else known
        judgements_there = said.take(record.check_id, file, address)
        paths = [block.construct_path] if block else [each.construct_path for each in judgements_there]
        honoured = self._suppressions.honoured if self._suppressions else {}
        suppression = honoured.get((block, record.check_id)) if block else None
        evaluated = record.check_result.get("evaluated_keys", ())
        found, allowed, fix = describe(self._check(record), evaluated, vertices.get((file, address), {}))
        details = [(finding.found, finding.allowed) for each in judgements_there for finding in each.findings]
        details = details or [(text, "") for text in record.details] or [(found, allowed)]
        return {
            "rule": record.check_id,
            "name": record.check_name,
            "file": file,
            "lines": list(record.file_line_range),
            "address": address,
            "construct_path": next(iter(paths), None),
            "details": list(dict.fromkeys(details)),
            "unknown": unknown_of(judgements_there),
            "fix": fix,
            "comment": record.check_result.get("suppress_comment"),
            "suppression": None
            if suppression is None
            else {
                "reason": suppression.reason,
                "owner": suppression.owner,
                "expires": suppression.expires.isoformat(),
            },
        }

    def _check(self, record: Record) -> BaseCheck | BaseGraphCheck | None:
        """The check that made a record."""
        python = (registry.get_check_by_id(record.check_id) for registry in self._registries)
        return next((check for check in python if check is not None), None)

    def _is_about(self, record: Record, block: Block) -> bool:
        """Whether a record is about a block, of several of the same name and lines: the one whose type is checked."""
        check = self._check(record)
        return not isinstance(check, BaseCheck) or block.address.split(".")[-2:][0] in check.supported_entities


def _vertices(runner: BaseTerraformRunner[Any, Any, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """What is in the graph, by absolute file and address."""
    return {
        (str(vertex["file_path_"]), _address(vertex)): vertex
        for _, vertex in runner.graph_manager.get_reader_endpoint().nodes()
    }


def _address(vertex: Mapping[str, Any]) -> str:
    """Terraform's address of a block; for those that have none, its kind and name."""
    name, kind = str(vertex["block_name_"]), vertex["block_type_"]
    address = str(vertex.get("__address__") or vertex["id_"] or name)
    if kind == "resource" or f"{kind}." in address:
        return address
    return f"{address.removesuffix(name)}{kind}.{name}" if address.endswith(name) else f"{kind}.{address}"


def _modules(vertices: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """The module calls that were followed: the file that calls, and the call's name."""
    found = set()
    for vertex in vertices:
        module = vertex.get("source_module_object_")
        while module:
            found.add((str(module.path), str(module.name)))
            module = module.nested_tf_module
    return found
