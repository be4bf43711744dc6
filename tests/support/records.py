"""Records for tests: whole ones, of which a test says what matters to it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from cli.core.records import Record
from cli.core.records.model import LOG_RECORD, STACK_RECORD, ApplyRecord, LogRecord, StackRecord

AT = datetime.datetime(2027, 3, 1, 10, tzinfo=datetime.UTC)
BY = {"user": "alice", "host": "laptop", "git": "Alice <alice@meals.example>"}
RELEASE = {"id": "r1", "values": {"application_version": "1.0.0"}, "made_with": {"code": "c1"}}
APPLY: Mapping[str, Any] = {
    "version": 2,
    "kind": "apply",
    "environment": "dev",
    "stack": "dev",
    "target": "sandbox",
    "by": BY,
    "started": "2027-03-01T09:58:00Z",
    "finished": "2027-03-01T10:00:00Z",
    "seconds": 120,
    "result": "succeeded",
    "errors": [],
    "release": RELEASE,
    "plan": {
        "sha256": "p1",
        "semantics": "m1",
        "created": "2027-03-01T09:50:00Z",
        "counts": {},
        "changes": {},
        "arguments": [],
        "allowed_stateful_losses": [],
    },
    "resources": {},
    "outputs": [],
    "made_from": {
        "commit": "0123456789abcdef",
        "dirty": False,
        "settings": "t1",
        "synthesis": "s1",
        "policies": "o1",
        "account_id": "111111111111",
        "terraform": "terraform 1.11.4",
        "providers": {"hashicorp/aws": "6.25.0"},
        "lock_file": "",
    },
    "state": {"lineage": "l1", "serial_before": 1, "serial_after": 2, "unreadable": ""},
    "overrides": [],
}
"""An apply of dev that succeeded, as its file has it."""
RECOVER: Mapping[str, Any] = {
    "version": 2,
    "kind": "recover",
    "environment": "dev",
    "stack": "dev",
    "target": "aws",
    "by": BY,
    "at": "2027-03-01T10:00:00Z",
    "commit": "0123456789abcdef",
    "dirty": False,
    "lineage": "l1",
    "serial": 3,
    "lock": None,
    "state_pushed": False,
    "state_restored": False,
    "untainted": [],
    "forgotten": [],
    "adopted": {},
    "gone": [],
    "may_exist": [],
    "may_exist_twice": {},
}
PROMOTION: Mapping[str, Any] = {
    "version": 2,
    "kind": "promotion",
    "environment": "prod",
    "source": "staging",
    "target": "aws",
    "at": "2027-03-01T10:00:00Z",
    "by": BY,
    "release": RELEASE,
    "commit": "0123456789abcdef",
    "evidence": {"records": "records/staging", "sequence": 1, "digest": "d1", "finished": "2027-03-01T09:00:00Z"},
    "checks": {"soak": {"is_open": False, "text": "needs 1 h"}},
    "policies": "o1",
    "plan": "m1",
    "unexplained": {"id": "", "changes": 0, "explained": 0, "acknowledged": False, "proof": ""},
    "approvals": [
        {
            "who": "bob@meals.example",
            "tag": "approval/prod/r1/bob",
            "object": "b1",
            "signed": True,
            "record": "",
            "counted": None,
        }
    ],
    "overrides": [],
}
FREEZE: Mapping[str, Any] = {
    "version": 2,
    "kind": "freeze",
    "environment": "prod",
    "at": "2027-03-01T10:00:00Z",
    "until": "2027-03-04T12:00:00Z",
    "reason": "holidays",
    "by": {"user": "", "host": "", "git": "Alice"},
    "allowed_release": "",
}
THAW: Mapping[str, Any] = {
    "version": 2,
    "kind": "thaw",
    "environment": "prod",
    "at": "2027-03-01T10:00:00Z",
    "reason": "",
    "by": {"user": "", "host": "", "git": "Alice"},
}


def stack_record(sequence: int, data: Mapping[str, Any], **changes: Any) -> Record[StackRecord]:
    """A record of a stack, one of those above with other values."""
    parents = (f"digest-{sequence - 1}",) if sequence > 1 else ()
    typed = STACK_RECORD.validate_python({**data, **changes}, strict=False)
    return Record(sequence, f"digest-{sequence}", parents, typed)


def applied(sequence: int = 1, **changes: Any) -> Record[ApplyRecord]:
    """An apply of dev with other values."""
    record = stack_record(sequence, APPLY, **changes)
    assert isinstance(record.data, ApplyRecord)
    return Record(sequence, record.digest, record.parents, record.data)


def log_data(data: Mapping[str, Any], **changes: Any) -> LogRecord:
    """What a record of the log says, one of those above with other values."""
    return LOG_RECORD.validate_python({**data, **changes}, strict=False)


def log_record(sequence: int, data: LogRecord, *parents: Record[LogRecord]) -> Record[LogRecord]:
    """A record of the log that follows others."""
    return Record(sequence, f"{sequence:012x}", tuple(parent.digest for parent in parents), data)


def chained(*data: LogRecord) -> list[Record[LogRecord]]:
    """Records of the log, each after the one before it."""
    found: list[Record[LogRecord]] = []
    for sequence, each in enumerate(data, start=1):
        found.append(log_record(sequence, each, *found[-1:]))
    return found
