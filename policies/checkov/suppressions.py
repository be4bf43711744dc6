"""Makes checkov honour the suppressions that constructs carry in Terraform JSON, in our runs and in stock ones.

checkov has no suppression inside JSON. What it has are graph checks, which see each resource with its `//`, and
integration features, which may change a report before the exit code is taken from it; its own feature for suppressions
kept on a platform works that way. One object is both here, so nothing of checkov is replaced or wrapped.
"""

from __future__ import annotations

import datetime
import os
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from checkov.common.bridgecrew.check_type import CheckType
from checkov.common.bridgecrew.integration_features.base_integration_feature import BaseIntegrationFeature
from checkov.common.bridgecrew.integration_features.integration_feature_registry import integration_feature_registry
from checkov.common.bridgecrew.platform_integration import bc_integration
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.models.enums import CheckResult
from checkov.common.output.record import Record
from checkov.common.output.report import Report
from checkov.common.util.consts import PARSE_ERROR_FAIL_FLAG
from checkov.runner_filter import RunnerFilter

from policies.checkov.absent import AbsentResources
from policies.checkov.adapter import scan_of
from policies.library.rule import Rule
from policies.library.suppressions import Suppression, judge

_NO_REASON = "No comment provided"
"""What checkov has for the reason of a comment that has none."""

_LAST = 1000
"""Order among the features: after checkov's own."""


@dataclass(frozen=True)
class JsonBlock:
    """A block of Terraform JSON: its place in the file, its name and its construct."""

    file: str
    lines: tuple[int, int]
    kind: str
    """`resource`, `data`, `provider`..."""
    name: str
    """Without the type: the part of the address that checkov keeps in its findings of Python checks."""
    address: str
    construct_path: str | None


class Suppressions(BaseGraphCheck, BaseIntegrationFeature):
    """The rule about suppressions, and what honours them."""

    def __init__(self, rule: Rule) -> None:
        BaseGraphCheck.__init__(self)
        BaseIntegrationFeature.__init__(self, bc_integration, _LAST)
        self.id = rule.id
        self.name = rule.name
        self.rule = rule
        self.today: Callable[[], datetime.date] = datetime.date.today
        self.selected: RunnerFilter | None = None
        """The rules that are run; None: those that the options of a stock run select."""
        self.honoured: dict[tuple[JsonBlock, str], Suppression] = {}
        """Of the last report."""
        self._blocks: dict[tuple[str, str, tuple[int, int]], list[JsonBlock]] = defaultdict(list)
        self._declared: dict[JsonBlock, object] = {}
        self._graph: Any = None

    def run(self, graph_connector: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
        """Remember every block, and pass those that have suppressions, until `post_runner` knows better."""
        self._graph = graph_connector
        self._blocks.clear()
        self._declared.clear()
        suppressed = []
        for _, vertex in graph_connector.nodes():
            block = _block(vertex)
            if block is None:
                continue
            for key in (str(vertex["id_"]), f"{block.kind}.{block.name}"):
                self._blocks[block.file, key, block.lines].append(block)
            comment = vertex.get("//")
            if isinstance(comment, dict) and "suppressions" in comment:
                self._declared[block] = comment["suppressions"]
                suppressed.append(vertex)
        return suppressed, [], []

    def locate(self, record: Record) -> tuple[JsonBlock, ...]:
        """The blocks that a record may be about: one, but for JSON without line breaks, where names can coincide."""
        lines = (record.file_line_range[0], record.file_line_range[1])
        return tuple(dict.fromkeys(self._blocks.get((record.file_abs_path, record.resource, lines), ())))

    def is_valid(self) -> bool:
        """Whether checkov should call `post_runner`."""
        return True

    def pre_scan(self) -> None:
        """Nothing to do."""

    def pre_runner(self, runner: object) -> None:
        """Nothing to do."""

    def post_scan(self, merged_reports: list[Report]) -> None:
        """Nothing to do."""

    def post_runner(self, scan_reports: Report) -> None:
        """Move suppressed findings to the skipped ones, and fail the resources whose suppressions are wrong.

        What was found on resources that are not made is taken out.
        """
        self.honoured = {}
        if scan_reports.check_type == CheckType.TERRAFORM_JSON:
            self._apply(scan_reports)
        else:
            _require_reasons(scan_reports)
        if scan_reports.check_type != CheckType.TERRAFORM_PLAN and self._graph is not None:
            self._leave_out_absent(scan_reports)

    def _leave_out_absent(self, report: Report) -> None:
        """Take out what was found on resources that count or for_each do not make."""
        absent = AbsentResources(scan_of(self._graph))

        def is_made(record: Record) -> bool:
            blocks = self.locate(record)
            addresses = [block.address for block in blocks] or [record.resource]
            return not all(address in absent for address in addresses)

        report.failed_checks = list(filter(is_made, report.failed_checks))
        report.skipped_checks = list(filter(is_made, report.skipped_checks))

    def _apply(self, report: Report) -> None:
        """Honour what the JSON carries."""
        located = [(record, self.locate(record)) for record in report.failed_checks]
        result = judge(
            self._declared,
            {(block, record.check_id) for record, blocks in located for block in blocks},
            is_judged=self._is_run,
            today=self.today(),
        )
        self.honoured = dict(result.honoured)
        report.failed_checks = []
        for record, blocks in located:
            found = [result.honoured.get((block, record.check_id)) for block in blocks]
            if found and all(found):
                record.check_result = {"result": CheckResult.SKIPPED, "suppress_comment": str(found[0])}
                report.skipped_checks.append(record)
            else:
                report.failed_checks.append(record)
        for record in [record for record in report.passed_checks if record.check_id == self.id]:
            problems = [text for block in self.locate(record) for text in result.wrong.get(block, ())]
            if problems:
                record.check_result = {"result": CheckResult.FAILED, "evaluated_keys": []}
                record.details = problems
                report.passed_checks.remove(record)
                report.failed_checks.append(record)

    def _is_run(self, rule: str) -> bool:
        """Whether a rule is among those that are run."""
        if self.selected is None:
            options = integration_feature_registry.config
            self.selected = RunnerFilter(
                checks=getattr(options, "check", None), skip_checks=getattr(options, "skip_check", None)
            )
        return self.selected.should_run_check(check_id=rule)


def _require_reasons(report: Report) -> None:
    """Fail what a comment in HCL suppresses without saying why; checkov would skip it."""
    for record in list(report.skipped_checks):
        if record.check_result.get("suppress_comment", "").strip() in ("", _NO_REASON):
            record.check_result = {"result": CheckResult.FAILED, "evaluated_keys": []}
            record.details = ["it is suppressed by a comment that has no reason, which does not count"]
            report.skipped_checks.remove(record)
            report.failed_checks.append(record)


def _block(vertex: dict[str, Any]) -> JsonBlock | None:
    """A vertex of the graph as a block; None for those without lines, such as outputs."""
    lines = (vertex.get("__startline__"), vertex.get("__endline__"))
    if not isinstance(lines[0], int) or not isinstance(lines[1], int):
        return None
    comment = vertex.get("//")
    metadata = comment.get("metadata") if isinstance(comment, dict) else None
    path = metadata.get("path") if isinstance(metadata, dict) else None
    kind = str(vertex["block_type_"])
    label = str(vertex["block_name_"])
    address = label if kind == "resource" else f"{kind}.{label}"
    return JsonBlock(
        str(vertex["file_path_"]),
        (lines[0], lines[1]),
        kind,
        name=label.partition(".")[2] or label,
        address=address,
        construct_path=path,
    )


def install(rule: Rule) -> Suppressions:
    """Register the rule about suppressions with checkov, once; the object that stands for it.

    It also makes a stock run fail on a file that checkov cannot parse, which its configuration file has no setting for.
    """
    os.environ.setdefault(PARSE_ERROR_FAIL_FLAG, "true")
    registry = get_graph_checks_registry(CheckType.TERRAFORM)
    for check in registry.checks:
        if isinstance(check, Suppressions):
            return check
    suppressions = Suppressions(rule)
    RunnerFilter.notify_external_check(rule.id)
    registry.checks.append(suppressions)
    return suppressions
