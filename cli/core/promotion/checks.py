"""The gates that a release must pass on its way to an environment, each a pure judgement of evidence."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.core.promotion.approvals import Approval
from cli.core.promotion.log import Freeze
from cli.core.records import Record
from cli.core.records.queries import is_applied, of_stack

OVERRIDE_LIFETIME = datetime.timedelta(days=7)
"""How long an override stands in `infra status`, so that what it skipped is made up for."""

GATES = {
    "apply": "the release is applied, as it is, in the environment below",
    "policies": "the policy gate passes on both environments",
    "drift": "nothing has drifted below since the apply",
    "soak": "the release has been applied below long enough",
    "approvals": "enough people other than its author have approved it",
    "freeze": "the environment is not frozen",
    "residual": "the plan does what was done below, or somebody acknowledged the difference",
}
"""Every gate that can be overridden. That a plan destroys what holds data cannot."""


@dataclass(frozen=True)
class Gate:
    """What came of a gate."""

    name: str
    is_open: bool
    text: str
    """Why, with what was found and what is needed."""


def apply(
    environment: str,
    records: Sequence[Record],
    stack: str,
    synthesis: str,
    release: Mapping[str, Any],
    *,
    is_unfinished: bool,
) -> Gate:
    """Whether the last thing that was done to the environment below is an apply of just what it is now.

    ``synthesis`` is the digest of its Terraform as it is synthesized now. ``is_unfinished``: an apply has begun and has
    no record yet.
    """
    done = of_stack(records, stack)
    if is_unfinished:
        return Gate(
            "apply", False, f"an apply of {environment} is under way, or was killed: infra plan {environment} finds out"
        )
    if not done:
        return Gate(
            "apply", False, f"{environment} has no record of an apply: run infra plan and infra apply {environment}"
        )
    last = done[-1]
    what = f"{last.data['deed']} of record {last.sequence}"
    if last.data["deed"] != "apply" or last.data["result"] != "succeeded":
        return Gate(
            "apply",
            False,
            f"the last that was done to {environment} is the {what}, with the result {last.data['result']}",
        )
    if last.data["release"]["values"] != release:
        return Gate("apply", False, f"the {what} had another release than envs/{environment}.yaml: apply it first")
    if last.data["made_from"]["synthesis"] != synthesis:
        return Gate(
            "apply",
            False,
            f"the {what} was made from other Terraform than the checkout makes: apply {environment} again",
        )
    return Gate("apply", True, f"{what}, {last.data['finished']}")


def unseen(environment: str) -> Gate:
    """The gate of drift where there is nothing that the environment could have drifted from."""
    return Gate("drift", False, f"not looked at: there is no apply of {environment} to compare with")


def soak(records: Sequence[Record], stack: str, hours: int, now: datetime.datetime) -> Gate:
    """Whether the release has been applied long enough: since the first of the applies in a row that had it.

    The times are those of the records, which a chain of digests keeps from being changed.
    """
    since = applied_since(records, stack)
    if since is None:
        return Gate("soak", hours == 0, "nothing was applied" if hours else "no soak time is asked for")
    if since > now:
        return Gate(
            "soak",
            False,
            f"the apply is recorded for {since:%Y-%m-%d %H:%M} UTC, which is yet to come: a clock is wrong",
        )
    ends = since + datetime.timedelta(hours=hours)
    if now < ends:
        return Gate(
            "soak",
            False,
            f"{hours} h are asked for; applied since {since:%Y-%m-%d %H:%M}, so until {ends:%Y-%m-%d %H:%M} UTC",
        )
    return Gate("soak", True, f"applied since {since:%Y-%m-%d %H:%M} UTC; {hours} h are asked for")


def applied_since(records: Sequence[Record], stack: str) -> datetime.datetime | None:
    """When the release that the last successful apply had was first applied, without another one in between."""
    since = None
    release = None
    for record in reversed(of_stack(records, stack)):
        if not is_applied(record):
            if release is None:
                continue
            break
        if release is None:
            release = record.data["release"]["id"]
        elif record.data["release"]["id"] != release:
            break
        since = datetime.datetime.fromisoformat(record.data["finished"])
    return since


def approvals(needed: int, given: Collection[Approval], authors: Collection[str], *, is_signed: bool) -> Gate:
    """Whether enough people approved. Those who wrote the release do not count, nor, with ``is_signed``, approvals
    without a signature."""
    valid = {each.who for each in given if each.is_signed or not is_signed}
    counted, own = sorted(valid - set(authors)), sorted(valid & set(authors))
    unsigned = sorted({each.who for each in given} - valid)
    text = f"{len(counted)} of {needed}"
    if counted:
        text += f": {', '.join(counted)}"
    if own:
        text += f"; {', '.join(own)} wrote it, which does not count"
    if unsigned:
        text += f"; not signed by {', '.join(unsigned)}, which does not count"
    return Gate("approvals", len(counted) >= needed, text)


def freeze(environment: str, found: Freeze | None, release: str) -> Gate:
    """Whether an environment takes the release now."""
    if found is None:
        return Gate("freeze", True, f"{environment} is not frozen")
    if found.allowed_release and release == found.allowed_release:
        return Gate("freeze", True, f"{environment} is frozen, but for this release: {found.reason}")
    return Gate(
        "freeze", False, f"{environment} is frozen until {found.until:%Y-%m-%d %H:%M} UTC by {found.by}: {found.reason}"
    )
