"""Rules as checkov graph checks. The only file of the library that imports checkov (3.3.30).

checkov gives a graph check the vertices of all files it scanned, in one graph. What the rules judge is not the graph
but the `Configuration` read from the same files; the graph says which files these are, and its vertices carry the
results back, so that stock checkov reports and counts them like any other check's.

checkov keeps of a result that it passed or failed, and nothing of why. `judgements()` has all of it, for whoever runs
checkov in the same process.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checkov.common.bridgecrew.severities import Severities
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.runner_filter import RunnerFilter

from policies.checkov.scan import Scan, ScanRequest, Vertex
from policies.library.gaps import Gap
from policies.library.model import Resource
from policies.library.rule import BrokenFinding, Finding, Rule, described

_ENTITY = (
    "block_name_",
    "block_type_",
    "file_path_",
    "id_",
    "__address__",
    "source_module_object_",
    "__startline__",
    "__endline__",
)
"""What checkov reads of a vertex when it makes a record of a result; with `config_` in HCL and plans."""


@dataclass(frozen=True)
class Judgement:
    """What a rule said about a resource: nothing found is a pass."""

    rule: str
    file: str
    address: str
    construct_path: str | None
    suppressions: Mapping[str, Any]
    findings: tuple[Finding, ...]


class DuplicateRule(Exception):
    """Two files define rules with the same id."""


class RuleCheck(BaseGraphCheck):
    """A rule as checkov calls it. `source` is the file that defines it, whose folder is the rule's pack."""

    def __init__(self, rule: Rule, source: str) -> None:
        super().__init__()
        self.rule = rule
        self.id = rule.id
        self.name = rule.name
        self.category = "NETWORKING"
        self.severity = Severities[rule.severity.upper()]
        self.resource_types = list(rule.applies_to)
        self.source = source

    def run(self, graph_connector: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
        """Passed, failed and unknown vertices; the last is always empty, since what is unknown fails."""
        passed: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        try:
            for vertex, resource, findings in scan_of(graph_connector).judge(self.rule):
                if vertex is not None:
                    (failed if findings else passed).append(_entity(vertex.attributes))
                _note(self.rule, resource, findings)
        except Exception as error:  # fails closed: checkov drops the exception and reports nothing for the check
            finding = BrokenFinding(f"the rule could not run: {described(error)}", "a rule that can run")
            failed = [
                dict(attributes)
                for _, attributes in graph_connector.nodes()
                if attributes.get("resource_type") in self.rule.applies_to
            ]
            for attributes in failed:
                address = str(attributes.get("__address__"))
                resource = Resource(
                    {},
                    address,
                    address,
                    type=attributes["resource_type"],
                    name="",
                    file=str(attributes.get("file_path_")),
                )
                _note(self.rule, resource, (finding,))
            return [], failed, []
        return passed, failed, []


@dataclass(frozen=True, kw_only=True)
class CheckovRule(Rule):
    """A rule of the project: checkov knows it as soon as it is made, as it does its own checks."""

    def __post_init__(self) -> None:
        register(self, source=sys._getframe(2).f_code.co_filename)  # of the file's own line: its call made this one


class BlockName(str):
    """A block's name that checkov can take apart: it splits at every dot, and loses `topic["a.b"]` with its result."""

    __slots__ = ()

    def split(self, sep: str | None = None, maxsplit: int = -1) -> list[str]:  # type: ignore[override]
        """Type and name, whatever the name's index has in it."""
        return super().split(sep, 1 if maxsplit < 0 else maxsplit)


def register(rule: Rule, *, source: str) -> None:
    """Give a rule, which the file ``source`` defines, to checkov. It loads that file once for each framework.

    Raises DuplicateRule if another file has a rule of that id.
    """
    check = RuleCheck(rule, source)
    checks = get_graph_checks_registry("terraform").checks
    for at, other in enumerate(checks):
        if other.id == rule.id:
            if getattr(other, "source", None) != check.source:
                raise DuplicateRule(
                    f"{rule.id} is defined in {check.source} and in {getattr(other, 'source', 'checkov')}"
                )
            checks[at] = check
            return
    checks.append(check)
    RunnerFilter.notify_external_check(rule.id)


def judgements() -> tuple[Judgement, ...]:
    """Everything the rules said since `forget_judgements`, in an order that does not depend on checkov's threads."""
    with _lock:
        return tuple(sorted(_judgements, key=lambda each: (each.file, each.address, each.rule)))


def judge_with(request: ScanRequest) -> None:
    """Say what to judge beside what checkov scans, and with which values, before it starts."""
    with _lock:
        _requests[:] = [request]


def gaps() -> tuple[Gap, ...]:
    """What belongs to the configurations that were judged and could not be read."""
    with _lock:
        return tuple(
            gap for _, scan in _scans for configuration in scan.configurations.values() for gap in configuration.gaps
        )


def forget_judgements() -> None:
    """Start anew, before another graph is judged."""
    with _lock:
        _judgements.clear()
        _scans.clear()


_lock = threading.Lock()
_judgements: list[Judgement] = []
_requests = [ScanRequest()]
_scans: list[tuple[Any, Scan]] = []
"""The latest graph and what was read for it; checkov runs its checks on one graph in several threads."""


def _note(rule: Rule, resource: Resource, findings: tuple[Finding, ...]) -> None:
    judgement = Judgement(
        rule=rule.id,
        file=resource.file,
        address=resource.address,
        construct_path=resource.construct_path,
        suppressions=resource.suppressions,
        findings=findings,
    )
    with _lock:
        _judgements.append(judgement)


def scan_of(graph: Any) -> Scan:
    """What was read for a graph."""
    with _lock:
        if not _scans or _scans[0][0] is not graph:
            vertices = [Vertex.of(attributes) for _, attributes in graph.nodes()]
            _scans[:] = [(graph, Scan(vertices, _requests[-1]))]
        return _scans[0][1]


def _entity(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What checkov needs of a vertex; it copies every result's entity, and configurations are large."""
    kept = _ENTITY if str(attributes["file_path_"]).endswith(".tf.json") else (*_ENTITY, "config_")
    entity = {name: attributes[name] for name in kept if name in attributes}
    return {**entity, "block_name_": BlockName(entity["block_name_"])}
