"""Sees what checkov's registries swallow: rules that raise, and rules that say neither passed nor failed.

Both make checkov pass over a resource without a word. It replaces one method of each registry. It buys safety, not
time: without it a rule that raises passes unseen (`tests/cli/core/gate/test_fails_closed.py`). To remove it, checkov
must report both.

A rule that raises is run again without null arguments, which plans have and which mean the same as none. Imported by
`scanner` only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checkov.common.checks.base_check import BaseCheck
from checkov.common.checks.base_check_registry import BaseCheckRegistry
from checkov.common.checks_infra.registry import Registry
from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.models.enums import CheckResult
from checkov.common.typing import _CheckResult, _SkippedCheck
from checkov.runner_filter import RunnerFilter

from cli.core.gate.protocol import RuleError


@dataclass
class SwallowedErrors:
    """What was seen."""

    raised: list[RuleError] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    """Rules without a verdict, with the address."""


def watch(registry: BaseCheckRegistry, swallowed: SwallowedErrors) -> None:
    """Observe the Python checks of a registry. checkov turns an exception into UNKNOWN, and drops that result."""
    run_check = registry.run_check

    def watched(
        check: BaseCheck,
        entity_configuration: dict[str, list[Any]],
        entity_name: str,
        entity_type: str,
        scanned_file: str,
        skip_info: _SkippedCheck,
    ) -> _CheckResult:
        result = run_check(check, entity_configuration, entity_name, entity_type, scanned_file, skip_info)
        if result.get("result") == CheckResult.UNKNOWN:
            address = f"{entity_type}.{entity_name}"
            if "check" in result:  # only there when an exception was swallowed; checkov keeps nothing of it
                configuration = without_nulls(entity_configuration)
                try:
                    return check.run(scanned_file, configuration, entity_name, entity_type, skip_info)
                except Exception as error:
                    swallowed.raised.append(RuleError(check.id, address, _text(error)))
            else:
                swallowed.unknown.append((check.id, address))
        return result

    registry.run_check = watched  # type: ignore[method-assign]


def without_nulls(value: Any) -> Any:
    """A configuration without the arguments that are null, in nested blocks as well."""
    if isinstance(value, dict):
        return {name: without_nulls(inner) for name, inner in value.items() if inner is not None and inner != [None]}
    if isinstance(value, list):
        return [without_nulls(inner) for inner in value if inner is not None]
    return value


def watch_graph_rules(registry: Registry, swallowed: SwallowedErrors) -> None:
    """Observe the graph checks of a registry. checkov leaves one that raises out of its results.

    They run one after another, in their order. checkov starts a thread for each: they are no faster, since they cannot
    run at once, and a check may see what another one has just noted at a vertex.
    """
    run_check = registry.run_check_parallel

    def run_checks(
        graph_connector: Any, runner_filter: RunnerFilter, report_type: str
    ) -> dict[BaseGraphCheck, list[_CheckResult]]:
        results: dict[BaseGraphCheck, list[_CheckResult]] = {}
        for check in registry.checks:
            if runner_filter.should_run_check(check, report_type=report_type):
                watched(check, results, graph_connector)
        return results

    def watched(check: BaseGraphCheck, results: dict[BaseGraphCheck, list[_CheckResult]], graph_connector: Any) -> None:
        try:
            run_check(check, results, graph_connector)
        except (Exception, SystemExit) as error:
            swallowed.raised.append(RuleError(check.id, "", _text(error)))
        for result in results.get(check, ()):
            if result["result"] == CheckResult.UNKNOWN:
                swallowed.unknown.append((check.id, str(result["entity"]["block_name_"])))

    registry.run_checks = run_checks  # type: ignore[method-assign]


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
