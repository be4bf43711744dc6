"""Runs checkov's own runners in this process and notes everything that they do. Imported by `scan` only."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checkov.common.bridgecrew.check_type import CheckType
from checkov.common.bridgecrew.integration_features.integration_feature_registry import integration_feature_registry
from checkov.common.bridgecrew.severities import Severity as CheckovSeverity
from checkov.common.checks.base_check import BaseCheck
from checkov.common.checks.base_check_registry import BaseCheckRegistry
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.graph.db_connectors.rustworkx import rustworkx_db_connector as _graphs  # noqa: F401 (once for all forks)
from checkov.common.models.enums import CheckCategories
from checkov.common.output.record import Record as CheckovRecord
from checkov.common.output.report import Report
from checkov.common.util import parser_utils, var_utils
from checkov.runner_filter import RunnerFilter
from checkov.terraform import tf_parser
from checkov.terraform.base_runner import BaseTerraformRunner
from checkov.terraform.graph_builder.variable_rendering import evaluate_terraform
from checkov.terraform.plan_runner import Runner as PlanRunner
from checkov.terraform.runner import Runner as HclRunner
from checkov.version import version

from cli.core.gate.model import Detail, RuleInfo
from cli.core.gate.packs import pack_of
from cli.core.gate.protocol import AcceptedBy, BuiltinRule, Job, Loaded, Place, Record, RuleError, RulePlace, Scan
from cli.core.gate.verdict import rules
from cli.core.gate.worker import evaluations, json_paths, module_files
from cli.core.gate.worker.builtin import describe
from cli.core.gate.worker.json_runner import JsonRunner
from cli.core.gate.worker.match import Match, details_of
from cli.core.gate.worker.swallowed_errors import SwallowedErrors, watch, watch_graph_rules
from policies.checkov.adapter import RuleCheck, forget_judgements, gaps, judge_with, judgements
from policies.checkov.scan import ScanRequest
from policies.checkov.suppressions import JsonBlock, Suppressions
from policies.library.gaps import GapKind
from policies.library.rule import FindingKind
from policies.library.suppressions import RULE_ID
from policies.library.terraform.files import read_directory
from policies.library.terraform.inputs import Inputs, add_inputs
from policies.reachability.claims.load import ClaimsError, claims

if TYPE_CHECKING:
    from checkov.sast.checks_infra.base_check import BaseSastCheck  # checkov imports it for its types only, as well

RUNNERS: Mapping[str, type[BaseTerraformRunner[Any, Any, Any]]] = {
    CheckType.TERRAFORM_JSON: JsonRunner,
    CheckType.TERRAFORM: HclRunner,
    CheckType.TERRAFORM_PLAN: PlanRunner,
}


class Scanner:
    """checkov with all rules loaded, and with eyes on what it does not report."""

    def __init__(self, checks: Path) -> None:
        json_paths.install()
        evaluations.install((evaluate_terraform, parser_utils, var_utils))
        module_files.install(tf_parser)
        self._graph_rules = get_graph_checks_registry(CheckType.TERRAFORM)
        self._graph_rules.load_checks()
        self._registries: list[BaseCheckRegistry] = list(BaseTerraformRunner.block_type_registries.values())
        self._builtin = self._rules()
        self._registries[0].load_external_checks(str(checks))
        self._graph_rules.load_external_checks(str(checks))
        own = [check for check in self._graph_rules.checks if isinstance(check, RuleCheck)]
        self._own = {check.id: check.rule for check in own}
        self._packs = {check.id: pack_of(check.source) for check in own}
        self._suppressions = next((rule for rule in self._graph_rules.checks if isinstance(rule, Suppressions)), None)
        self._swallowed = SwallowedErrors()
        for registry in self._registries:
            watch(registry, self._swallowed)
        watch_graph_rules(self._graph_rules, self._swallowed)
        self._known = tuple(rules(self.loaded(())).values())
        with contextlib.suppress(ClaimsError):  # once for all forks; what is wrong with them is said by the rules
            claims()

    def _rules(self) -> list[tuple[str, BuiltinRule]]:
        """Id, name and category of every rule that is loaded; one that stands in several registries counts once."""
        python = {id(check): check for registry in self._registries for _, check in registry.all_checks()}
        rules = [(check.id, BuiltinRule(check.name, _category(check.categories))) for check in python.values()]
        graph = [(check.id, BuiltinRule(check.name, _category([check.category]))) for check in self._graph_rules.checks]
        return sorted([*rules, *graph])

    def loaded(self, errors: Iterable[str]) -> Loaded:
        """checkov's version and rules, and those of the directory of checks; ``errors`` is what it logged."""
        external = Counter(rule for rule, _ in self._rules())
        external.subtract(rule for rule, _ in self._builtin)
        described = [*self._own.values(), *([self._suppressions.rule] if self._suppressions else [])]
        return Loaded(
            checkov=version,
            builtin=dict(self._builtin),
            external=tuple(sorted(external.elements())),
            own=tuple(
                RuleInfo(
                    id=rule.id,
                    name=rule.name,
                    severity=rule.severity,
                    claim=rule.claim,
                    controls=rule.controls,
                    fix=rule.fix,
                    applies_to=rule.applies_to,
                    own=True,
                    pack=self._packs.get(rule.id, ""),
                )
                for rule in sorted(described, key=lambda rule: rule.id)
            ),
            has_suppressions=self._suppressions is not None,
            errors=tuple(errors),
        )

    def scan(self, job: Job) -> Scan:
        """Run the rules on some files, whatever was scanned before.

        The rule that honours suppressions always runs. Raises BadInput where values that were given do not fit.
        """
        forget_judgements()
        self._swallowed.raised.clear()
        self._swallowed.unknown.clear()
        self._prepare(job)
        by_folder = job.framework == CheckType.TERRAFORM and job.root.is_dir()
        below = [f"^{re.escape(entry.path)}$" for entry in os.scandir(job.root) if entry.is_dir()] if by_folder else []
        runner = RUNNERS[job.framework]()
        with tempfile.TemporaryDirectory() as directory:
            selected = _Selected(
                {rule.id for rule in self._known if job.request.includes(rule)} | {RULE_ID},
                framework=[job.framework],
                show_progress_bar=False,
                excluded_paths=below,  # a directory below is a root module of its own, or followed where it is called
                var_files=_var_files(job.request.variables, Path(directory)),
            )
            report = runner.run(
                root_folder=str(job.root) if by_folder else None,
                files=None if by_folder else list(map(str, job.files)),
                runner_filter=selected,
            )
        assert isinstance(report, Report)  # a list only where container images are looked at
        if self._suppressions is not None:
            self._suppressions.selected = selected
            self._suppressions.today = lambda: job.today
        integration_feature_registry.run_post_runner(report)
        vertices = _vertices(runner)
        parsed = {file for file, _ in vertices}
        judged = judgements()
        match = Match(judged)
        failed = [self._record(record, vertices, match) for record in report.failed_checks]
        skipped = [self._record(record, vertices, match) for record in report.skipped_checks]
        broken = [
            RuleError(judgement.rule, judgement.address, finding.found)
            for judgement in judged
            for finding in judgement.findings
            if finding.kind is FindingKind.BROKEN
        ]
        return Scan(
            parsed=tuple(sorted(parsed)),
            unparsed=tuple(sorted(report.parsing_errors)),
            resources=tuple(
                sorted(
                    Place(*place) for place, vertex in vertices.items() if vertex["block_type_"] in ("resource", "data")
                )
            ),
            modules=tuple(sorted(_modules(vertices.values()))),
            passed=len(report.passed_checks),
            failed=(*failed, *match.unrecorded()),
            skipped=tuple(skipped),
            judged=tuple(sorted({RulePlace(each.rule, each.file, each.address) for each in judged})),
            raised=(*self._swallowed.raised, *broken),
            unknown=tuple(self._swallowed.unknown),
            missing=tuple(gap.where for gap in gaps() if gap.kind is GapKind.MODULE),
            unread=tuple(gap.text for gap in gaps() if gap.kind in (GapKind.TOOL, GapKind.VARIABLES)),
        )

    def _prepare(self, job: Job) -> None:
        """Say what is to be read, and with which values. Raises BadInput."""
        request = job.request
        directories = {file.parent for file in job.files} if job.framework == CheckType.TERRAFORM_JSON else {job.root}
        roots = sorted(root for root in directories if root.is_dir() and job.framework != CheckType.TERRAFORM_PLAN)
        inputs = Inputs(request.variables, request.workspace)
        if inputs.variables:
            for root in roots:
                add_inputs(read_directory(root), inputs)
        words = frozenset(word.lower() for word in request.private_words)
        judge_with(ScanRequest(tuple(map(str, roots)), inputs, words))
        module_files.read_root(job.root, job.broken)

    def _record(
        self, record: CheckovRecord, vertices: Mapping[tuple[str, str], Mapping[str, Any]], match: Match
    ) -> Record:
        """A finding, suppressed or not, with all that is known of it."""
        blocks = self._suppressions.locate(record) if self._suppressions else ()
        block = next((block for block in blocks if self._is_about(record, block)), None)
        file = record.file_abs_path
        names = (f"{kind}{record.resource}" for kind in ("", "data.", "module.", "provider."))
        known = next((name for name in names if (file, name) in vertices), record.resource)
        address = block.address if block else known
        judgements_here = match.take(record.check_id, file, address)
        paths = [block.construct_path] if block else [judgement.construct_path for judgement in judgements_here]
        evaluated = record.check_result.get("evaluated_keys", ())
        found, allowed, fix = describe(self._check(record), evaluated, vertices.get((file, address), {}))
        details = details_of(judgements_here) or [Detail(text, "") for text in record.details]
        first, last = record.file_line_range
        return Record(
            rule=record.check_id,
            file=file,
            lines=(first, last),
            address=address,
            construct_path=next(iter(paths), None),
            details=tuple(details or [Detail(found, allowed)]),
            fix=fix,
            suppression=self._suppression(record, block),
        )

    def _suppression(self, record: CheckovRecord, block: JsonBlock | None) -> AcceptedBy | None:
        """Why a finding is suppressed, if it is: by its construct, or by a comment in HCL."""
        honoured = self._suppressions.honoured if self._suppressions else {}
        suppression = honoured.get((block, record.check_id)) if block else None
        if suppression is not None:
            return AcceptedBy(reason=suppression.reason, owner=suppression.owner, expires=suppression.expires)
        comment = record.check_result.get("suppress_comment")
        return AcceptedBy(reason=comment) if comment else None

    def _check(self, record: CheckovRecord) -> BaseCheck | BaseGraphCheck | None:
        """The check that made a record."""
        python = (registry.get_check_by_id(record.check_id) for registry in self._registries)
        return next((check for check in python if check is not None), None)

    def _is_about(self, record: CheckovRecord, block: JsonBlock) -> bool:
        """Whether a record is about a block, of several of the same name and lines: the one whose type is checked."""
        check = self._check(record)
        return not isinstance(check, BaseCheck) or block.address.split(".")[-2:][0] in check.supported_entities


class _Selected(RunnerFilter):
    """Runs the rules that have been chosen; checkov's own choice compares each rule with each name as a pattern."""

    def __init__(self, rules: Set[str], **options: Any) -> None:
        super().__init__(**options)
        self._rules = rules

    def should_run_check(
        self,
        check: BaseCheck | BaseGraphCheck | BaseSastCheck | None = None,
        check_id: str | None = None,
        bc_check_id: str | None = None,  # noqa: ARG002 (as the method that it overrides)
        severity: CheckovSeverity | None = None,  # noqa: ARG002
        report_type: str | None = None,  # noqa: ARG002
        file_origin_paths: list[str] | None = None,  # noqa: ARG002
        root_folder: str | None = None,  # noqa: ARG002
    ) -> bool:
        """Whether a rule, or the rule of an id, is run."""
        return (check.id if check is not None else check_id) in self._rules


def _var_files(variables: Sequence[Path | tuple[str, str]], directory: Path) -> list[str] | None:
    """The files of values for checkov, in their order; a single value stands in a file of its own."""
    files = []
    for number, given in enumerate(variables):
        if isinstance(given, Path):
            files.append(str(given))
        else:
            name, value = given
            file = directory / f"{number}.tfvars"
            file.write_text(f"{name} = {value if _EXPRESSION.match(value) else json.dumps(value)}\n")
            files.append(str(file))
    return files or None


_EXPRESSION = re.compile(r'\s*(["\[{]|-?\d+(\.\d+)?\s*$|(true|false|null)\s*$)')
"""What is a value in Terraform's language, and not a text without its quotes."""


def _category(categories: Iterable[CheckCategories | str]) -> str:
    """The first of checkov's categories, in one spelling."""
    names = (each.name if isinstance(each, CheckCategories) else str(each) for each in categories)
    return next(names, "").upper().replace(" ", "_")


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


def _modules(vertices: Iterable[Mapping[str, Any]]) -> set[Place]:
    """The module calls that were followed."""
    calls = set()
    for vertex in vertices:
        module = vertex.get("source_module_object_")
        while module:
            calls.add(Place(str(module.path), str(module.name)))
            module = module.nested_tf_module
    return calls
