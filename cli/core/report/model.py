"""What is on the page, before it is HTML."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cli.core.access.table import AccessRow
from cli.core.change.model import ChangeProof
from cli.core.cost.model import Estimate
from cli.core.diff.model import Difference
from cli.core.gate.model import Outcome
from cli.core.inventory.items import ListedResource
from cli.core.promotion.status import EnvironmentStatus
from cli.core.records import Record
from cli.core.records.model import LogRecord, StackRecord


@dataclass(frozen=True)
class Cell:
    """The answer of `infra reach` for two ends."""

    source: str
    """Its name."""
    target: str
    traffic: tuple[str, ...]
    """What can be opened, by each path; empty where nothing can."""
    is_assumed: bool
    """Whether a yes rests on an assumption."""
    lines: tuple[str, ...]
    """The answer in words: the witness, or the blockers."""


@dataclass(frozen=True)
class Grid:
    """Who can reach whom. Ends that nothing tells apart share a row or a column, as they share a box of the picture."""

    targets: tuple[str, ...]
    """Titles of the columns."""
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]
    """Each source's title, with a cell for each target; None where both are outside."""
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class AccessTable:
    """Who may do what to which data."""

    rows: tuple[AccessRow, ...]
    further: tuple[tuple[str, str, str], ...]
    """Who can become whom, and by what."""
    assumptions: tuple[str, ...]


class Verdict(StrEnum):
    """What the gate says of a claim."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNKNOWN = "unknown until the apply"
    NOT_JUDGED = "not judged"
    TESTED = "decided by tests"
    """No rule decides it, which the gate would run; the project's tests do."""


@dataclass(frozen=True)
class ClaimVerdict:
    """What the gate says of a claim in one environment."""

    verdict: Verdict
    rules: int
    """How many rules decide it."""
    findings: int
    suppressed: int
    """Findings of these rules that are accepted."""


@dataclass(frozen=True)
class ClaimResult:
    """A claim, with its verdict for each environment."""

    claim: str
    text: str
    verdicts: Mapping[str, ClaimVerdict]
    tests: tuple[str, ...]
    """Tests of what no rule can decide; the page does not run them."""

    @property
    def verdict(self) -> Verdict | None:
        """The verdict of all environments; None where they differ."""
        found = {each.verdict for each in self.verdicts.values()}
        return found.pop() if len(found) == 1 else None

    def together(self) -> list[tuple[ClaimVerdict, tuple[str, ...]]]:
        """Each verdict with the environments that it is of."""
        names: dict[ClaimVerdict, tuple[str, ...]] = {}
        for name, each in self.verdicts.items():
            names[each] = (*names.get(each, ()), name)
        return list(names.items())


@dataclass(frozen=True)
class SharedResource:
    """A resource that one environment or several have."""

    item: ListedResource
    """As the first of them has it."""
    is_bootstrap: bool
    """Whether it is in the bootstrap stack."""
    environments: tuple[str, ...]

    @property
    def path(self) -> str:
        """The construct's path below the environment; the address where there is none."""
        return self.item.construct_path.partition("/")[2] or self.item.address


@dataclass(frozen=True)
class EnvironmentPage:
    """What the Terraform of an environment proves."""

    name: str
    picture: str
    """The SVG."""
    grid: Grid
    access: AccessTable
    cost: Estimate
    """With the bootstrap stack."""


@dataclass(frozen=True)
class ReportContent:
    """The whole page."""

    made: datetime.datetime
    revision: str
    """The commit, and whether there are changes that it does not have; empty outside of git."""
    environments: tuple[EnvironmentPage, ...]
    outcome: Outcome
    claims: tuple[ClaimResult, ...]
    parts: Mapping[str, tuple[SharedResource, ...]]
    changes: Mapping[str, ChangeProof | str]
    """What each environment would get since its last apply; or why that is not known."""
    differences: tuple[Difference, ...]
    """Of each environment and the next one."""
    statuses: tuple[EnvironmentStatus, ...]
    log: tuple[Record[LogRecord], ...]
    """Promotions, rollbacks and freezes, the last one first."""
    history: Mapping[str, tuple[Record[StackRecord], ...]]
    """What was done to each environment, the last first."""
    is_rehearsal: bool = False
    """Whether releases and records are those of the sandbox."""

    @property
    def costs(self) -> Mapping[str, Estimate]:
        """What each environment costs."""
        return {each.name: each.cost for each in self.environments}

    @property
    def names(self) -> tuple[str, ...]:
        """The environments that the page is about."""
        return tuple(each.name for each in self.environments)
