"""What the gate is asked and what it answers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from cli.core.base.errors import ExitCode
from cli.core.base.source_lines import SourceLine
from cli.core.gate.packs import PACKS
from policies.library.rule import FindingKind

Severity: TypeAlias = Literal["critical", "high", "medium", "low", "unknown", "unrated"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "unknown", "unrated")
"""Worst first. `unknown` are findings that say no more than that a value cannot be worked out, whatever the rule's
severity; `unrated` are built-in rules of which neither `severities` nor checkov says what they are about."""

Framework: TypeAlias = Literal["terraform_json", "terraform", "terraform_plan"]


RATINGS: tuple[Severity, ...] = ("critical", "high", "medium", "low")
"""What a rule can be rated, worst first."""


@dataclass(frozen=True)
class OffRule:
    """A rule that a profile leaves out."""

    rule: str
    reason: str
    place: str
    """The file and line that says so."""


@dataclass(frozen=True)
class Selection:
    """The rules that are run: those named in `only`, or else those of `packs`; of `severity` and worse; and never those
    in `skip` and `off`."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    packs: tuple[str, ...] = PACKS
    severity: Severity = RATINGS[-1]
    off: tuple[OffRule, ...] = ()

    def includes(self, rule: RuleInfo) -> bool:
        """Whether a rule is run. One that belongs to no pack is in all, and one that is not rated may be the worst."""
        if rule.id in self.skip or any(each.rule == rule.id for each in self.off):
            return False
        if self.only:
            return rule.id in self.only
        is_bad = rule.severity not in RATINGS or RATINGS.index(rule.severity) <= RATINGS.index(self.severity)
        return not rule.pack or (is_bad and rule.pack in self.packs)

    def asks_for(self, finding: Finding) -> bool:
        """Whether a finding of a rule that is run is severe enough, which it need not be as the rule is."""
        if self.only or finding.severity not in RATINGS:
            return True
        return RATINGS.index(finding.severity) <= RATINGS.index(self.severity)


@dataclass(frozen=True)
class Request:
    """What is asked of the gate about a target."""

    selection: Selection = Selection()
    variables: tuple[Path | tuple[str, str], ...] = ()
    """Files with values of variables, and single ones; later ones go before earlier ones."""
    workspace: str = ""
    """Of Terraform; empty if nobody says."""
    private_words: tuple[str, ...] = ()
    """What a team calls private, beside what the rules take for it."""
    builtin_only: bool = False
    """Whether the project's own rules judge it elsewhere."""
    is_environment: bool = True
    """Whether every part that the claims know must be there, as in an environment of this project."""

    def includes(self, rule: RuleInfo) -> bool:
        """Whether a rule is run."""
        return self.selection.includes(rule) and not (self.builtin_only and rule.own and bool(rule.applies_to))


@dataclass(frozen=True)
class Target:
    """Files that are scanned together."""

    name: str
    """An environment, or the path that was asked for."""
    framework: Framework
    root: Path
    """The directory they are in."""
    files: tuple[Path, ...]
    shown: Path
    """What to show in place of `root`: where the files are for the reader."""
    module: Path | None = None
    """The directory of the root module, in HCL; modules that it calls may be anywhere."""
    request: Request = Request()
    broken: tuple[Problem, ...] = ()
    """The files of it and of what it calls that the project's own reader does not understand."""
    is_broken: bool = False
    """Whether that concerns each of its root modules, so that nothing in it can pass."""
    is_environment: bool = False
    """Whether it is one of this project's, and not at a path."""


@dataclass(frozen=True)
class RuleInfo:
    """A rule, as far as a report needs it."""

    id: str
    name: str
    severity: Severity
    claim: str = ""
    controls: tuple[str, ...] = ()
    fix: str = ""
    applies_to: tuple[str, ...] = ()
    own: bool = False
    """Whether it is one of policies/checks, and not built into checkov."""
    pack: str = ""
    """See `packs`; empty for what belongs to all of them."""


@dataclass(frozen=True)
class Detail:
    """One thing that is wrong: what was found, and what is allowed instead."""

    found: str
    allowed: str
    kind: FindingKind = FindingKind.VIOLATION
    expression: str = ""
    """Of a value that is unknown until the apply, what is written in its place; of an absent part, its name."""
    severity: Severity | None = None
    """Where it is less severe than its rule."""


@dataclass(frozen=True)
class Location:
    """A resource, and where it stands."""

    address: str
    """Terraform's."""
    construct_path: str | None
    """In Terraform that cdktf wrote."""
    file: Path
    """As shown to the reader."""
    line: int
    end_line: int
    source_lines: tuple[SourceLine, ...] = ()
    """The Python that makes it, in Terraform of this project: of the part, and of a construct that the part uses."""

    @property
    def name(self) -> str:
        """What a reader knows the resource by."""
        return self.construct_path or self.address

    @property
    def to_mend(self) -> SourceLine:
        """Where a reader mends it: in Python where that is known, or else in the Terraform."""
        return self.source_lines[0] if self.source_lines else SourceLine(self.file, self.line)


@dataclass(frozen=True)
class Finding:
    """A resource that breaks a rule."""

    rule: RuleInfo
    at: Location
    details: tuple[Detail, ...]

    @property
    def is_unknown(self) -> bool:
        """Whether it says no more than that Terraform knows values only after the apply."""
        return bool(self.details) and all(detail.kind is FindingKind.UNKNOWN for detail in self.details)

    @property
    def severity(self) -> Severity:
        """The worst of its details, each of which has the rule's if none of its own; or `unknown`."""
        if self.is_unknown:
            return "unknown"
        return min(
            (each.severity or self.rule.severity for each in self.details or (Detail("", ""),)), key=SEVERITIES.index
        )

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Worst first, then by rule and place."""
        return SEVERITIES.index(self.severity), self.rule.id, str(self.at.file), self.at.address


@dataclass(frozen=True)
class SuppressedFinding:
    """A finding that is accepted, and by whom."""

    rule: RuleInfo
    at: Location
    reason: str
    owner: str | None
    """None where a comment in HCL suppresses, which has no room for it."""
    expires: datetime.date | None


@dataclass(frozen=True)
class AcceptedFinding:
    """A finding that a baseline has: it was there when the baseline was written."""

    finding: Finding
    owner: str
    since: datetime.date


@dataclass(frozen=True)
class GoneFinding:
    """An entry of a baseline whose finding is not there any more."""

    rule: str
    root: str
    resource: str


@dataclass(frozen=True)
class Problem:
    """A way in which the gate could not do its job."""

    kind: str
    """Its name, in kebab-case; see `verdict`."""
    text: str
    file: str = ""
    """The file that it is about, if it is about one."""


@dataclass(frozen=True)
class Note:
    """Something to know that does not change the verdict."""

    kind: str
    """Its name, in kebab-case."""
    text: str


@dataclass(frozen=True)
class TargetResult:
    """The verdict on one target."""

    target: Target
    resources: int
    passed: int
    """Resources times rules that hold."""
    findings: tuple[Finding, ...]
    """Worst first."""
    suppressed: tuple[SuppressedFinding, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...] = ()
    accepted: tuple[AcceptedFinding, ...] = ()
    """By a baseline; they are not among the findings."""


@dataclass(frozen=True)
class Shard:
    """Which part of one check on several machines an outcome is of."""

    index: int
    """From 1 to `count`."""
    count: int
    digest: str
    """Of what all parts have in common: files, rules, toolkit and what is asked."""
    positions: tuple[int, ...]
    """Of its targets among all, so that the whole has its order."""
    total: int
    """Targets of the whole."""


@dataclass(frozen=True)
class Outcome:
    """What the gate says."""

    results: tuple[TargetResult, ...]
    problems: tuple[Problem, ...]
    """Those of no single target."""
    rules: Mapping[str, RuleInfo] = field(repr=False)
    """Every rule that there is, by id."""
    checkov: str
    """Its version, empty when it did not start."""
    gone: tuple[GoneFinding, ...] = ()
    """What a baseline accepts and is not found any more."""
    today: datetime.date = datetime.date.min
    """The day on which it was asked."""
    shard: Shard | None = None
    """What it is a part of; None where it is the whole."""

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """Of the gate as a whole and of each target."""
        return (*self.problems, *(problem for result in self.results for problem in result.problems))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Of all targets, worst first."""
        return tuple(sorted((each for result in self.results for each in result.findings), key=lambda each: each.order))

    @property
    def exit_code(self) -> ExitCode:
        """That the gate failed weighs more than what it found: there may be more."""
        if self.all_problems:
            return ExitCode.GATE
        return ExitCode.FINDINGS if self.findings else ExitCode.OK
