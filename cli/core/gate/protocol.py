"""What the gate and its worker say to each other: JSON documents, one a line, each checked against its type.

The worker says first what it has `Loaded`, and then one `Answer` for each `Job`, in the order of the jobs. Jobs may
share a line, with `BETWEEN_JOBS` between them: one process does them one after another.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from cli.core.gate.model import Detail, Framework, Request, RuleInfo
from policies.library.rule import FindingKind

BETWEEN_JOBS = b"\x1e"
"""No JSON document has this character."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """Files to scan together, and the rules to run on them."""

    framework: Framework
    root: Path
    """In HCL the directory of the root module."""
    files: tuple[Path, ...]
    broken: tuple[Path, ...] = ()
    """Files that need not be tried."""
    request: Request
    today: datetime.date
    """Decides which suppressions have expired."""


class BuiltinRule(NamedTuple):
    """A rule of checkov."""

    name: str
    category: str
    """What checkov says that it is about, such as `ENCRYPTION`; empty if it does not say."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The rules that checkov loaded."""

    checkov: str
    """Its version."""
    builtin: Mapping[str, BuiltinRule]
    """Each built-in rule, by id."""
    external: tuple[str, ...]
    """The ids of the rules from the directory of rules, as often as they were loaded."""
    own: tuple[RuleInfo, ...]
    """The external rules that are described."""
    has_suppressions: bool
    """Whether the rule is there that honours suppressions."""
    errors: tuple[str, ...]
    """What checkov logged as errors."""


class Place(NamedTuple):
    """A block: its file, and its address there."""

    file: str
    address: str


class RulePlace(NamedTuple):
    """A rule at a resource."""

    rule: str
    file: str
    address: str


class RuleError(NamedTuple):
    """A rule that raised."""

    rule: str
    address: str
    """Empty where the rule looks at all resources at once."""
    error: str


@dataclass(frozen=True, kw_only=True)
class AcceptedBy:
    """Why a finding is suppressed."""

    reason: str
    owner: str | None = None
    """None where a comment in HCL suppresses, which has no room for it."""
    expires: datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """A resource that breaks a rule."""

    rule: str
    file: str
    lines: tuple[int, int]
    address: str
    construct_path: str | None
    details: tuple[Detail, ...]
    fix: str = ""
    """How to fix it here, where the rule itself does not say."""
    suppression: AcceptedBy | None = None

    @property
    def unknown(self) -> tuple[str, ...]:
        """The expressions whose values the rule needed; empty if anything is wrong that is known."""
        if any(detail.kind is not FindingKind.UNKNOWN for detail in self.details):
            return ()
        return tuple(detail.expression for detail in self.details)


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What checkov did with a job."""

    type: Literal["scan"] = "scan"
    parsed: tuple[str, ...]
    """Files that left a trace in checkov's graph."""
    unparsed: tuple[str, ...]
    resources: tuple[Place, ...]
    modules: tuple[Place, ...]
    """Module calls that checkov followed: the file that calls, and the name of the call."""
    passed: int
    failed: tuple[Record, ...]
    skipped: tuple[Record, ...]
    judged: tuple[RulePlace, ...]
    """Where our rules passed or failed."""
    raised: tuple[RuleError, ...]
    unknown: tuple[tuple[str, str], ...]
    """Rules that gave no verdict, with the address."""
    missing: tuple[str, ...] = ()
    """Addresses of calls of modules whose source is not here, as our reader knows them."""
    unread: tuple[str, ...] = ()
    """What belongs to the configuration and is not read: files of other tools, files of values that nobody named."""
    errors: tuple[str, ...] = ()
    """What checkov logged as errors."""


@dataclass(frozen=True, kw_only=True)
class ScanFailure:
    """checkov raised, or the values that were given do not fit the root module."""

    type: Literal["failure"] = "failure"
    error: str
    is_input: bool = False
    """Whether it is about the values."""


@dataclass(frozen=True, kw_only=True)
class ScanEnd:
    """The process of a job ended without an answer."""

    type: Literal["end"] = "end"
    code: int
    """Its exit code; negative: the signal that ended it."""
    output: str
    """The beginning of what it wrote in place of an answer."""
    errors: tuple[str, ...]
    """The last lines of its standard error."""
    is_timeout: bool = False
    """Whether it was ended because there was no more time."""


Answer: TypeAlias = Scan | ScanFailure | ScanEnd


def encode(message: Job | Loaded | Answer) -> bytes:
    """A message as a line."""
    type_: Any = type(message)
    line: bytes = _adapter(type_).dump_json(message)
    return line + b"\n"


def decode_job(line: bytes) -> Job:
    """A job. Raises ValueError for any other text, as the other readers do."""
    job: Job = _adapter(Job).validate_json(line, strict=True)
    return job


def decode_loaded(line: bytes) -> Loaded:
    """What was loaded."""
    loaded: Loaded = _adapter(Loaded).validate_json(line, strict=True)
    return loaded


def decode_answer(line: bytes) -> Answer:
    """An answer to a job."""
    answer: Answer = _adapter(Answer).validate_json(line, strict=True)
    return answer


@cache
def _adapter(type_: Any) -> Any:
    from pydantic import TypeAdapter  # 0.2 s: loads while checkov does

    return TypeAdapter(type_)
