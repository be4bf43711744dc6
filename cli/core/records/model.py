"""Records of what was done, version 2: one model per kind, told apart by `kind`. docs/records.md has the promise.

Times are in UTC. Digests are SHA-256, as hexadecimal text.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from cli.core.base.target import Target
from cli.core.plans.model import Kind

VERSION = 2
"""The version that is written."""


CommitId: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]*$")]
"""Git's name of a commit: nothing that git takes for an option or another revision."""


class Part(BaseModel):
    """A part of a record: strict and frozen, without unknown keys."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", use_attribute_docstrings=True)


class Operator(Part):
    """Who ran the command."""

    user: str
    """The name of the system's user; empty where it was not recorded."""
    host: str
    git: str
    """Name and e-mail address, as git has them; empty if git does not know."""

    @property
    def name(self) -> str:
        """The name for people."""
        return self.git or self.user


class ReleaseData(Part):
    """A release, addressed by its content."""

    id: str
    values: Mapping[str, Any]
    """`release:` of the environment's file."""
    made_with: Mapping[str, str]
    """Digests of code and locks, versions of packages and of terraform."""


class ResourceChange(Part):
    """The planned change of a resource."""

    kind: Kind
    construct_path: str = ""
    attributes: tuple[str, ...] = ()
    """The paths of the attributes that change."""
    previous_address: str = ""


class RecordedPlan(Part):
    """The plan that was applied."""

    sha256: str
    semantics: str
    """The digest of its changes."""
    created: AwareDatetime
    counts: Mapping[str, int]
    """The number of resources by kind of change."""
    changes: Mapping[str, ResourceChange]
    """By address."""
    arguments: tuple[str, ...]
    """Passed on to terraform plan."""
    allowed_stateful_losses: tuple[str, ...]
    """Addresses of resources with data whose loss was allowed."""


class ResourceResult(Part):
    """What happened to a resource."""

    actions: tuple[str, ...]
    """The finished actions, as terraform names them: `create`, `update`, `delete`."""
    seconds: int = 0
    result: Literal["done", "failed", "begun"] = "done"
    begun: str = ""
    """The action that began and did not end."""
    id: str = ""
    """The id that AWS gave."""


class Origin(Part):
    """What the Terraform was made from."""

    commit: CommitId
    """Empty outside of a git repository."""
    dirty: bool
    """Whether there were uncommitted changes."""
    settings: str
    """The digest of the environment's settings."""
    synthesis: str
    """The digest of the Terraform."""
    policies: str
    """The digest of the rules and suppressions."""
    account_id: str
    terraform: str
    """Program and version."""
    providers: Mapping[str, str]
    """The version by provider."""
    lock_file: str
    """The digest of terraform's dependency lock file."""


class StateData(Part):
    """The state before and after."""

    lineage: str
    serial_before: int
    serial_after: int | None
    """None if the state could not be read."""
    unreadable: str = ""
    """Why it could not be read."""


class Result(StrEnum):
    """How an apply ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    UNKNOWN = "unknown"
    """The run died, and terraform's log does not tell."""


class Override(Part):
    """A check of a promotion, or a condition of an apply, that was overridden."""

    check: str
    reason: str
    expires: AwareDatetime
    """Until when `infra status` shows it."""


class _Record(Part):
    version: Literal[2] = 2
    environment: str


class ApplyRecord(_Record):
    """An apply or a destroy of a stack."""

    kind: Literal["apply", "destroy"]
    stack: str
    target: Target
    by: Operator
    started: AwareDatetime
    finished: AwareDatetime
    seconds: int
    result: Result
    errors: tuple[str, ...]
    release: ReleaseData
    plan: RecordedPlan
    resources: Mapping[str, ResourceResult]
    """By address."""
    outputs: tuple[str, ...]
    """The names of the outputs."""
    made_from: Origin
    state: StateData
    overrides: tuple[Override, ...] = ()


class RecoverRecord(_Record):
    """The repair of a state after an interrupted apply."""

    kind: Literal["recover"]
    stack: str
    target: Target
    by: Operator
    at: AwareDatetime
    commit: CommitId
    dirty: bool
    lineage: str
    serial: int
    """Of the state afterwards."""
    lock: str | None
    """The lock that was released."""
    state_pushed: bool
    """Whether a state that terraform could not write was written."""
    state_restored: bool
    """Whether a damaged state was replaced by the one before."""
    untainted: tuple[str, ...]
    """Addresses of half-made resources that the next plan completes instead of replacing them."""
    forgotten: tuple[str, ...]
    """Addresses that were removed from the state, because the resources were deleted."""
    adopted: Mapping[str, str]
    """What the next plan imports: the import id by address."""
    gone: tuple[str, ...]
    """Addresses of resources that were made and exist no longer."""
    may_exist: tuple[str, ...]
    """Addresses of resources that may exist; their ids are not known."""
    may_exist_twice: Mapping[str, str]
    """Addresses of resources that may exist a second time, with the id in the state."""


class EvidenceData(Part):
    """The apply that a promotion rests on."""

    records: str
    """The directory of the record."""
    sequence: int
    digest: str
    finished: AwareDatetime


class CheckData(Part):
    """The result of a check."""

    is_open: bool
    text: str


class UnexplainedChanges(Part):
    """The changes that the source had not seen."""

    id: str
    """Empty if there were none."""
    changes: int
    explained: int
    """The number of resources that differed only by size and identity."""
    acknowledged: bool
    proof: str = ""
    """The digest of the proof by which they passed without an acknowledgement; empty for none."""


class ApprovalData(Part):
    """An approval by a git tag."""

    who: str
    tag: str
    object: str
    """Git's name of the tag."""
    signed: bool
    record: str = ""
    """The digest of the apply record that was looked at; empty where the tag names none."""
    counted: bool | None = None
    """Whether it counted; None where that was not recorded."""


class PromotionRecord(_Record):
    """A release that was written into an environment's file."""

    kind: Literal["promotion", "rollback"]
    source: str
    """The environment that the release comes from; of a rollback, the environment itself."""
    target: Target
    """Where it was planned."""
    at: AwareDatetime
    by: Operator
    release: ReleaseData
    commit: CommitId
    """The commit that the release was applied from; empty if it was not applied."""
    evidence: EvidenceData | None
    checks: Mapping[str, CheckData]
    policies: str
    """The digest of the rules and suppressions."""
    plan: str
    """The digest of the plan's changes."""
    unexplained: UnexplainedChanges
    approvals: tuple[ApprovalData, ...]
    overrides: tuple[Override, ...]


class FreezeRecord(_Record):
    """A time without promotions to an environment."""

    kind: Literal["freeze"]
    at: AwareDatetime
    until: AwareDatetime
    reason: str
    by: Operator
    allowed_release: str
    """The release that is allowed all the same; empty for none."""


class ThawRecord(_Record):
    """The early end of a freeze."""

    kind: Literal["thaw"]
    at: AwareDatetime
    reason: str
    by: Operator


StackRecord: TypeAlias = ApplyRecord | RecoverRecord
"""In `records/<environment>`."""
LogRecord: TypeAlias = PromotionRecord | FreezeRecord | ThawRecord
"""In `records/promotions`."""


def time_of(data: StackRecord | LogRecord) -> datetime.datetime:
    """When what a record says was done."""
    return data.finished if isinstance(data, ApplyRecord) else data.at


STACK_RECORD: TypeAdapter[StackRecord] = TypeAdapter(Annotated[StackRecord, Field(discriminator="kind")])
LOG_RECORD: TypeAdapter[LogRecord] = TypeAdapter(Annotated[LogRecord, Field(discriminator="kind")])
ANY_RECORD: TypeAdapter[StackRecord | LogRecord] = TypeAdapter(
    Annotated[StackRecord | LogRecord, Field(discriminator="kind")]
)
