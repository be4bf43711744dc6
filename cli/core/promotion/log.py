"""The log of promotions: one chain of records for all environments, in `records/promotions`, kept in git.

A promotion changes two things, the environment's file and the log. First it writes down what it is about to do
(`pending.json`), then it replaces the file, which is the moment from which on it is done, then it adds the record.
Whoever comes next finds what was left and either adds the record, when the file was replaced, or forgets it. So a run
that is killed leaves all of it or nothing.
"""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from cli.core.base.digests import bytes_digest
from cli.core.base.environments import load_settings
from cli.core.base.errors import ExitCode, InfraError
from cli.core.base.files import locked, write_whole
from cli.core.operations.provenance import operator
from cli.core.promotion.refusals import Running
from cli.core.records import Record, Records
from cli.core.records.model import LOG_RECORD, FreezeRecord, LogRecord, ThawRecord
from cli.core.records.queries import freeze_in_force
from cli.core.releases.refusals import FileMoved
from cli.core.workspace.workspace import promotion_records

_PENDING = "pending.json"
_LOCK = ".lock"


def promotion_log() -> Log:
    """The log of this checkout."""
    return Log(promotion_records().directory)


@dataclass(frozen=True)
class Log:
    """The log in a directory, which need not exist."""

    directory: Path

    @property
    def _records(self) -> Records[LogRecord]:
        return Records(self.directory, LOG_RECORD)

    def records(self, environment: str | None = None) -> tuple[Record[LogRecord], ...]:
        """All records, or those of an environment, first to last, verified. Raises `BrokenChain`."""
        return tuple(record for record in self._records.read() if environment in (None, record.data.environment))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the log, and finish what a run that was killed left. Raises `Running` when somebody else holds it."""
        with locked(self.directory / _LOCK, waiting=_refuse):
            self._finish_interrupted()
            yield

    def append(self, data: LogRecord) -> Record[LogRecord]:
        """Add a record that goes with no file. Called with the log held."""
        return self._records.append(data)

    def replace(self, file: Path, before: bytes, after: bytes, data: LogRecord) -> Record[LogRecord]:
        """Replace an environment's file and add the record. Called with the log held.

        Raises `FileMoved` when the file is not what it was.
        """
        self._records.read()  # a chain that is broken is not added to
        if file.read_bytes() != before:
            raise FileMoved(
                f"{file.name} was changed while the promotion was worked out; nothing was written: run it again"
            )
        pending: dict[str, Any] = {"file": str(file), "before": bytes_digest(before), "after": bytes_digest(after)}
        pending["data"] = data.model_dump(mode="json")
        write_whole(self.directory / _PENDING, json.dumps(pending, indent=2).encode() + b"\n")
        write_whole(file, after)
        record = self.append(data)
        (self.directory / _PENDING).unlink()
        return record

    def _finish_interrupted(self) -> None:
        """Finish or forget what a run that was killed had begun."""
        path = self.directory / _PENDING
        if not path.exists():
            return
        pending = json.loads(path.read_bytes())
        records, data = self.records(), self._records.parse(pending["data"])
        is_recorded = bool(records) and records[-1].data == data
        file = Path(pending["file"])
        if not is_recorded and file.is_file() and bytes_digest(file.read_bytes()) == pending["after"]:
            self.append(data)
        path.unlink()


def _refuse() -> NoReturn:
    raise Running("another promotion is under way; wait for it to end, and look at infra promotions")


class InvalidFreeze(InfraError, kind="invalid-freeze", exit_code=ExitCode.USAGE):
    """A freeze has no reason, or ends before it begins."""


def freeze(
    environment: str, until: datetime.datetime, *, reason: str, allowed_release: str, now: datetime.datetime
) -> Record[LogRecord]:
    """Keep promotions out of an environment until a time. Raises `UnknownEnvironment`, `InvalidFreeze`, `Running`."""
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
    """End the freeze of an environment; None if it is not frozen. Raises `UnknownEnvironment`, `Running`."""
    load_settings(environment)
    log = promotion_log()
    with log.held():
        if freeze_in_force(log.records(), environment, now) is None:
            return None
        return log.append(ThawRecord(kind="thaw", environment=environment, at=now, reason=reason, by=operator()))
