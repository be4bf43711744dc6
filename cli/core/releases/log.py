"""The log of promotions: the records of all environments in `records/promotions`, kept in git.

A promotion changes two things, the environment's file and the log. First it writes down what it is about to do
(`pending.json`), then it replaces the file, which is the moment from which on it is done, then it adds the record.
Whoever reads the log next finds what was left and either adds the record, when the file was replaced, or forgets it. So
a run that is killed leaves all of it or nothing. On a branch of its own both are one commit, which is there or not.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cli.core.base import git
from cli.core.base.digests import bytes_digest
from cli.core.base.files import locked, write_whole
from cli.core.base.project import PROMOTIONS, RECORDS, ROOT
from cli.core.records import Record, Records
from cli.core.records.chain import Chain, content
from cli.core.records.model import LOG_RECORD, LogRecord
from cli.core.releases.refusals import BranchRefused, FileMoved, Running

_PENDING = "pending.json"
_LOCK = ".lock"


def promotion_log() -> Log:
    """The log of this checkout."""
    return Log(ROOT)


@dataclass(frozen=True, slots=True)
class FileEdit:
    """What is written where an environment's release stands: its file, or that of its sandbox."""

    file: Path
    before: bytes
    """What it must have until then; empty where it must not be there."""
    after: bytes

    def require_unmoved(self) -> None:
        """Raise `FileMoved` for a file that is not what it was."""
        if content_of(self.file) != self.before:
            raise FileMoved(f"{self.file.name} was changed meanwhile; nothing was written: run it again")


@dataclass(frozen=True)
class Log:
    """The log in a checkout, or in the directory of a sandbox; it need not have one."""

    root: Path

    @property
    def directory(self) -> Path:
        """Where the records are."""
        return self.root / RECORDS / PROMOTIONS

    @property
    def _records(self) -> Records[LogRecord]:
        return Records(self.directory, LOG_RECORD)

    def records(self, environment: str | None = None) -> tuple[Record[LogRecord], ...]:
        """All records, or those of an environment, in their order, verified. Finishes what a run that was killed left.

        Raises `BrokenChain`.
        """
        if (self.directory / _PENDING).exists():
            with contextlib.suppress(Running), self.held():  # whoever holds it finishes it
                pass
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

    def replace(self, edit: FileEdit, data: LogRecord) -> Record[LogRecord]:
        """Replace an environment's file and add the record. Called with the log held.

        Raises `FileMoved` when the file is not what it was.
        """
        self._records.read()  # a chain that is broken is not added to
        edit.require_unmoved()
        pending = {
            "file": str(edit.file),
            "before": bytes_digest(edit.before),
            "after": bytes_digest(edit.after),
            "data": data.model_dump(mode="json"),
        }
        write_whole(self.directory / _PENDING, json.dumps(pending, indent=2).encode() + b"\n")
        write_whole(edit.file, edit.after)
        record = self.append(data)
        (self.directory / _PENDING).unlink()
        return record

    def commit(self, branch: str, edit: FileEdit, data: LogRecord, *, message: str) -> Record[LogRecord]:
        """Commit the file and the record on a new branch, which is checked out then. Called with the log held.

        The branch has both or is not there. Raises `FileMoved`, and `BranchRefused` with git's reason.
        """
        root = self.root
        if git.ask(root, "status", "--porcelain", "--untracked-files=all"):
            raise BranchRefused(
                f"--branch {branch} needs a checkout without uncommitted changes; git status shows them"
            )
        edit.require_unmoved()
        link = Chain(self.directory).next(data.model_dump(mode="json"))
        contents = {edit.file: edit.after, self.directory / link.name: content(link)}
        try:
            commit = git.commit_of(
                root, "HEAD", {path.relative_to(root).as_posix(): new for path, new in contents.items()}, message
            )
            git.run(root, "branch", branch, commit)
            git.run(root, "switch", "--quiet", branch)
        except git.GitFailed as error:
            raise BranchRefused(str(error)) from error
        return self._records.typed(link)

    def _finish_interrupted(self) -> None:
        """Finish or forget what a run that was killed had begun."""
        path = self.directory / _PENDING
        if not path.exists():
            return
        pending = json.loads(path.read_bytes())
        records, data = self._records.read(), self._records.parse(pending["data"])
        file = Path(pending["file"])
        is_replaced = bytes_digest(content_of(file)) == pending["after"]
        if is_replaced and data not in [record.data for record in records]:
            self.append(data)
        path.unlink()


def content_of(file: Path) -> bytes:
    """What a file has; empty where there is none."""
    return file.read_bytes() if file.is_file() else b""


def _refuse() -> NoReturn:
    raise Running("another promotion is under way; wait for it to end, and look at infra promotions")
