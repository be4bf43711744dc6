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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from cli.core.base.digests import bytes_digest
from cli.core.base.files import locked, write_whole
from cli.core.base.project import ROOT
from cli.core.promotion.refusals import FileMoved, Running
from cli.core.records import Chain, Record
from cli.core.workspace.workspace import RECORDS

_PENDING = "pending.json"
_LOCK = ".lock"


@dataclass(frozen=True)
class Freeze:
    """An environment takes no promotion until a time, but for one release if it is named."""

    until: datetime.datetime
    reason: str
    by: str
    allowed_release: str
    """Empty: none."""


def promotion_log() -> Log:
    """The log of this checkout."""
    return Log(ROOT / RECORDS / "promotions")


@dataclass(frozen=True)
class Log:
    """The log in a directory, which need not exist."""

    directory: Path

    def records(self, environment: str | None = None) -> tuple[Record, ...]:
        """All records, or those of an environment, first to last, verified. Raises `BrokenChain`."""
        found = Chain(self.directory).read()
        return tuple(each for each in found if environment in (None, each.data["environment"]))

    def last_promotion(self, environment: str) -> Record | None:
        """The promotion or rollback that gave an environment the release that its file has."""
        found = [each for each in self.records(environment) if each.data["deed"] in ("promotion", "rollback")]
        return found[-1] if found else None

    def freeze(self, environment: str, now: datetime.datetime) -> Freeze | None:
        """The freeze that an environment is under."""
        found = [each.data for each in self.records(environment) if each.data["deed"] in ("freeze", "thaw")]
        if not found or found[-1]["deed"] == "thaw":
            return None
        data = found[-1]
        until = datetime.datetime.fromisoformat(data["until"])
        return Freeze(until, data["reason"], data["by"], data["allowed_release"]) if now < until else None

    def overrides(self, environment: str, now: datetime.datetime) -> tuple[Mapping[str, Any], ...]:
        """The overrides of an environment's promotions that have not expired: gate, reason, by, expires."""
        return tuple(
            override
            for record in self.records(environment)
            for override in record.data.get("overrides", ())
            if now < datetime.datetime.fromisoformat(override["expires"])
        )

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the log, and finish what a run that was killed left. Raises `Running` when somebody else holds it."""
        with locked(self.directory / _LOCK, waiting=_refuse):
            self._finish_interrupted()
            yield

    def append(self, data: Mapping[str, Any]) -> Record:
        """Add a record that goes with no file. Called with the log held."""
        return Chain(self.directory).append(data)

    def replace(self, file: Path, before: bytes, after: bytes, data: Mapping[str, Any]) -> Record:
        """Replace an environment's file and add the record. Called with the log held.

        Raises `FileMoved` when the file is not what it was.
        """
        Chain(self.directory).read()  # a chain that is broken is not added to
        if file.read_bytes() != before:
            raise FileMoved(
                f"{file.name} was changed while the promotion was worked out; nothing was written: run it again"
            )
        pending = {"file": str(file), "before": bytes_digest(before), "after": bytes_digest(after), "data": data}
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
        records = self.records()
        is_recorded = bool(records) and records[-1].data == pending["data"]
        file = Path(pending["file"])
        if not is_recorded and file.is_file() and bytes_digest(file.read_bytes()) == pending["after"]:
            self.append(pending["data"])
        path.unlink()


def _refuse() -> NoReturn:
    raise Running("another promotion is under way; wait for it to end, and look at infra promotions")
