"""Sees what checkov's registries swallow: rules that raise, and rules that say neither passed nor failed.

Both make checkov pass over a resource without a word. Imported by `scanner` only.
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


@dataclass
class Observed:
    """What was seen, by rule and address."""

    raised: list[tuple[str, str, str]] = field(default_factory=list)
    """With the exception; the address is empty for graph checks, which look at everything at once."""
    unknown: list[tuple[str, str]] = field(default_factory=list)

    def clear(self) -> None:
        """Forget it."""
        self.raised.clear()
        self.unknown.clear()


def watch(registry: BaseCheckRegistry, observed: Observed) -> None:
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
                try:
                    check.run(scanned_file, entity_configuration, entity_name, entity_type, skip_info)
                    text = "an exception, and none when it was run again"
                except Exception as error:
                    text = _text(error)
                observed.raised.append((check.id, address, text))
            else:
                observed.unknown.append((check.id, address))
        return result

    registry.run_check = watched  # type: ignore[method-assign]


def watch_graph_rules(registry: Registry, observed: Observed) -> None:
    """Observe the graph checks of a registry. checkov leaves one that raises out of its results.

    They are run one after another, in their order. checkov starts threads for them, which cannot go on at once, and in
    which a check may see what another one has just noted at a vertex.
    """
    run_check = registry.run_check_parallel

    def run_checks(
        graph_connector: Any, runner_filter: RunnerFilter, report_type: str
    ) -> dict[BaseGraphCheck, list[_CheckResult]]:
        found: dict[BaseGraphCheck, list[_CheckResult]] = {}
        for check in registry.checks:
            if runner_filter.should_run_check(check, report_type=report_type):
                watched(check, found, graph_connector)
        return found

    def watched(check: BaseGraphCheck, found: dict[BaseGraphCheck, list[_CheckResult]], graph_connector: Any) -> None:
        try:
            run_check(check, found, graph_connector)
        except (Exception, SystemExit) as error:
            observed.raised.append((check.id, "", _text(error)))
        for result in found.get(check, ()):
            if result["result"] == CheckResult.UNKNOWN:
                observed.unknown.append((check.id, str(result["entity"]["block_name_"])))

    registry.run_checks = run_checks  # type: ignore[method-assign]


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
