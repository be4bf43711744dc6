"""The gate from start to end: it starts checkov at once, hands over targets as they come, and judges the answers.

It can judge more than once: some targets first, and others that are made when those have passed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import TracebackType

from cli.core.base.errors import ExitCode, InfraError
from cli.core.gate import verdict
from cli.core.gate.inventory import Inventory, hcl_inventory, json_inventory, plan_inventory, rule_files
from cli.core.gate.model import Framework, Outcome, RuleInfo, Selection, Target, TargetResult
from cli.core.gate.process import CHECKS, TIMEOUT, ScannerProcess
from cli.core.gate.protocol import Job
from policies.library.suppressions import RULE_ID

_INVENTORIES: Mapping[Framework, Callable[[Sequence[Path]], Inventory]] = {
    "terraform_json": json_inventory,
    "terraform": hcl_inventory,
    "terraform_plan": plan_inventory,
}


class UnknownRule(InfraError, exit_code=ExitCode.USAGE):
    """A rule was named that does not exist, or that cannot be left out."""


class Gate:
    """One run. Used as a context, which ends the child process whatever happens."""

    def __init__(self, today: datetime.date, checks: Path = CHECKS) -> None:
        """Start checkov; `today` decides which suppressions have expired."""
        self._today = today
        self._checks = checks
        self._targets: list[Target] = []
        self._judged = 0
        self._process = ScannerProcess(checks)

    @property
    def process(self) -> ScannerProcess:
        """The child."""
        return self._process

    def add(self, target: Target) -> None:
        """Hand over a target; checkov scans it while the caller goes on.

        Raises `UnknownRule` where its request leaves out what honours suppressions.
        """
        selection = target.request.selection
        if RULE_ID in (*selection.skip, *(each.rule for each in selection.off)):
            raise UnknownRule(f"{RULE_ID} cannot be skipped: it is what honours suppressions")
        self._targets.append(target)
        self._process.submit(
            Job(
                framework=target.framework,
                root=target.module or target.root,
                files=target.files,
                broken=target.broken,
                request=target.request,
                today=self._today,
            )
        )

    def outcome(self, timeout: float = TIMEOUT, *, is_last: bool = True) -> Outcome:
        """Wait for checkov and judge the targets that were handed over since the last outcome.

        checkov ends with the last one, and how it ended counts. Raises `UnknownRule` for a name in a selection that is
        no rule's.
        """
        files = rule_files(self._checks)
        before, targets = self._judged, self._targets[self._judged :]
        inventories = [_INVENTORIES[target.framework](target.files) for target in targets]
        loaded, answers, problems = self._process.answers(timeout, is_last=is_last)
        self._judged = len(self._targets)
        if loaded is None:
            return Outcome(tuple(_unanswered(targets, inventories)), (*files.problems, *problems), {}, "")
        known = verdict.rules(loaded)
        for selection in dict.fromkeys(target.request.selection for target in targets):
            _require(selection, known)
        results = [
            verdict.judge(target, answer, inventory=inventory, known=known)
            for target, answer, inventory in zip(targets, answers[before:], inventories, strict=False)
        ]
        rest = list(_unanswered(targets, inventories))[len(results) :]
        problems = (*verdict.judge_rules(loaded, files), *problems)
        return Outcome((*results, *rest), problems or verdict.judge_amount(results), known, loaded.checkov)

    def __enter__(self) -> Gate:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.__exit__(kind, error, trace)


def _require(selection: Selection, known: Mapping[str, RuleInfo]) -> None:
    """Every rule that is named must exist. Raises `UnknownRule`."""
    named = [(rule, "") for rule in (*selection.only, *selection.skip)]
    named += [(each.rule, f"{each.place}: ") for each in selection.off]
    for rule, place in named:
        if rule not in known:
            near = get_close_matches(rule, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise UnknownRule(f"{place}there is no rule {rule}; infra policies lists ours.{hint}")


def _unanswered(targets: Sequence[Target], inventories: Sequence[Inventory]) -> Sequence[TargetResult]:
    """The targets as they are when nothing is known of them."""
    return [
        TargetResult(
            target=target, resources=0, passed=0, findings=(), suppressed=(), problems=tuple(inventory.problems)
        )
        for target, inventory in zip(targets, inventories, strict=True)
    ]
