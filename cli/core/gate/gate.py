"""The gate from start to end: it starts checkov at once, hands over targets as they come, and judges the answers.

Where nothing can pass, since a file of each target is broken, `broken_outcome` says so in a moment, without checkov.

It can judge more than once: some targets first, and others that are made when those have passed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import chain, repeat
from pathlib import Path
from types import TracebackType

from cli.core.base.errors import ExitCode, InfraError
from cli.core.gate import verdict
from cli.core.gate.inventory import Inventory, hcl_inventory, json_inventory, plan_inventory, rule_files
from cli.core.gate.model import Framework, Outcome, RuleInfo, Selection, Target
from cli.core.gate.process import CHECKS, TIMEOUT, ScannerProcess
from cli.core.gate.protocol import Answer, Job
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
        """Those without an outcome."""
        self._answered = 0
        self._process = ScannerProcess(checks)

    @property
    def process(self) -> ScannerProcess:
        """The child."""
        return self._process

    def add(self, *targets: Target) -> None:
        """Hand over targets; checkov scans them while the caller goes on.

        Raises `UnknownRule` where a request leaves out what honours suppressions.
        """
        for target in targets:
            selection = target.request.selection
            if RULE_ID in (*selection.skip, *(each.rule for each in selection.off)):
                raise UnknownRule(f"{RULE_ID} cannot be skipped: it is what honours suppressions")
        self._targets += targets
        for batch in _batches(targets):
            self._process.submit(*(self._job(target) for target in batch))

    def _job(self, target: Target) -> Job:
        return Job(
            framework=target.framework,
            root=target.module or target.root,
            files=target.files,
            broken=tuple(Path(problem.file) for problem in target.broken),
            request=target.request,
            today=self._today,
        )

    def outcome(self, timeout: float = TIMEOUT, *, is_last: bool = True) -> Outcome:
        """Wait for checkov and judge the targets that were handed over since the last outcome.

        checkov ends with the last one, and how it ended counts. Raises `UnknownRule` for a name in a selection that is
        no rule's.
        """
        files = rule_files(self._checks)
        targets, self._targets = self._targets, []
        inventories = [_INVENTORIES[target.framework](target.files) for target in targets]
        loaded, answers, problems = self._process.answers(timeout, is_last=is_last)
        new, self._answered = answers[self._answered :], self._answered + len(inventories)
        padded: Iterable[Answer | None] = chain(new, repeat(None))  # it may have died before it answered all
        known = verdict.rules(loaded) if loaded else {}
        for selection in dict.fromkeys(target.request.selection for target in targets if loaded):
            _require(selection, known)
        results = tuple(
            verdict.judge(target, answer, inventory=inventory, known=known)
            if answer
            else verdict.unscanned(target, inventory.problems)
            for target, answer, inventory in zip(targets, padded, inventories, strict=False)
        )
        if loaded is None:
            return Outcome(results, (*files.problems, *problems), {}, "", today=self._today)
        problems = (*verdict.judge_rules(loaded, files), *problems)
        problems = problems or verdict.judge_amount(results)
        return Outcome(results, problems, known, loaded.checkov, today=self._today)

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


def builtin_rules() -> tuple[RuleInfo, ...]:
    """The rules that are built into checkov; none where it does not start."""
    with ScannerProcess() as process:
        loaded, _, _ = process.answers()
    return tuple(rule for rule in verdict.rules(loaded).values() if not rule.own) if loaded else ()


def broken_outcome(targets: Sequence[Target]) -> Outcome:
    """What there is to say of targets of which each has a file that is not understood."""
    return Outcome(tuple(verdict.unscanned(target, target.broken) for target in targets), (), {}, "")


def _batches(targets: Iterable[Target]) -> Iterator[Sequence[Target]]:
    """Targets that one process scans one after another: a process costs more than a small root module."""
    batch: list[Target] = []
    size = 0
    for target in targets:
        bytes_ = sum(file.stat().st_size for file in target.files)
        if batch and (len(batch) == _BATCH or size + bytes_ > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(target)
        size += bytes_
    if batch:
        yield batch


_BATCH = 10
"""Targets in a batch; also small enough to keep every processor busy."""
_BATCH_BYTES = 40_000
"""Of the files of a batch, unless it is one target."""
