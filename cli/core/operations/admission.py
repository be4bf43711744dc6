"""Whether an environment takes what it is about to get: the release was promoted to it, and no freeze keeps it out.

Promotion writes a release into an environment's file. Nothing keeps anybody from writing it by hand, and the code that
makes the Terraform may change between promotion and apply. So a plan says, and an apply on AWS requires, that the
release is the one that was promoted: values, code, locks and versions.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.core.base import git, tags
from cli.core.base.errors import Refusal
from cli.core.base.project import PROMOTIONS, RECORDS, ROOT
from cli.core.base.target import Target
from cli.core.base.text import count
from cli.core.records import Record, heads
from cli.core.records.anchors import PROTECTED, altered
from cli.core.records.model import LogRecord, PromotionRecord, ReleaseData, StackRecord
from cli.core.records.queries import (
    applied_release,
    applied_since,
    before,
    freezes_in_force,
    is_applied,
    last_promotions,
)
from cli.core.releases.log import promotion_log
from cli.core.releases.release import differences, release
from cli.core.workspace.workspace import Workspace, records_of
from envs.promotion_chain import PROMOTION_CHAIN
from envs.settings import Settings

CONDITIONS = {
    "promotion": "the release is the one that was promoted to the environment last",
    "freeze": "the environment is not frozen, or the freeze allows the release, or it is applied already",
}
"""What an apply requires of a release, and `--override` can override."""

_SHOWN = 3
"""Differences that a message names."""


class NotPromoted(Refusal, kind="not-promoted"):
    """The release is not the one that was promoted to the environment."""


class Frozen(Refusal, kind="frozen"):
    """The environment is frozen."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an environment does not take a release."""

    condition: str
    """One of `CONDITIONS`."""
    text: str


def find_objections(workspace: Workspace, now: datetime.datetime) -> tuple[Objection, ...]:
    """What stands against the release that the workspace's settings and this checkout make. Nothing in the sandbox.

    Raises `BrokenChain`.
    """
    if workspace.target is Target.SANDBOX or workspace.stack != workspace.environment:
        return ()
    current = release(workspace.settings, terraform=str(workspace.terraform.program)).as_data()
    return objections_on_aws(workspace.settings, current, now)


def objections_on_aws(settings: Settings, current: ReleaseData, now: datetime.datetime) -> tuple[Objection, ...]:
    """What stands against a release of an environment, by the records and by what git knows of them.

    Raises `BrokenChain`.
    """
    name, log = settings.environment, promotion_log().records()
    applied = records_of(name, Target.AWS).read()
    found = objections(name, current, log, applied=applied, now=now)
    if name in PROMOTION_CHAIN[1:] and not any(each.condition == "promotion" for each in found):
        promotion = last_promotions(log, name, Target.AWS)[0]
        source = promotion.data.source
        evidence = applied if source == name else records_of(source, Target.AWS).read()
        if problem := unreviewed(promotion, log, settings) or unfounded(settings, promotion, evidence):
            found = (Objection("promotion", f"the {promotion.data.kind} of record {promotion.name} {problem}"), *found)
    if problem := altered(ROOT, PROMOTIONS):
        condition = "promotion" if name in PROMOTION_CHAIN[1:] else "freeze"
        return (Objection(condition, f"the log of promotions is not what git has: {problem}"), *found)
    return found


def unreviewed(
    promotion: Record[PromotionRecord], log: Sequence[Record[LogRecord]], settings: Settings, root: Path = ROOT
) -> str:
    """Why nobody but its author may have seen a record; empty where git says otherwise.

    It is on the branch that takes reviewed commits only, where there is one. Where signatures are asked for, somebody
    whose key is known has signed what it overrides.
    """
    if git.ask(root, "rev-parse", "--verify", "--quiet", f"{PROTECTED}^{{commit}}"):
        listed = git.ask(root, "ls-tree", "--name-only", "--full-tree", PROTECTED, f"{RECORDS}/{PROMOTIONS}/")
        if not {Path(path).name for path in listed.splitlines()} & promotion.file_names:
            return f"is not on {PROTECTED}, so nobody reviewed it: merge it, then git fetch"
    overridden = ", ".join(override.check for override in promotion.data.overrides)
    if overridden and settings.promotion.signed_approvals:
        signed = before(log, heads.signed(root, PROMOTIONS))
        if promotion.digest not in signed:
            return f"overrides {overridden}, and nobody signed that: infra records sign, and git push --tags"
    return ""


def unfounded(
    settings: Settings, promotion: Record[PromotionRecord], source: Sequence[Record[StackRecord]], root: Path = ROOT
) -> str:
    """Why a record says of itself more than there is, as one that somebody wrote by hand; empty if it does not.

    ``source`` are the records of the environment that the release came from. They have the apply that is the evidence,
    and the time since. The approvals that counted are there, signed where they have to be. What the record says
    somebody overrode does not count. What came back by a rollback was applied before.
    """
    data, rules = promotion.data, settings.promotion
    overridden = {override.check for override in data.overrides}
    digest = data.evidence.digest if data.evidence else ""
    found = next((record for record in source if is_applied(record) and record.digest == digest), None)
    if data.kind == "rollback":
        is_back = found is not None and found.data.release.values == data.release.values
        return "" if is_back else "brings back what was never applied here"
    if "apply" not in overridden:
        if found is None:
            return f"rests on an apply of {data.source} that is not here: git fetch, and infra records checkout"
        if found.data.release.id != data.release.id:
            return f"rests on an apply of {data.source} with another release ({found.data.release.id})"
    if found is not None and "soak" not in overridden:
        since = applied_since(source[: source.index(found) + 1], data.source)
        if since is not None and data.at < since + datetime.timedelta(hours=rules.soak_hours):
            return f"needs {rules.soak_hours} h of soak, and {data.source} had the release since {since:%Y-%m-%d %H:%M}"
    if "approvals" in overridden:
        return ""
    objects = {approval.object for approval in data.approvals if approval.counted is not False}
    found_tags = tags.read(root, f"{tags.APPROVALS}/{data.environment}/{data.release.id}")
    is_signed = rules.signed_approvals
    people = {tag.who for tag in found_tags if tag.object in objects and (tag.is_signed() or not is_signed)}
    if len(people) >= rules.approvals:
        return ""
    what = count(rules.approvals, "signed approval" if is_signed else "approval")
    return f"needs {what}, and git has {len(people)}; git fetch --tags brings those that were pushed"


def objections(
    environment: str,
    current: ReleaseData,
    log: Sequence[Record[LogRecord]],
    *,
    applied: Sequence[Record[StackRecord]],
    now: datetime.datetime,
) -> tuple[Objection, ...]:
    """What stands against a release on AWS; ``log`` has the promotions, ``applied`` the applies of the environment."""
    found = []
    if environment in PROMOTION_CHAIN[1:]:
        source = PROMOTION_CHAIN[PROMOTION_CHAIN.index(environment) - 1]
        promoted = last_promotions(log, environment, Target.AWS)
        remedy = f"infra promote {source} {environment} promotes one"
        if not promoted:
            found.append(Objection("promotion", f"no release was promoted to {environment} on AWS; {remedy}"))
        elif len(promoted) > 1:
            each = " and ".join(f"{record.data.release.id} (record {record.name})" for record in promoted)
            text = f"two branches promoted {each}, and neither knew of the other, so neither holds; {remedy}"
            found.append(Objection("promotion", text))
        elif difference := _difference(promoted[0].data.release, current):
            found.append(
                Objection(
                    "promotion",
                    f"release {current.id} is not {promoted[0].data.release.id}, which was promoted to {environment} "
                    f"(record {promoted[0].sequence}): {difference}; {remedy}",
                )
            )
    known = applied_release(applied, environment)
    found.extend(
        Objection(
            "freeze",
            f"{environment} is frozen until {freeze.until:%Y-%m-%d %H:%M} UTC by {freeze.by.name}: {freeze.reason}",
        )
        for freeze in freezes_in_force(log, environment, now)
        if current.id not in (freeze.allowed_release, known.id if known else "")
    )
    return tuple(found)


def require_admitted(environment: str, found: Collection[Objection], overrides: Mapping[str, str]) -> None:
    """Raise `NotPromoted` or `Frozen` for objections that nothing overrides."""
    blocking = [each for each in found if each.condition not in overrides]
    if blocking:
        listed = "".join(f"\n  {each.condition}: {each.text}" for each in blocking)
        options = " ".join(f"--override {each.condition}" for each in blocking)
        refusal = NotPromoted if any(each.condition == "promotion" for each in blocking) else Frozen
        raise refusal(
            f"{environment} does not take this release:{listed}\n"
            f'To apply all the same, and have that recorded: {options} --reason "..."'
        )


def _difference(promoted: ReleaseData, current: ReleaseData) -> str:
    """What differs, in words; empty for nothing. An unknown version of terraform, where there is none, does not."""
    names = [name for name, _, _ in differences(promoted, current) if name != "terraform" or current.made_with[name]]
    if not names:
        return ""
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"differs in {', '.join(names[:_SHOWN])}{rest}"
