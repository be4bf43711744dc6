"""The state of every environment: its release, since when, its policies and drift, and the next promotion."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.diff.compare import setting_differences
from cli.core.gate.gate import Gate
from cli.core.gate.model import Outcome
from cli.core.gate.targets import synthesized
from cli.core.operations.admission import Objection, objections_on_aws
from cli.core.operations.drift import find_drift
from cli.core.operations.open_stack import open_stack
from cli.core.promotion.catalog import current_release
from cli.core.records import queries
from cli.core.records.model import Override, Result
from cli.core.releases.log import promotion_log
from cli.core.releases.rehearsed import log_of, settings_of
from cli.core.synthesis.synthesize import synthesize
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import records_of
from envs.delegation import MissingDelegation, missing_delegation
from envs.load import load_all
from envs.ownership import Owner
from envs.promotion_chain import PROMOTION_CHAIN
from envs.settings import Settings


@dataclass(frozen=True)
class NextPromotion:
    """The next promotion from an environment."""

    to: str
    carries: Mapping[str, tuple[Any, Any]]
    """The settings of the release that would change: before and after."""
    soak_hours_left: float | None
    """None if nothing was applied yet."""
    approvals: int
    """The number that is needed."""


@dataclass(frozen=True)
class EnvironmentStatus:
    """The state of an environment."""

    environment: str
    application_version: str
    applied_release: str | None
    """The id of the release that was applied last."""
    since: datetime.datetime | None
    """When that release was first applied."""
    last_apply: Result | None
    policies: str
    """`pass`, the number of findings, or `not judged`."""
    destroyed: datetime.datetime | None
    """When it was destroyed, at least in part, if no apply has succeeded since."""
    drift: int | None
    """The number of drifted resources; None if nobody looked."""
    frozen_until: datetime.datetime | None
    objections: tuple[Objection, ...]
    """What stands against an apply of the release that the file and the checkout make; none in the sandbox."""
    overrides: tuple[Override, ...]
    """Those that have not expired."""
    next: NextPromotion | None
    """None for the last environment of the chain."""
    missing_delegation: MissingDelegation | None
    """What the settings of the parent domain's environment lack for its domain."""


def environment_statuses(
    options: Options,
    progress: ProgressReporter,
    now: datetime.datetime,
    *,
    with_drift: bool,
    judged: Outcome | None = None,
) -> tuple[EnvironmentStatus, ...]:
    """The state of every environment; ``with_drift`` asks AWS, or the sandbox, about every resource.

    The policies are checked on all of them, unless ``judged`` has what the gate said of some.
    """
    every = [settings_of(each.environment, options.target) for each in load_all()]
    outcome, freezes_log = judged or _judged(every, now, progress), promotion_log().records()
    policies = _verdicts(every, outcome)
    statuses = []
    for settings in every:
        name = settings.environment
        records, log = records_of(name, options.target).read(), log_of(name, options.target).records()
        release, last = queries.applied_release(records, name), queries.last_apply(records, name)
        since, freezes = queries.applied_since(records, name), queries.freezes_in_force(freezes_log, name, now)
        destroy = None if release else queries.last_destroy(records, name)
        statuses.append(
            EnvironmentStatus(
                environment=name,
                application_version=settings.release.application_version,
                applied_release=release.id if release else None,
                since=since,
                last_apply=last.data.result if last else None,
                policies=policies[name],
                drift=_drift(name, options, progress) if with_drift and release else None,
                destroyed=destroy.data.finished if destroy else None,
                frozen_until=max((freeze.until for freeze in freezes), default=None),
                objections=objections_on_aws(settings, current_release(name, options.target), now)
                if options.target is Target.AWS
                else (),
                overrides=queries.overrides_in_force((*log, *records), name, now),
                next=_next(settings, every, since, now),
                missing_delegation=missing_delegation(settings, every),
            )
        )
    return tuple(statuses)


def _next(
    settings: Settings, every: Sequence[Settings], since: datetime.datetime | None, now: datetime.datetime
) -> NextPromotion | None:
    name = settings.environment
    if name not in PROMOTION_CHAIN[:-1]:
        return None
    to = PROMOTION_CHAIN[PROMOTION_CHAIN.index(name) + 1]
    target = next((other for other in every if other.environment == to), None)
    if target is None:
        return None
    changes = setting_differences(target.model_dump(mode="json"), settings.model_dump(mode="json"))
    carries = {
        change.setting.removeprefix("release."): (change.before, change.after)
        for change in changes
        if change.owner == Owner.RELEASE.value
    }
    hours_left = None
    if since is not None:
        ends = since + datetime.timedelta(hours=target.promotion.soak_hours)
        hours_left = max(0.0, round((ends - now).total_seconds() / 3600, 1))
    return NextPromotion(to, carries, hours_left, target.promotion.approvals)


def _drift(name: str, options: Options, progress: ProgressReporter) -> int | None:
    with open_stack(name, options, progress, is_ephemeral=True) as stack:
        drift = find_drift(stack.workspace, options)
        return None if drift.problem else len(drift.changes)


def _judged(every: Sequence[Settings], now: datetime.datetime, progress: ProgressReporter) -> Outcome:
    """What the policy gate says of all environments."""
    progress.step("checking")
    with Gate(now.date()) as gate, tempfile.TemporaryDirectory(prefix="infra-status-") as directory:
        for settings in every:
            place = Path(directory, settings.environment)
            place.mkdir()
            synthesize(settings, place)
            gate.add(synthesized(settings.environment, place, place))
        outcome = gate.outcome()
    progress.clear()
    return outcome


def _verdicts(every: Sequence[Settings], outcome: Outcome) -> Mapping[str, str]:
    """The verdict of the policy gate on each environment."""
    checked = {result.target.name: result for result in outcome.results}
    verdicts = {}
    for settings in every:
        result = checked.get(settings.environment)
        if outcome.problems or result is None or result.problems:
            verdicts[settings.environment] = "not judged"
        else:
            verdicts[settings.environment] = f"{len(result.findings)} findings" if result.findings else "pass"
    return verdicts
