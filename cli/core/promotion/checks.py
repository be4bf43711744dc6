"""The checks that a release must pass on its way to an environment, each a pure evaluation of evidence.

On the command line they are called gates: `--override GATE`.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cli.core.base.target import Target
from cli.core.base.text import count
from cli.core.promotion.approvals import Approval
from cli.core.records import Record
from cli.core.records.model import ApplyRecord, FreezeRecord, PromotionRecord, ReleaseData, StackRecord
from cli.core.records.queries import CLOCK_TOLERANCE, applied_since, irregularity, is_applied, of_stack, state_after
from cli.core.releases.release import differences

CHECKS = {
    "apply": "the last operation on the source is a successful apply of the release, as the checkout makes it",
    "records": "no record of the source was changed or deleted, and every write of its state has one",
    "artifacts": "the release names the digest of every server's archive, so that the target starts the same content",
    "policies": "the policies pass on the source, on the target and on the target's plan",
    "drift": "nothing in the source has drifted",
    "soak": "the source has had the release long enough",
    "approvals": "enough people other than its authors have approved the release",
    "freeze": "the target is not frozen",
    "unexplained": "the plan makes exactly the changes that the source has seen, or somebody acknowledged the others",
}
"""Every check that can be overridden, in the order of reports. A plan that destroys data cannot."""

APPROVAL_LIFETIME = datetime.timedelta(days=14)
"""How long an approval counts: longer than any usual soak, and short enough to be about what the approver remembers."""


@dataclass(frozen=True)
class Check:
    """The result of a check."""

    name: str
    """One of `CHECKS`."""
    is_open: bool
    text: str
    """The reason: what was found and what is needed."""


def blocking(results: Collection[Check], overrides: Mapping[str, str]) -> tuple[Check, ...]:
    """The decision: the closed checks that nobody overrode. A promotion goes on if there is none.

    ``overrides`` has the reason by check.
    """
    return tuple(check for check in results if not check.is_open and check.name not in overrides)


@dataclass(frozen=True)
class Source:
    """What the checkout makes of the source, and where its applies are looked for."""

    name: str
    release: ReleaseData
    synthesis: str
    """The digest of its Terraform."""
    account_id: str
    target: Target


def apply(source: Source, records: Sequence[Record[StackRecord]], *, is_unfinished: bool) -> Check:
    """Whether the last operation on the source is a successful and complete apply of its release to its account.

    ``is_unfinished``: an apply has begun and has no record yet.
    """
    name = source.name
    done = of_stack(records, name)
    if is_unfinished:
        return Check("apply", False, f"an apply of {name} is running or was killed; infra plan {name} finds out")
    if not done:
        return Check("apply", False, f"{name} has no record of an apply; run infra plan {name} and infra apply {name}")
    last = done[-1]
    what = f"{last.data.kind} of record {last.sequence}"
    if not is_applied(last):
        result = f", with the result {last.data.result}" if isinstance(last.data, ApplyRecord) else ""
        return Check("apply", False, f"the last operation on {name} is the {what}{result}")
    if last.data.release.id != source.release.id:
        differing = ", ".join(change for change, _, _ in differences(last.data.release, source.release))
        return Check("apply", False, f"the {what} had another release: {differing}; plan and apply {name} first")
    if last.data.made_from.synthesis != source.synthesis:
        return Check("apply", False, f"the {what} used other Terraform than the checkout makes; apply {name} again")
    reason = unfit(last, source.account_id, source.target)
    return closed_apply(last, reason) if reason else earlier_apply(last)


def unfit(record: Record[ApplyRecord], account_id: str, target: Target) -> str:
    """Why the record of an apply says nothing of the release in an account; empty if it does."""
    data, made_from = record.data, record.data.made_from
    if data.target != target:
        return f"was to {data.target}, not to {target}"
    if made_from.account_id != account_id:
        return f"was to account {made_from.account_id}, not to {account_id}"
    if data.plan.arguments:
        return f"was of a part only, or of less than all: terraform plan got {' '.join(data.plan.arguments)}"
    if target is Target.AWS and (made_from.dirty or not made_from.commit):
        return "was made from changes that no commit has"
    if data.finished < data.started:
        return "ended before it began: a clock is wrong"
    return ""


def earlier_apply(record: Record[ApplyRecord]) -> Check:
    """The check of an apply that is the evidence."""
    return Check("apply", True, f"apply of record {record.sequence}, {_moment(record.data.finished)}")


def closed_apply(record: Record[ApplyRecord], reason: str) -> Check:
    """The check of an apply that is no evidence."""
    return Check("apply", False, f"the {record.data.kind} of record {record.sequence} {reason}")


def records(name: str, records: Sequence[Record[StackRecord]], position: tuple[str, int], altered: str) -> Check:
    """Whether the records of the source are whole.

    ``position`` is lineage and serial of the state now; ``altered`` is what git says was changed or deleted.
    """
    done = of_stack(records, name)
    known = state_after(done[-1]) if done else None
    if problem := altered or irregularity(records, name):
        return Check("records", False, problem)
    if known is not None and known != position:
        text = f"the state is at serial {position[1]}, and the last record, {done[-1].sequence}, left it at {known[1]}"
        return Check("records", False, text)
    return Check("records", True, f"{count(len(done), 'record')}, the last of the state as it is")


def artifacts(environment: str, digests: Mapping[str, str], servers: Collection[str]) -> Check:
    """Whether the release of an environment names the archive of every server by its digest."""
    missing = [name for name in servers if name not in digests]
    if not missing:
        return Check("artifacts", True, f"{len(servers)} archives by digest")
    return Check(
        "artifacts",
        False,
        f"no digest of {', '.join(missing)}; run infra release resolve {environment}, then plan and apply it",
    )


def no_drift_base(environment: str) -> Check:
    """The check of drift without an apply that the environment could have drifted from."""
    return Check("drift", False, f"not checked: there is no apply of {environment} to compare with")


def soak(records: Sequence[Record[StackRecord]], stack: str, hours: int, now: datetime.datetime) -> Check:
    """Whether the release has been applied long enough, since the first of the applies in a row that had it.

    The times are those of the records, whose chain of digests shows any change.
    """
    since = applied_since(records, stack)
    if since is None:
        return Check("soak", hours == 0, f"needs {hours} h, nothing was applied" if hours else "needs no time")
    if since > now:
        return Check("soak", False, f"applied {_moment(since)}, which is in the future: a clock is wrong")
    ends = since + datetime.timedelta(hours=hours)
    if now < ends:
        applied, opens = (f"{time:%H:%M} UTC" if hours < 24 else _moment(time) for time in (since, ends))
        return Check("soak", False, f"needs {hours} h, applied {applied}, opens {opens}")
    return Check("soak", True, f"needs {hours} h, applied {_moment(since)}")


@dataclass(frozen=True)
class ApprovalRules:
    """What approvals are held against."""

    needed: int
    is_signed: bool
    """Whether an approval needs a valid signature."""
    authors: Collection[str] | None
    """Who wrote the release; None where nobody knows."""
    applies: Mapping[str, datetime.datetime]
    """The applies that an approval may name: by digest, when they ended."""
    destroyed: datetime.datetime | None
    """When the target was destroyed; None if never."""
    now: datetime.datetime

    def objection(self, approval: Approval) -> str:
        """Why an approval does not count; empty if it does."""
        ended = self.applies.get(approval.record)
        if self.authors is None:
            return "as nobody knows the authors"
        if approval.who in self.authors:
            return "as author"
        if self.is_signed and not approval.is_signed:
            return "without a valid signature"
        if ended is None:
            return "for no apply of this release that still stands"
        if not ended - CLOCK_TOLERANCE <= approval.at <= self.now + CLOCK_TOLERANCE:
            return "dated before the apply or in the future"
        if self.now - approval.at > APPROVAL_LIFETIME:
            return f"older than {APPROVAL_LIFETIME.days} days"
        if self.destroyed is not None and approval.at <= self.destroyed:
            return "before the destroy of the target"
        return ""


def approvals(approved: Collection[Approval], rules: ApprovalRules) -> Check:
    """Whether enough people approved, whose approvals count. Where nobody knows the authors, nobody counts."""
    needed = rules.needed
    if rules.authors is None and needed:
        return Check("approvals", False, f"0 of {needed}: git does not know who wrote the release; fetch all history")
    counted = sorted({approval.who for approval in approved if not rules.objection(approval)})
    others: dict[str, set[str]] = {}
    for approval in approved:
        if approval.who not in counted:
            others.setdefault(rules.objection(approval), set()).add(approval.who)
    text = f"{len(counted)} of {needed}"
    if counted:
        text += f": {', '.join(counted)}"
    for objection, people in others.items():
        text += f"; not counted, {objection}: {', '.join(sorted(people))}"
    return Check("approvals", len(counted) >= needed, text)


def earlier_approvals(
    needed: int, promotion: Record[PromotionRecord] | None, destroyed: datetime.datetime | None
) -> Check:
    """Whether enough people approved an older release when it was promoted. That was judged then: a rollback brings
    nothing that is new, and must not wait. A destroy of the environment ends it."""
    if promotion is None or (destroyed is not None and promotion.data.at <= destroyed):
        people: list[str] = []
    else:
        was_open = "approvals" in promotion.data.checks and promotion.data.checks["approvals"].is_open
        people = sorted(
            {each.who for each in promotion.data.approvals if (was_open if each.counted is None else each.counted)}
        )
    text = f"{len(people)} of {needed}"
    if people and promotion is not None:
        text += f", when it was promoted (record {promotion.sequence}): {', '.join(people)}"
    return Check("approvals", len(people) >= needed, text)


def freeze(environment: str, freezes: Collection[FreezeRecord], release_id: str) -> Check:
    """Whether the environment takes the release now; ``freezes`` are those in force, which all must allow it."""
    for freeze in freezes:
        if not freeze.allowed_release or release_id != freeze.allowed_release:
            text = f"{environment} is frozen until {_moment(freeze.until)} by {freeze.by.name}: {freeze.reason}"
            return Check("freeze", False, text)
    if not freezes:
        return Check("freeze", True, f"{environment} is not frozen")
    reasons = "; ".join(freeze.reason for freeze in freezes)
    return Check("freeze", True, f"{environment} is frozen, and allows this release: {reasons}")


def _moment(time: datetime.datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"
