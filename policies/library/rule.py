"""What a rule is. `policies/checks/__init__.py` says how to write one."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Literal, TypeAlias

from policies.library.model import Configuration, Resource
from policies.library.values import UnknownValue, WrongValue

_POLICIES = Path(__file__).resolve().parents[1]

Severity: TypeAlias = Literal["critical", "high", "medium", "low"]


class FindingKind(StrEnum):
    """Why a resource fails a rule."""

    VIOLATION = "violation"
    """The configuration breaks the rule."""
    UNKNOWN = "unknown"
    """The rule needs a value that Terraform knows only after the apply, or that cannot be worked out here."""
    ABSENT = "absent"
    """A part is not there that each environment of this project has; other Terraform need not have it."""
    BROKEN = "broken"
    """The rule itself failed, so it judged nothing."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a resource: what was found there, and what is allowed instead."""

    kind: ClassVar[FindingKind] = FindingKind.VIOLATION
    found: str
    allowed: str
    severity: Severity | None = field(default=None, kw_only=True)
    """Where it is less severe than what the rule finds else."""


@dataclass(frozen=True)
class UnknownFinding(Finding):
    """A failure because the configuration does not determine a value that the rule needs."""

    kind: ClassVar[FindingKind] = FindingKind.UNKNOWN
    expression: str = ""
    """What is written where the value should be."""


@dataclass(frozen=True)
class AbsentFinding(Finding):
    """A failure because a part is not there that each environment of this project has."""

    kind: ClassVar[FindingKind] = FindingKind.ABSENT
    part: str = ""
    """Its name in the claims."""


@dataclass(frozen=True)
class BrokenFinding(Finding):
    """A failure because the rule itself raised: it has judged nothing, so nothing passes."""

    kind: ClassVar[FindingKind] = FindingKind.BROKEN


Findings: TypeAlias = Iterable[Finding]
"""What a rule says of a resource: nothing, if the resource passes."""


def security_hub(*controls: str) -> tuple[str, ...]:
    """Controls of AWS Security Hub, such as `RDS.1`."""
    return tuple(f"AWS Security Hub {control}" for control in controls)


def nist(*controls: str) -> tuple[str, ...]:
    """Controls of NIST 800-53, such as `SC-7`."""
    return tuple(f"NIST 800-53 {control}" for control in controls)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that must hold. `name` states it, so that it reads as what should be true."""

    id: str
    """`CKV2_MEALS_1xx` for secured channels and encryption, `2xx` for private isolation, `3xx` for reachability, `4xx`
    for access."""
    name: str
    severity: Severity
    claim: str
    """The claim it serves, C1 to C9 or A1 to A10."""
    controls: tuple[str, ...]
    """The published controls it implements, empty where none exists."""
    fix: str
    good: str
    """A shortest configuration that passes, in HCL."""
    bad: str
    """The same, failing."""
    applies_to: tuple[str, ...]
    """The resource types it is called for; data sources as `data.aws_x`."""
    evaluate: Callable[[Resource, Configuration], Findings]

    def judge(self, configuration: Configuration) -> Iterator[tuple[Resource, tuple[Finding, ...]]]:
        """Every resource it applies to, with what is wrong with it. Never raises: what raises is a finding."""
        for resource in configuration.of_type(*self.applies_to):
            yield resource, self._findings(resource, configuration)

    def _findings(self, resource: Resource, configuration: Configuration) -> tuple[Finding, ...]:
        findings: list[Finding] = []
        try:
            findings.extend(self.evaluate(resource, configuration))
        except UnknownValue as unknown:
            if not findings:  # what is known to be wrong says more
                findings.append(_unknown_finding(unknown))
        except Exception as error:  # fails closed: a rule that raises passes nothing
            findings.append(
                BrokenFinding(
                    found=f"the rule failed on this resource: {described(error)}",
                    allowed="a rule that can judge it; this is a defect of the rule",
                )
            )
        return tuple(findings)


def described(error: BaseException) -> str:
    """An exception that a rule raised: its type, its text, and the last line below `policies` that led there, but for
    the errors of this package, whose texts are for users."""
    lines = [(Path(frame.f_code.co_filename), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        lines.append((Path(error.filename), error.lineno or 0))
    is_ours = type(error).__module__.startswith(f"{_POLICIES.name}.")
    own = [
        (path, line)
        for path, line in lines
        if path.is_relative_to(_POLICIES) and path != Path(__file__) and not is_ours
    ]
    place = f" ({own[-1][0].relative_to(_POLICIES.parent)}:{own[-1][1]})" if own else ""
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {text}{place}"


def _unknown_finding(unknown: UnknownValue) -> UnknownFinding:
    allowed = "a value that the configuration determines, so that it can be checked"
    if isinstance(unknown, WrongValue):
        return UnknownFinding(f"not a value that AWS takes: {unknown}", "a value that AWS takes", unknown.expression)
    what = "cannot be worked out" if unknown.reason else "unknown until applied"
    return UnknownFinding(f"{what}: {unknown}", allowed, unknown.expression)
