"""Freezing an environment and thawing it: records in the log of promotions."""

from __future__ import annotations

import datetime

from cli.core.base.environments import load_settings
from cli.core.base.errors import ExitCode, InfraError
from cli.core.operations.provenance import operator
from cli.core.records import Record
from cli.core.records.model import FreezeRecord, LogRecord, ThawRecord
from cli.core.records.queries import freezes_in_force
from cli.core.releases.log import promotion_log


class InvalidFreeze(InfraError, kind="invalid-freeze", exit_code=ExitCode.USAGE):
    """A freeze has no reason, or ends before it begins."""


def freeze(
    environment: str, until: datetime.datetime, *, reason: str, allowed_release: str, now: datetime.datetime
) -> Record[LogRecord]:
    """Keep releases out of an environment until a time. Raises `UnknownEnvironment`, `InvalidFreeze`, `Running`."""
    load_settings(environment)
    if until <= now:
        raise InvalidFreeze(f"--until {until:%Y-%m-%d %H:%M} UTC has passed; it is {now:%Y-%m-%d %H:%M}")
    if not reason.strip():
        raise InvalidFreeze('a freeze needs a reason: --reason "..."')
    log = promotion_log()
    with log.held():
        return log.append(
            FreezeRecord(
                kind="freeze",
                environment=environment,
                at=now,
                until=until,
                reason=reason.strip(),
                by=operator(),
                allowed_release=allowed_release,
            )
        )


def thaw(environment: str, *, reason: str, now: datetime.datetime) -> Record[LogRecord] | None:
    """End the freezes of an environment; None if it is not frozen. Raises `UnknownEnvironment`, `Running`."""
    load_settings(environment)
    log = promotion_log()
    with log.held():
        if not freezes_in_force(log.records(), environment, now):
            return None
        return log.append(ThawRecord(kind="thaw", environment=environment, at=now, reason=reason, by=operator()))
